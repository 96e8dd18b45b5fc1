package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/formats"
)

// output is one -o: a form of the report, and where it goes.
type output struct {
	format string
	write  report.Writer
	file   string // empty: standard output
}

func addOutputFlags(c *cobra.Command) {
	c.Flags().StringArrayP("output", "o", nil, "form of the report, as FORM or FORM=FILE (repeatable): "+strings.Join(formats.Names(), ", "))
	c.Flags().BoolP("verbose", "v", false, "show every finding, not only the queue")
}

// parseOutputs reads the values of -o. At most one form goes to standard output.
func parseOutputs(specs []string) ([]output, error) {
	var list []output
	toStdout := 0
	for _, spec := range specs {
		name, file, _ := strings.Cut(spec, "=")
		form, err := formats.Find(name)
		if err != nil {
			return nil, usageError(err, "")
		}
		if file == "" {
			toStdout++
		}
		list = append(list, output{format: name, write: form.Write, file: file})
	}
	if toStdout > 1 {
		return nil, usageError(fmt.Errorf("%d forms would go to standard output", toStdout), "give all but one a file: -o sarif=report.sarif")
	}
	if len(list) == 0 {
		table := formats.All()[0]
		list = append(list, output{format: table.Name, write: table.Write})
	}
	return list, nil
}

func (o output) to(stdout io.Writer, r *report.Report, options report.Options) error {
	if o.file != "" {
		options.Colour, options.Width = false, 0
		return writeFile(o.file, func(w io.Writer) error { return o.write(w, r, options) })
	}
	buffered := bufio.NewWriterSize(stdout, 64<<10)
	if err := o.write(buffered, r, options); err != nil {
		return fmt.Errorf("write the report as %s: %w", o.format, err)
	}
	return buffered.Flush()
}

// writeFile writes a file as a whole or not at all.
// What is no file, such as /dev/null or a pipe, is written to and not replaced.
func writeFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeThrough(path, write)
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".foil-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	buffered := bufio.NewWriterSize(temporary, 64<<10)
	if err := write(buffered); err != nil {
		_ = temporary.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := buffered.Flush(); err != nil {
		_ = temporary.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := temporary.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Chmod(temporary.Name(), 0o644); err != nil { //nolint:gosec // a report is to be read by others: CI, a web server
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(temporary.Name(), path)
}

func writeThrough(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	buffered := bufio.NewWriterSize(f, 64<<10)
	if err := errors.Join(write(buffered), buffered.Flush(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// reportOptions are the choices for a person at this terminal.
func reportOptions(c *cobra.Command, stdout io.Writer) (report.Options, error) {
	l, err := language(c)
	if err != nil {
		return report.Options{}, err
	}
	verbose, _ := c.Flags().GetBool("verbose")
	o := report.Options{Language: l, Verbose: verbose}
	if f, ok := stdout.(*os.File); ok && isTerminal(f) {
		o.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			o.Width = width
		}
	}
	return o, nil
}
