package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/threat"
)

func newRules(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "List, explain and check the rules that scans go by",
		Args:  arguments(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	list := &cobra.Command{
		Use: "list", Short: "List every rule", Args: arguments(cobra.NoArgs),
		Example: "  foil rules list --framework nsa",
		RunE:    func(c *cobra.Command, _ []string) error { return runRulesList(c, streams.Out) },
	}
	show := &cobra.Command{
		Use: "show ID...", Short: "Explain rules: risk, advice, techniques, frameworks", Args: arguments(cobra.MinimumNArgs(1)),
		Example: "  foil rules show privileged-container C-0057",
		RunE:    func(c *cobra.Command, args []string) error { return runRulesShow(c, args, streams.Out) },
	}
	check := &cobra.Command{
		Use: "check FILE|FOLDER...", Short: "Check controls of your own without scanning", Args: arguments(cobra.MinimumNArgs(1)),
		Example: "  foil rules check ./my-controls",
		RunE:    func(_ *cobra.Command, args []string) error { return runRulesCheck(args, streams.Out) },
	}
	for _, sub := range []*cobra.Command{list, show} {
		addRuleFlags(sub)
	}
	c.AddCommand(list, show, check)
	return c
}

// allRules are the rules of every analyzer, with the user's own.
func allRules(c *cobra.Command) (*pipeline.Content, error) {
	if _, err := loadConfig(c); err != nil {
		return nil, err
	}
	content, err := loadContent(c)
	if err != nil {
		return nil, err
	}
	_, err = pipeline.Analyzers(content, pipeline.AnalyzerOptions{})
	slices.SortFunc(content.Rules, func(a, b finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	return content, err
}

func runRulesList(c *cobra.Command, out io.Writer) error {
	content, err := allRules(c)
	if err != nil {
		return err
	}
	l, err := language(c)
	if err != nil {
		return err
	}
	frameworks := must(c.Flags().GetStringSlice("framework"))
	if err := content.CheckFrameworks(frameworks); err != nil {
		return usageError(err, "")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range content.Rules {
		if len(frameworks) == 0 || inFrameworks(&r, frameworks) {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, r.Severity, strings.Join(r.Aliases, ","), r.Title.In(l))
		}
	}
	return w.Flush()
}

func inFrameworks(r *finding.Rule, names []string) bool {
	return slices.ContainsFunc(r.Frameworks, func(ref finding.Reference) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, ref.Framework) })
	})
}

func runRulesShow(c *cobra.Command, args []string, out io.Writer) error {
	content, err := allRules(c)
	if err != nil {
		return err
	}
	l, err := language(c)
	if err != nil {
		return err
	}
	matrix, err := threat.Load()
	if err != nil {
		return err
	}
	for _, name := range args {
		found := false
		for i := range content.Rules {
			if r := &content.Rules[i]; named(r, name) {
				found = true
				printRule(out, r, matrix, l)
			}
		}
		if !found {
			return usageError(fmt.Errorf("no rule is named %q", name), "foil rules list shows them all")
		}
	}
	return nil
}

func named(r *finding.Rule, name string) bool {
	return strings.EqualFold(r.ID, name) || slices.ContainsFunc(r.Aliases, func(alias string) bool { return strings.EqualFold(alias, name) })
}

func printRule(out io.Writer, r *finding.Rule, matrix *threat.Matrix, l lang.Language) {
	_, _ = fmt.Fprintf(out, "%s  %s\n  %s\n\n", r.ID, r.Severity, r.Title.In(l))
	line := func(label lang.Text, text string) {
		if text != "" {
			_, _ = fmt.Fprintf(out, "  %s: %s\n", label.In(l), text)
		}
	}
	line(lang.Text{EN: "risk", ZH: "风险"}, r.Risk.In(l))
	line(lang.Text{EN: "advice", ZH: "建议"}, r.Advice.In(l))
	line(lang.Text{EN: "aliases", ZH: "别名"}, strings.Join(r.Aliases, ", "))
	for _, id := range r.Techniques {
		if t, ok := matrix.Technique(id); ok {
			line(lang.Text{EN: "technique", ZH: "技术"}, id+" "+t.Name.In(l))
		}
	}
	var frameworks []string
	for _, f := range r.Frameworks {
		frameworks = append(frameworks, strings.TrimSpace(f.Framework+" "+f.Item))
	}
	line(lang.Text{EN: "frameworks", ZH: "框架"}, strings.Join(frameworks, ", "))
	for _, url := range r.References {
		line(lang.Text{EN: "see", ZH: "参见"}, url)
	}
	_, _ = fmt.Fprintln(out)
}

// runRulesCheck loads folders as a scan would and says what does not work.
func runRulesCheck(args []string, out io.Writer) error {
	programs, err := pipeline.CheckControls(args)
	if err != nil {
		return &exitError{code: CodeFailed, err: err}
	}
	bad := 0
	for _, p := range programs {
		state := "ok"
		if p.Err() != nil {
			bad++
			state = p.Err().Error()
		}
		_, _ = fmt.Fprintf(out, "%s: %s: %s\n", p.File, p.Name, state)
	}
	if bad > 0 {
		return &exitError{code: CodeFailed, err: fmt.Errorf("%d of %d policies do not compile", bad, len(programs))}
	}
	return nil
}
