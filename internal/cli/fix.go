package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/fix"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/source/manifest/reread"
)

func newFix(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "fix [PATH|SNAPSHOT|cluster]",
		Short: "Show or write the changes that remove findings",
		Long: `Fix scans a target, edits its files in memory, reads and judges the result, and
prints as a unified diff the changes that stand this proof. With --write it
writes them. Comments, order and layout are kept; files that no finding names are
not touched. For a cluster, and for what no file can be changed for, it prints
patches that kubectl and Kustomize take.`,
		Example: `  foil fix .
  foil fix . --rule privileged-container --write
  foil fix Dockerfile
  foil fix . | git apply`,
		RunE: func(c *cobra.Command, args []string) error { return runFix(c, args, streams) },
	}
	addTargetFlags(c)
	addRuleFlags(c)
	c.Flags().Bool("write", false, "write the changes instead of printing them")
	c.Flags().Bool("offline", false, "ask no registry: base images of Dockerfiles are not pinned then")
	c.Flags().StringSlice("rule", nil, "fix findings of these rules only, by id or alias (repeatable)")
	c.Flags().StringArray("change", nil, "fix the findings of these changes of the queue only, by id (repeatable)")
	c.Flags().String("baseline", "", "an earlier report (-o json): what is in it is left alone")
	return c
}

func runFix(c *cobra.Command, args []string, streams Streams) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	l, err := language(c)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return usageError(errors.New("fix takes one target"), "give a path, a snapshot file or the word cluster")
	}
	p := newProgress(streams.Err)
	defer p.end()
	s, err := prepareScan(c, cfg, args, streams, p)
	if err != nil {
		return err
	}
	s.options.KeepSnapshot = true
	result, err := pipeline.Scan(c.Context(), s.options)
	if err != nil {
		return err
	}
	p.begin("fix")
	unboundMemory()
	o := pipeline.FixOptions{
		Result: result, Analyzers: s.options.Analyzers, Settings: s.options.Content.Settings,
		Wanted: wanted(c, result.Report),
	}
	if !must(c.Flags().GetBool("offline")) {
		o.Resolver = digests{registryOptions(c)}
	}
	folder, closeAll, err := s.target.openFiles(&o)
	if err != nil {
		return err
	}
	defer closeAll()
	plan, err := pipeline.Fix(c.Context(), o)
	if err != nil {
		return err
	}
	p.end()
	return finishFix(c, plan, folder, streams, l)
}

// wanted selects findings by the flags --rule and --change.
func wanted(c *cobra.Command, r *report.Report) func(*report.Finding) bool {
	names := must(c.Flags().GetStringSlice("rule"))
	changes := must(c.Flags().GetStringArray("change"))
	rules := map[string]bool{}
	for i := range r.Rules {
		rule := &r.Rules[i]
		for _, name := range names {
			if strings.EqualFold(rule.ID, name) || slices.ContainsFunc(rule.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
				rules[rule.ID] = true
			}
		}
	}
	return func(f *report.Finding) bool {
		return (len(names) == 0 || rules[f.Rule]) && (len(changes) == 0 || slices.Contains(changes, f.Change)) &&
			f.State == "open"
	}
}

// openFiles opens the files of a target for a fix; a cluster and a snapshot
// have none.
func (t *target) openFiles(o *pipeline.FixOptions) (*fix.Folder, func(), error) {
	if t.Kind != "files" {
		return nil, func() {}, nil
	}
	folder, err := fix.OpenFolder(t.paths[0])
	if err != nil {
		return nil, nil, err
	}
	reader, err := reread.New(t.manifests, t.paths[0], o.Result.Snapshot)
	if err != nil {
		_ = folder.Close()
		return nil, nil, err
	}
	o.Files, o.Reader = folder, reader
	return folder, func() { _ = reader.Close(); _ = folder.Close() }, nil
}

func finishFix(c *cobra.Command, plan *fix.Plan, folder *fix.Folder, streams Streams, l lang.Language) error {
	if must(c.Flags().GetBool("write")) {
		if folder == nil {
			return usageError(errors.New("--write: the target has no files"), "apply the patches that foil fix prints without --write")
		}
		if err := folder.Write(plan); err != nil {
			return err
		}
		for _, f := range plan.Files {
			_, _ = fmt.Fprintln(streams.Out, f.Path)
		}
	} else if !plan.Empty() {
		if err := plan.Diff(streams.Out, folder.Name()); err != nil {
			return err
		}
	}
	printOverlays(streams.Out, plan)
	printFixSummary(streams.Err, plan, l)
	if len(plan.Refuted) > 0 {
		return &exitError{code: CodeFailed, err: fmt.Errorf("%d fixes did not stand the proof and were left out", len(plan.Refuted))}
	}
	return nil
}

// printOverlays prints what no file could be changed for.
func printOverlays(w io.Writer, plan *fix.Plan) {
	for _, o := range plan.Overlays {
		verb := "patch of"
		if o.Create {
			verb = "new object"
		}
		_, _ = fmt.Fprintf(w, "---\n# %s %s\n%s", verb, report.NodeName(o.Node), o.Text)
	}
}

func printFixSummary(w io.Writer, plan *fix.Plan, l lang.Language) {
	say := func(t lang.Text, args ...any) { _, _ = fmt.Fprintf(w, "foil: "+t.In(l)+"\n", args...) }
	say(lang.Text{EN: "%d findings fixed in %d files, %d left, %d patches", ZH: "在 %[2]d 个文件中修复了 %[1]d 个问题，剩余 %[3]d 个，另有 %[4]d 个补丁"},
		len(plan.Fixed), len(plan.Files), len(plan.Skipped), len(plan.Overlays))
	for _, s := range plan.Skipped {
		say(lang.Text{EN: "left: %s on %s: %s", ZH: "未修复：%[2]s 的 %[1]s：%[3]s"}, s.Rule, report.NodeName(s.Node), s.Reason.In(l))
	}
	for _, s := range plan.Refuted {
		say(lang.Text{EN: "not proven: %s on %s: %s", ZH: "未通过验证：%[2]s 的 %[1]s：%[3]s"}, s.Rule, report.NodeName(s.Node), s.Reason.In(l))
	}
	for _, f := range plan.Added {
		say(lang.Text{EN: "comes to light: %s on %s", ZH: "新出现：%[2]s 的 %[1]s"}, f.Rule, report.NodeName(f.Node))
	}
}
