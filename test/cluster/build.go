package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/foilsec/foil/test/cluster/binaries"
	"github.com/foilsec/foil/test/cluster/machine"
)

func build(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	install := flags.Bool("install", false, "also install the Debian packages that clusters with a node need (needs root)")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *install {
		if err := machine.Install(ctx, true, os.Stderr); err != nil {
			return err
		}
	}
	folder, err := binaries.Ensure(ctx, os.Stderr, binaries.Node())
	if err != nil {
		return err
	}
	fmt.Println(folder)
	return nil
}
