package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/image/harden"
	"github.com/foilsec/foil/internal/image/harden/stage"
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
	f.String("write-vex", "", "state in this file, as OpenVEX, which flaws went with their packages")
	f.String("db", "", "vulnerability database to count with (default: the imported one, else the built-in one)")
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
	if options.Findings, err = flawCounter(c); err != nil {
		return err
	}
	report, profile, err := harden.Run(c.Context(), options)
	p.end()
	if err != nil {
		return hardenError(err)
	}
	if err := writeHardened(c, report, profile); err != nil {
		return err
	}
	if form == "json" {
		encoder := json.NewEncoder(streams.Out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	printHarden(streams.Out, report, l)
	return nil
}

// writeHardened writes what was asked for beside the image.
func writeHardened(c *cobra.Command, report *harden.Report, profile *harden.Profile) error {
	if file := must(c.Flags().GetString("save-profile")); file != "" && profile != nil {
		if err := profile.Write(file); err != nil {
			return err
		}
	}
	if file := must(c.Flags().GetString("write-vex")); file != "" {
		return writeFile(file, func(w io.Writer) error { return report.WriteVEX(w, version()) })
	}
	return nil
}
