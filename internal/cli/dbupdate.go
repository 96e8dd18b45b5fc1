package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/fetch"
	"github.com/foilsec/foil/internal/feed/vuln/update"
)

func newDBUpdate(streams Streams) *cobra.Command {
	defaults := update.DefaultPublishers()
	c := &cobra.Command{
		Use: "update", Short: "Fetch what is new from the publishers", Args: arguments(cobra.NoArgs),
		Long: `Update asks each publisher whether there is anything new and fetches that. A feed
that can't be fetched stays as it was, and the command ends with code 3.

A mirror serves ECOSYSTEM/all.zip, the layout of OSV.dev.`,
		Example: `  foil db update
  foil db update --ecosystem Debian --ecosystem Go
  foil db update --from https://mirror.example.com/osv --kev-url "" --epss-url ""`,
		RunE: func(c *cobra.Command, _ []string) error { return runDBUpdate(c, streams) },
	}
	c.Flags().String("from", defaults.Exports, "address of the OSV exports")
	c.Flags().StringArray("ecosystem", nil, "ecosystem to fetch, as OSV names it (repeatable; default: "+strings.Join(defaults.Ecosystems, ", ")+")")
	c.Flags().String("kev-url", defaults.Exploited, "address of CISA's catalogue of exploited flaws; empty for none")
	c.Flags().String("epss-url", defaults.Probability, "address of the scores of EPSS; empty for none")
	addWriteFlags(c)
	return c
}

func newDBImport(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "import FILE|FOLDER|ADDRESS...", Short: "Take in exports of OSV, KEV, EPSS and more, or another database", Args: arguments(cobra.MinimumNArgs(1)),
		Long: `Import reads zips and folders of OSV records, CISA's catalogue, the scores of
EPSS, Debian's tracker and lists, Alpine's secdb, Red Hat's CSAF, and databases
that foil db export made; from files, https addresses and oci:// artifacts. What
can't be read is named, and the command ends with code 3.`,
		Example: `  foil db import ./mirror
  foil db import Debian/all.zip known_exploited_vulnerabilities.json epss_scores-current.csv.gz
  foil db import oci://registry.example.com/security/vuln-db:latest`,
		RunE: func(c *cobra.Command, args []string) error { return runDBImport(c, args, streams) },
	}
	addWriteFlags(c)
	return c
}

func addWriteFlags(c *cobra.Command) {
	c.Flags().Bool("fresh", false, "begin with nothing, and not with the feeds that are there")
	c.Flags().Bool("plain-http", false, "allow addresses and registries without TLS")
}

func runDBUpdate(c *cobra.Command, streams Streams) error {
	p := update.Publishers{
		Exports: must(c.Flags().GetString("from")), Exploited: must(c.Flags().GetString("kev-url")),
		Probability: must(c.Flags().GetString("epss-url")), Ecosystems: must(c.Flags().GetStringArray("ecosystem")),
	}
	if len(p.Ecosystems) == 0 {
		p.Ecosystems = update.DefaultPublishers().Ecosystems
	}
	return change(c, streams, func(ctx context.Context, o update.Options) (update.Result, error) { return update.Update(ctx, o, p) })
}

func runDBImport(c *cobra.Command, args []string, streams Streams) error {
	return change(c, streams, func(ctx context.Context, o update.Options) (update.Result, error) { return update.Import(ctx, o, args) })
}

// change runs a verb that writes the database, and says what came of it.
func change(c *cobra.Command, streams Streams, work func(context.Context, update.Options) (update.Result, error)) error {
	path, err := writableDatabase(c)
	if err != nil {
		return err
	}
	p := newProgress(streams.Err)
	defer p.end()
	result, err := work(c.Context(), update.Options{
		Path: path, Fresh: must(c.Flags().GetBool("fresh")), Now: time.Now(), Progress: p.begin,
		Client: fetch.NewClient(must(c.Flags().GetBool("plain-http")), nil),
	})
	p.end()
	printProblems(streams.Err, &result)
	if err != nil {
		return err
	}
	return reportChange(streams.Out, &result)
}

func printProblems(w io.Writer, r *update.Result) {
	for _, problem := range r.Problems {
		_, _ = fmt.Fprintf(w, "not read: %v\n", problem)
	}
	if r.MoreProblems > 0 {
		_, _ = fmt.Fprintf(w, "not read: %d more\n", r.MoreProblems)
	}
}

func reportChange(out io.Writer, r *update.Result) error {
	if len(r.Changed) > 0 {
		_, _ = fmt.Fprintf(out, "%s: new: %s\n", r.Path, strings.Join(r.Changed, ", "))
	}
	if len(r.Unchanged) > 0 {
		_, _ = fmt.Fprintf(out, "nothing new: %s\n", strings.Join(r.Unchanged, ", "))
	}
	problems := len(r.Problems) + r.MoreProblems
	switch {
	case problems == 0:
		return nil
	case len(r.Changed)+len(r.Unchanged) == 0:
		return &exitError{code: CodeFailed, err: errors.New("nothing could be read: the database stays as it was")}
	}
	return &exitError{code: CodeIncomplete, err: fmt.Errorf("incomplete: %s could not be read", counted(problems, "thing", "things"))}
}

func newDBExport(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "export FILE", Short: "Copy the database to a file, for machines without network", Args: arguments(cobra.ExactArgs(1)),
		Long: `Export writes the database and, beside it, its checksum as FILE.sha256. On the
other machine, foil db import FILE takes it in, or --db FILE uses it in place.`,
		Example: "  foil db export vuln-2026-11.db",
		RunE:    func(c *cobra.Command, args []string) error { return runDBExport(c, args[0], streams.Out) },
	}
	c.Flags().Bool("own-use", false, "export feeds too whose licence forbids to pass them on in this form")
	return c
}

func runDBExport(c *cobra.Command, file string, out io.Writer) error {
	db, err := openDatabase(c)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.Verify(); err != nil {
		return fmt.Errorf("%s: %w", dbPlace(db), err)
	}
	stamps := db.Stamps()
	if i := slices.IndexFunc(stamps, vuln.Stamp.Forbidden); i >= 0 && !must(c.Flags().GetBool("own-use")) {
		return &exitError{
			code: CodeFailed, err: fmt.Errorf("the licence of %s (%s) forbids to pass its records on in another form", stamps[i].Feed, strings.Join(stamps[i].Licences, ", ")),
			hint: "give --own-use if the copy stays with you",
		}
	}
	sum, err := update.Export(c.Context(), db, file)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%s: %s, SHA-256 %s\n", file, counted(db.Len(), "advisory", "advisories"), sum)
	return nil
}
