// Command image makes the image that scans of images are measured on: Debian 12
// as debootstrap leaves it, a program in Go, and some 240 npm packages, as an
// OCI archive of three gzip layers.
//
//	go run ./bench/cmd/image --out shop.tar
//
// It needs root, debootstrap, go and npm, and the package registries. What it
// downloads changes with time, so figures are compared on one archive only.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "image.tar", "the archive to write")
	work := flag.String("work", "", "folder for what is built, kept for the next run (default: in the user's cache folder)")
	flag.Parse()
	if err := run(*out, *work); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(out, work string) error {
	if work == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		work = filepath.Join(cache, "foil", "bench-image")
	}
	if err := os.MkdirAll(work, 0o755); err != nil {
		return err
	}
	parts := []part{
		{"debian", "ADD rootfs.tar / # debian 12", makeDebian},
		{"program", "COPY kitchen /usr/local/bin/ # buildkit", makeProgram},
		{"npm", "RUN npm install # buildkit", makeModules},
	}
	image := &archive{}
	for _, p := range parts {
		root := filepath.Join(work, p.name)
		if err := p.once(root); err != nil {
			return fmt.Errorf("make %s: %w", p.name, err)
		}
		if err := image.layer(root, p.step); err != nil {
			return fmt.Errorf("pack %s: %w", p.name, err)
		}
	}
	return image.write(out)
}
