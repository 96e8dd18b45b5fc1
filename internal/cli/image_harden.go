package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/image/harden"
	"github.com/foilsec/foil/internal/image/harden/prune"
	"github.com/foilsec/foil/internal/image/harden/stage"
	"github.com/foilsec/foil/internal/lang"
)

func newImageHarden(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "harden IMAGE -w FILE (--probe CHECK | --profile FILE --verify CHECK | --static)",
		Short: "Make a small image that holds what the program uses, and passes the same checks",
		Long: `Harden unpacks an image, runs its program under checks, and removes the packages
and files that nothing used. What is left still says which packages it is made
of, and keeps licences, certificates, time zones and users. It is written only
when it passes the checks; IMAGE itself is never changed.

IMAGE is what docker save writes, or an OCI layout, as an archive or a folder.
A CHECK is one of

  http://127.0.0.1:8080/healthz   a page that must be answered
  exec:COMMAND                    a command in the image
  COMMAND                         a shell command of this machine, in the network
                                  of the image, which has a loopback device only

The program runs with the rights of a container and without a network. This
needs Linux and the rights of root; --static needs neither, and removes whole
packages only that no file of the image can be seen to need.`,
		Example: `  foil image harden shop.tar -w shop-small.tar --probe http://127.0.0.1:8080/
  foil image harden shop.tar -w shop-small.tar --probe http://127.0.0.1:8080/ --verify 'exec:/app/selftest'
  foil image harden tool.tar -w tool-small.tar --static --level system`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return runImageHarden(c, args[0], streams) },
	}
	f := c.Flags()
	f.StringP("write", "w", "", "the archive to write: an OCI layout that docker load takes too")
	f.Bool("force", false, "write over a file that exists")
	f.String("tag", "", "the name of the image in the archive, such as shop:small")
	f.String("platform", "", "of an image for several platforms (default: Linux on this architecture)")
	f.String("level", "", "app: what the program uses; system: whole packages, the base system stays (default: app, system with --static)")
	f.Bool("static", false, "do not run the program")
	f.StringArray("keep", nil, "a path or a package that stays (repeatable)")
	f.StringArray("probe", nil, "a check while the program is watched, and again on the result (repeatable)")
	f.StringArray("verify", nil, "a check of the result alone (repeatable)")
	f.String("profile", "", "what was seen in an earlier run, instead of watching the program")
	f.String("save-profile", "", "save what was seen in this file")
	f.Bool("keep-user", false, "leave the user of the image as it is")
	f.Duration("start-timeout", harden.DefaultStart, "how long the program may take to start")
	f.StringP("output", "o", "text", "form of the report: text or json")
	return c
}

// newHardenStage is the process in which the program of an image runs. Foil
// starts it by itself.
func newHardenStage(streams Streams) *cobra.Command {
	return &cobra.Command{
		Use: stage.Arguments()[1], Hidden: true, Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return stage.Serve(streams.In, streams.Out) },
	}
}

func runImageHarden(c *cobra.Command, image string, streams Streams) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	l, err := language(c)
	if err != nil {
		return err
	}
	form := must(c.Flags().GetString("output"))
	if form != "text" && form != "json" {
		return usageError(fmt.Errorf("-o %s: there are text and json", form), "see foil image harden --help")
	}
	options, err := hardenOptions(c, image)
	if err != nil {
		return usageError(err, "see foil image harden --help")
	}
	p := newProgress(streams.Err)
	defer p.end()
	options.Progress = p.begin
	report, profile, err := harden.Run(c.Context(), options)
	p.end()
	if err != nil {
		return hardenError(err)
	}
	if file := must(c.Flags().GetString("save-profile")); file != "" && profile != nil {
		if err := profile.Write(file); err != nil {
			return err
		}
	}
	if form == "json" {
		encoder := json.NewEncoder(streams.Out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	printHarden(streams.Out, report, l)
	return nil
}

// hardenError gives a refusal its hint.
func hardenError(err error) error {
	var refusal *harden.Refusal
	if errors.As(err, &refusal) {
		return &exitError{code: CodeFailed, err: err, hint: refusal.Hint}
	}
	return err
}

func hardenOptions(c *cobra.Command, image string) (harden.Options, error) {
	f := c.Flags()
	o := harden.Options{
		Image: image, Output: must(f.GetString("write")), Force: must(f.GetBool("force")),
		Reference: must(f.GetString("tag")), Platform: must(f.GetString("platform")),
		Static: must(f.GetBool("static")), Keep: must(f.GetStringArray("keep")),
		KeepUser: must(f.GetBool("keep-user")), Start: must(f.GetDuration("start-timeout")), Version: version(),
	}
	if o.Output == "" {
		return o, errors.New("there is no file to write: give one with -w")
	}
	var err error
	if o.Level, err = hardenLevel(must(f.GetString("level")), o.Static); err != nil {
		return o, err
	}
	if o.Probes, err = checks(must(f.GetStringArray("probe"))); err != nil {
		return o, err
	}
	if o.Verify, err = checks(must(f.GetStringArray("verify"))); err != nil {
		return o, err
	}
	if file := must(f.GetString("profile")); file != "" {
		if o.Profile, err = harden.ReadProfile(file); err != nil {
			return o, err
		}
	}
	o.Epoch, err = sourceDate()
	return o, err
}

func hardenLevel(text string, static bool) (prune.Level, error) {
	switch {
	case text == "" && static:
		return prune.System, nil
	case text == "":
		return prune.App, nil
	}
	return prune.ParseLevel(text)
}

func checks(texts []string) ([]stage.Check, error) {
	var list []stage.Check
	for _, text := range texts {
		check, err := stage.ParseCheck(text)
		if err != nil {
			return nil, err
		}
		list = append(list, check)
	}
	return list, nil
}

// sourceDate is the time that builds agree on to be reproducible; nil when
// there is none.
func sourceDate() (*time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		return nil, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < 0 {
		return nil, fmt.Errorf("SOURCE_DATE_EPOCH %q: it must be a number of seconds", text)
	}
	at := time.Unix(seconds, 0)
	return &at, nil
}

// printHarden prints the figures before and after.
func printHarden(w io.Writer, r *harden.Report, l lang.Language) {
	row := func(name lang.Text, before, after int64, show func(int64) string) {
		_, _ = fmt.Fprintf(w, "%s\t%s → %s (-%.0f %%)\n", name.In(l), show(before), show(after), 100*harden.Share(before, after))
	}
	plain := func(n int64) string { return strconv.FormatInt(n, 10) }
	row(lang.Text{EN: "packages", ZH: "软件包"}, int64(r.Before.Packages), int64(r.After.Packages), plain)
	row(lang.Text{EN: "files", ZH: "文件"}, int64(r.Before.Files), int64(r.After.Files), plain)
	row(lang.Text{EN: "size", ZH: "大小"}, r.Before.Bytes, r.After.Bytes, megabytes)
	if r.Before.Findings != nil && r.After.Findings != nil {
		row(lang.Text{EN: "findings", ZH: "漏洞"}, int64(*r.Before.Findings), int64(*r.After.Findings), plain)
	}
	row(lang.Text{EN: "setuid", ZH: "setuid 文件"}, int64(len(r.Before.Setuid)), int64(len(r.After.Setuid)), plain)
	row(lang.Text{EN: "shells", ZH: "shell"}, int64(len(r.Before.Shells)), int64(len(r.After.Shells)), plain)
	_, _ = fmt.Fprintf(w, "%s\t%q → %q: %s\n", lang.Text{EN: "user", ZH: "用户"}.In(l), r.User.Before, r.User.After, r.User.Reason)
	for _, check := range r.Checks {
		_, _ = fmt.Fprintf(w, "%s\t%s\n", lang.Text{EN: "passes", ZH: "通过检查"}.In(l), check)
	}
	_, _ = fmt.Fprintf(w, "%s\t%s %s\n", lang.Text{EN: "written", ZH: "已写入"}.In(l), r.Output, r.Written)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
