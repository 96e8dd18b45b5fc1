package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// errDisagree ends the command with a failure after it printed why.
var errDisagree = errors.New("some comparisons do not hold")

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "versions:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	files, as, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	var all score
	for _, file := range files {
		s, err := check(out, file, as)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %d of %d\n", file, s.agree, s.rows)
		all.add(s)
	}
	fmt.Fprintf(out, "agree %d of %d\n", all.agree, all.rows)
	if all.agree != all.rows {
		return errDisagree
	}
	return nil
}

func parse(args []string) (files []string, as string, err error) {
	flags := flag.NewFlagSet("versions", flag.ContinueOnError)
	flags.StringVar(&as, "as", "", "the order to use for all files, whatever their names, for example npm")
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "usage: go run ./test/conformance/versions [flags] FILE...")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return nil, "", err
	}
	if files = flags.Args(); len(files) == 0 {
		return nil, "", errors.New("name at least one table of versions")
	}
	return files, as, nil
}
