package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/osv"
)

func newDBSearch(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "search ID|PACKAGE", Short: "Show what the database says of a flaw or of a package", Args: arguments(cobra.ExactArgs(1)),
		Example: `  foil db search CVE-2021-3712
  foil db search golang.org/x/net
  foil db search openssl --ecosystem Debian`,
		RunE: func(c *cobra.Command, args []string) error { return runDBSearch(c, args[0], streams.Out) },
	}
	c.Flags().String("ecosystem", "", "only packages of this ecosystem")
	addFormFlag(c)
	return c
}

// searchResult is what was found, and its JSON form.
type searchResult struct {
	Query       string            `json:"query"`
	Names       []string          `json:"names,omitempty"` // of the flaw
	Exploited   *vuln.Exploited   `json:"exploited,omitempty"`
	Probability *vuln.Probability `json:"probability,omitempty"`
	Advisories  []osv.Advisory    `json:"advisories"`
}

func runDBSearch(c *cobra.Command, query string, out io.Writer) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	db, err := openDatabase(c)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	found, err := search(db, query, must(c.Flags().GetString("ecosystem")))
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(out, found)
	}
	if len(found.Advisories) == 0 && found.Exploited == nil && found.Probability == nil {
		_, _ = fmt.Fprintf(out, "nothing about %s in the %s\n", query, counted(len(db.Stamps()), "feed", "feeds"))
		return nil
	}
	return printFound(out, &found)
}

// search looks for a flaw, and when there is none of that name for a package.
func search(db *vuln.DB, query, ecosystem string) (searchResult, error) {
	if upper := strings.ToUpper(query); strings.HasPrefix(upper, "CVE-") {
		query = upper
	}
	r := searchResult{Query: query, Advisories: []osv.Advisory{}}
	names := db.Related(query)
	for _, name := range names {
		if e, ok := db.Exploited(name); ok {
			r.Exploited = &e
		}
		if p, ok := db.Probability(name); ok {
			r.Probability = &p
		}
		for _, id := range append([]string{name}, db.Downstream(name)...) {
			a, ok, err := db.Advisory(id)
			if err != nil {
				return r, err
			}
			if ok {
				r.Advisories = append(r.Advisories, a)
			}
		}
	}
	if len(r.Advisories) > 0 || r.Exploited != nil || r.Probability != nil {
		r.Names = names
		return r, nil
	}
	return r, r.searchPackage(db, query, ecosystem)
}

// searchPackage looks a package up in every ecosystem that has its name.
func (r *searchResult) searchPackage(db *vuln.DB, query, ecosystem string) error {
	packages := db.Packages(func(base, name string) bool {
		return (ecosystem == "" || base == vuln.BaseOf(ecosystem)) && name == osv.NormalName(base, query)
	})
	for _, p := range packages {
		list, err := db.Lookup(p.Ecosystem, p.Name)
		if err != nil {
			return err
		}
		r.Advisories = append(r.Advisories, list...)
	}
	return nil
}

func printFound(out io.Writer, r *searchResult) error {
	if len(r.Names) > 1 {
		_, _ = fmt.Fprintf(out, "same flaw: %s\n", strings.Join(r.Names, ", "))
	}
	if e := r.Exploited; e != nil {
		_, _ = fmt.Fprintf(out, "exploited: in CISA's catalogue since %s: %s\n", e.Since, e.Name)
	}
	if p := r.Probability; p != nil {
		_, _ = fmt.Fprintf(out, "probability: %.2f%% within 30 days, by EPSS of %s\n", 100*p.Score, p.Date)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tECOSYSTEM\tPACKAGE\tAFFECTED\tSUMMARY")
	for i := range r.Advisories {
		printAdvisory(w, &r.Advisories[i])
	}
	return w.Flush()
}

// printAdvisory prints a line for each package and release.
func printAdvisory(w io.Writer, a *osv.Advisory) {
	summary := []rune(strings.TrimSpace(a.Summary + a.Details))
	if len(summary) > 80 {
		summary = append(summary[:77], []rune("...")...)
	}
	if !a.Withdrawn.IsZero() {
		summary = append([]rune("(withdrawn) "), summary...)
	}
	if len(a.Affected) == 0 {
		_, _ = fmt.Fprintf(w, "%s\t-\t-\t-\t%s\n", a.ID, string(summary))
	}
	var lines []string
	for i := range a.Affected {
		p := &a.Affected[i]
		line := fmt.Sprintf("%s\t%s\t%s\t%s\t%s\n", a.ID, p.Ecosystem, p.Name, affectedText(p), string(summary))
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
			_, _ = io.WriteString(w, line)
		}
	}
}

// affectedText says which versions are affected.
func affectedText(a *osv.Affected) string {
	var parts []string
	for _, r := range a.Ranges {
		text := ""
		for _, e := range r.Events {
			switch {
			case e.Introduced != "" && e.Introduced != "0":
				text = ">= " + e.Introduced
			case e.Fixed != "":
				parts, text = append(parts, strings.TrimSpace(text+" < "+e.Fixed)), ""
			case e.LastAffected != "":
				parts, text = append(parts, strings.TrimSpace(text+" <= "+e.LastAffected)), ""
			}
		}
		if text != "" {
			parts = append(parts, text)
		}
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ")
	case len(a.Versions) > 0:
		return counted(len(a.Versions), "version", "versions")
	}
	return "all"
}

func newDBDiff(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "diff BEFORE AFTER", Short: "Compare two database files", Args: arguments(cobra.ExactArgs(2)),
		Example: "  foil db diff vuln-2026-10.db vuln-2026-11.db",
		RunE:    func(c *cobra.Command, args []string) error { return runDBDiff(c, args, streams.Out) },
	}
	addFormFlag(c)
	return c
}

func runDBDiff(c *cobra.Command, args []string, out io.Writer) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	before, err := vuln.Open(args[0])
	if err != nil {
		return err
	}
	defer func() { _ = before.Close() }()
	after, err := vuln.Open(args[1])
	if err != nil {
		return err
	}
	defer func() { _ = after.Close() }()
	d, err := vuln.Diff(before, after)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(out, d)
	}
	for _, list := range []struct {
		mark string
		ids  []string
	}{{"+", d.Added}, {"-", d.Removed}, {"~", d.Changed}} {
		for _, id := range list.ids {
			_, _ = fmt.Fprintln(out, list.mark, id)
		}
	}
	_, _ = fmt.Fprintf(out, "%d added, %d removed, %d changed\n", len(d.Added), len(d.Removed), len(d.Changed))
	return nil
}
