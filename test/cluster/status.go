package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/foilsec/foil/test/cluster/kube"
)

// status prints all clusters of the default folder, or the one in --dir.
func status(args []string) error {
	flags := flag.NewFlagSet("status", flag.ContinueOnError)
	dir := flags.String("dir", "", "folder of the cluster (default: every cluster in the user's cache)")
	if err := parse(flags, args); err != nil {
		return err
	}
	dirs := []string{*dir}
	if *dir == "" {
		var err error
		if dirs, err = kube.Dirs(); err != nil {
			return err
		}
	}
	if len(dirs) == 0 {
		fmt.Println("no clusters")
	}
	for _, d := range dirs {
		s, err := kube.Inspect(d)
		if err != nil {
			return err
		}
		s.Print(os.Stdout)
	}
	return nil
}
