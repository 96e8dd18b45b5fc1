package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// part is what one layer holds, made in a folder.
type part struct {
	name, step string
	make       func(root string) error
}

// once makes the part unless an earlier run did.
func (p part) once(root string) error {
	done := root + ".done"
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	if err := os.RemoveAll(root); err != nil {
		return err
	}
	if err := p.make(root); err != nil {
		return err
	}
	return os.WriteFile(done, nil, 0o644)
}

func command(dir, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Dir, c.Stdout, c.Stderr = dir, os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func makeDebian(root string) error {
	return command("", "debootstrap", "--variant=minbase", "bookworm", root)
}

const programModule = `module example.com/kitchen

go 1.26
`

const programSource = `package main

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/zstd"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"golang.org/x/net/html"
	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"
)

func main() {
	c := &cobra.Command{Use: "kitchen", Run: func(*cobra.Command, []string) {
		_, _ = html.Parse(nil)
		_, _ = yaml.Marshal(language.English)
		_, _ = zstd.NewReader(nil)
		fmt.Println(http.ListenAndServe(":8080", promhttp.Handler()))
	}}
	_ = c.Execute()
}
`

func makeProgram(root string) error {
	source := root + ".source"
	if err := os.MkdirAll(source, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{"go.mod": programModule, "main.go": programSource} {
		if err := os.WriteFile(filepath.Join(source, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := command(source, "go", "mod", "tidy"); err != nil {
		return err
	}
	return command(source, "go", "build", "-o", filepath.Join(root, "usr/local/bin/kitchen"), ".")
}

// npmPackages bring some 240 packages with all that they need.
const npmPackages = "express@4.21.2 webpack@5.97.1 eslint@8.57.1 lodash@4.17.20 minimist@1.2.5 axios@1.7.2"

func makeModules(root string) error {
	app := filepath.Join(root, "app")
	if err := os.MkdirAll(app, 0o755); err != nil {
		return err
	}
	manifest := `{"name": "shop", "version": "1.0.0", "private": true}`
	if err := os.WriteFile(filepath.Join(app, "package.json"), []byte(manifest), 0o644); err != nil {
		return err
	}
	args := append([]string{"install", "--ignore-scripts", "--no-audit", "--no-fund"}, strings.Fields(npmPackages)...)
	return command(app, "npm", args...)
}
