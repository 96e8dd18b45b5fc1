package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/foilsec/foil/bench/generate"
)

// workspace is the temporary folder with the binary and the inputs, and the
// checkout that they come from.
type workspace struct {
	repository string
	temporary  string
}

func newWorkspace(ctx context.Context) (*workspace, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/foilsec/foil").Output()
	if err != nil {
		return nil, fmt.Errorf("find the checkout of foil; run this inside it: %w", err)
	}
	temporary, err := os.MkdirTemp("", "foil-bench-")
	if err != nil {
		return nil, err
	}
	return &workspace{repository: strings.TrimSpace(string(out)), temporary: temporary}, nil
}

func (w *workspace) remove() {
	// Left-overs in the system's temporary folder are no reason to fail.
	_ = os.RemoveAll(w.temporary)
}

// foil is the given binary, or the one that this checkout builds.
func (w *workspace) foil(ctx context.Context, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	binary := filepath.Join(w.temporary, "foil")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/foil")
	build.Dir, build.Stderr = w.repository, os.Stderr
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build ./cmd/foil: %w", err)
	}
	return binary, nil
}

// arguments fills the placeholders of a command line. Owner keeps the caches
// of two compared binaries apart.
func (w *workspace) arguments(c command, owner string) ([]string, error) {
	var arguments []string
	for word := range strings.FieldsSeq(c.line) {
		before, rest, found := strings.Cut(word, "{")
		if found {
			placeholder, after, _ := strings.Cut(rest, "}")
			value, err := w.value(placeholder, c.name+"-"+owner)
			if err != nil {
				return nil, fmt.Errorf("command %s: %w", c.name, err)
			}
			word = before + value + after
		}
		arguments = append(arguments, word)
	}
	return arguments, nil
}

func (w *workspace) value(placeholder, unique string) (string, error) {
	name, argument, _ := strings.Cut(placeholder, ":")
	switch name {
	case "shop":
		return filepath.Join(w.repository, "examples", "burrito-shop"), nil
	case "out":
		return filepath.Join(w.temporary, unique+".out"), nil
	case "cache":
		return filepath.Join(w.temporary, unique+".cache"), nil
	case "cluster":
		return w.cluster(argument)
	case "image":
		return w.image()
	}
	return "", fmt.Errorf("unknown placeholder {%s}", placeholder)
}

// image makes the image on first use, and keeps it for later runs: it is made of
// what registries have today.
func (w *workspace) image() (string, error) {
	home, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	path := filepath.Join(home, "foil", "bench-image.tar")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	made := exec.Command("go", "run", "./bench/cmd/image", "--out", path)
	made.Dir, made.Stderr = w.repository, os.Stderr
	if err := made.Run(); err != nil {
		return "", fmt.Errorf("make the image (root, debootstrap, npm and the network are needed): %w", err)
	}
	return path, nil
}

// cluster generates the folder on first use.
func (w *workspace) cluster(objects string) (string, error) {
	n, err := strconv.Atoi(objects)
	if err != nil {
		return "", fmt.Errorf("{cluster:N} needs a number: %w", err)
	}
	dir := filepath.Join(w.temporary, "cluster-"+objects)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	return dir, generate.WriteDir(dir, 50, generate.Defaults(n))
}
