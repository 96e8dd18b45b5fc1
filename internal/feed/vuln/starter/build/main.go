// Command build makes the vulnerability database that is built into foil, from
// a folder of OSV exports and CISA's catalogue. The same folder gives the same
// bytes.
//
// It takes only feeds whose publishers allow to pass their data on in another
// form; LICENSES.md beside the database names them. A feed that is left out is
// one that foil says it does not have.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/intake"
)

// source is a feed that may be shipped.
type source struct {
	file       string // in the folder of exports
	feed       string
	repository string // shown as the source
	asOf       string // the day of the data
}

func sources() []source {
	return []source{
		{"osv/AlmaLinux/all.zip", "AlmaLinux", "https://github.com/AlmaLinux/osv-database at 948f47aa", "2026-08-21"},
		{"osv/Bitnami/all.zip", "Bitnami", "https://github.com/bitnami/vulndb at 0054d6e3", "2026-08-01"},
		{"osv/crates.io/all.zip", "crates.io", "https://github.com/rustsec/advisory-db at 7fa931cb", "2026-08-21"},
		{"osv/Go/all.zip", "Go", "https://github.com/golang/vulndb at a752ea54", "2026-06-10"},
		{"osv/npm/all.zip", "npm", "https://github.com/nodejs/security-wg at f1288d0d", "2020-07-13"},
		{"osv/PyPI/all.zip", "PyPI", "https://github.com/pypa/advisory-database at 3ccb6125", "2024-10-10"},
		{"known_exploited_vulnerabilities.json", vuln.ExploitedFeed, "https://github.com/cisagov/kev-data at eacf03ec", "2025-08-25"},
	}
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: build FOLDER FILE")
		os.Exit(1)
	}
	if err := build(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func build(ctx context.Context, folder, file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := write(ctx, folder, f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// write makes the database. Nothing in it depends on when or where it was made.
func write(ctx context.Context, folder string, to io.Writer) error {
	b := vuln.NewBuilder()
	var newest time.Time
	for _, s := range sources() {
		asOf, err := time.Parse(time.DateOnly, s.asOf)
		if err != nil {
			return err
		}
		if asOf.After(newest) {
			newest = asOf
		}
	}
	r := intake.New(b, newest)
	for _, s := range sources() {
		asOf, _ := time.Parse(time.DateOnly, s.asOf) // parsed above
		o := intake.Origin{Source: s.repository, Feed: s.feed, AsOf: asOf}
		if err := r.Read(ctx, filepath.Join(folder, s.file), o); err != nil {
			return err
		}
	}
	r.Finish()
	if problems, _ := r.Problems(); len(problems) > 0 {
		return fmt.Errorf("%d problems: %w", len(problems), problems[0])
	}
	return free(b, to)
}

// free writes the database if every feed in it may be passed on.
func free(b *vuln.Builder, to io.Writer) error {
	for feed := range sources() {
		s := b.Stamp(feed)
		if ok, reason := s.Free(); !ok {
			return fmt.Errorf("%s holds records whose licence is: %s", s.Feed, reason)
		}
		s.Imported = time.Time{}
	}
	return b.Write(to)
}
