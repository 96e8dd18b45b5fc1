// Command snapshot makes the built-in copy of the end-of-life data from files in
// the shape of the API of endoflife.date. It is run by go generate; the licence
// of the data stands beside the copy.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/foilsec/foil/internal/feed/eol"
)

func main() {
	from := flag.String("from", eol.API, "file, folder or address to read")
	to := flag.String("to", "data/snapshot.bin", "file to write")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "snapshot:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	stamp, err := eol.ImportTo(context.Background(), eol.Request{From: from, Name: eol.API}, to)
	if err != nil {
		return err
	}
	fmt.Printf("%d products, %d cycles, made %s\n", stamp.Products, stamp.Cycles, stamp.Made)
	return nil
}
