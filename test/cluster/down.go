package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/foilsec/foil/test/cluster/kube"
)

func down(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("down", flag.ContinueOnError)
	dirOf := dirFlag(flags)
	remove := flags.Bool("delete", false, "remove the folder too, with all objects and logs")
	if err := parse(flags, args); err != nil {
		return err
	}
	dir, err := dirOf()
	if err != nil {
		return err
	}
	before, err := kube.Inspect(dir)
	if err != nil {
		return err
	}
	if err := kube.Stop(ctx, dir); err != nil {
		return err
	}
	if len(before.Programs) == 0 {
		fmt.Printf("no cluster ran in %s\n", dir)
	} else {
		fmt.Printf("stopped the cluster in %s\n", dir)
	}
	if !*remove {
		return nil
	}
	if err := kube.Remove(dir); err != nil {
		return err
	}
	fmt.Println("removed the folder")
	return nil
}
