package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "controls:", err)
		os.Exit(1)
	}
}

// options are the flags of the command.
type options struct {
	control  string
	verbose  bool
	document string
	files    []string
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("controls", flag.ContinueOnError)
	flags.StringVar(&o.control, "control", "", "compare one control only, for example C-0057")
	flags.BoolVar(&o.verbose, "verbose", false, "print every case, and how its fields differ")
	flags.StringVar(&o.document, "write-doc", "", "write the page about the conformance to this file")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "usage: go run ./test/conformance/controls [flags] FILE...")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.files = flags.Args(); len(o.files) == 0 {
		return o, errors.New("name at least one file of cases, .jsonl or .jsonl.gz")
	}
	return o, nil
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := compareFiles(ctx, o)
	if err != nil {
		return err
	}
	r.print(out, o.verbose)
	if o.document != "" {
		return r.writeDocument(o.document)
	}
	return nil
}

func compareFiles(ctx context.Context, o options) (*results, error) {
	known, err := loadCatalogue()
	if err != nil {
		return nil, err
	}
	e, err := newEngine()
	if err != nil {
		return nil, err
	}
	r := &results{comparer: comparer{known, e.rules}, reasons: loadReasons()}
	for _, file := range o.files {
		cases, err := readCases(file)
		if err != nil {
			return nil, err
		}
		for i := range cases {
			if err := r.add(ctx, e, &cases[i], o.control); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}
