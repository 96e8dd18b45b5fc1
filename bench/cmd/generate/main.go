// Command generate writes an invented Kubernetes cluster as YAML:
//
//	go run ./bench/cmd/generate --objects 2000 --out cluster/
//
// It only parses flags; package generate does the work and says what the
// options mean.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/foilsec/foil/bench/generate"
)

func main() {
	if err := run(os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	options := generate.Defaults(2000)
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.IntVar(&options.Objects, "objects", options.Objects, "how many objects")
	flags.Uint64Var(&options.Seed, "seed", options.Seed, "another seed gives another cluster")
	flags.Float64Var(&options.MistakeRate, "mistake-rate", options.MistakeRate, "insecure choices, 0 (none) to 1 (many)")
	flags.Float64Var(&options.CopyRate, "copy-rate", options.CopyRate, "share of workloads whose pod spec repeats an earlier one")
	flags.BoolVar(&options.ApplyFriendly, "apply-friendly", false, "only what an API server accepts: no status, no uid, no owners")
	out := flags.String("out", "-", "a folder, a file that ends in .yaml, or - for standard output")
	perFile := flags.Int("per-file", 50, "objects in each file of a folder")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: every option is a flag", flags.Arg(0))
	}
	return write(*out, *perFile, options)
}

func write(out string, perFile int, options generate.Options) error {
	switch {
	case out == "-":
		return generate.Write(os.Stdout, options)
	case strings.HasSuffix(out, ".yaml") || strings.HasSuffix(out, ".yml"):
		return writeFile(out, options)
	default:
		return generate.WriteDir(out, perFile, options)
	}
}

func writeFile(path string, options generate.Options) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(generate.Write(file, options), file.Close())
}
