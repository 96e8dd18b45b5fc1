package vuln_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/intake"
	"github.com/foilsec/foil/internal/osv"
)

// corpus is a folder of real exports.
func corpus(t testing.TB) string {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "..", "shared", "data", "vuln")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the corpus of exports is not there: %v", err)
	}
	return folder
}

func imported(t testing.TB, folder string) *vuln.DB {
	t.Helper()
	b := vuln.NewBuilder()
	r := intake.New(b, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	if err := r.Read(t.Context(), folder, intake.Origin{}); err != nil {
		t.Fatal(err)
	}
	r.Finish()
	if problems, _ := r.Problems(); len(problems) > 0 {
		t.Fatalf("%d problems: %v", len(problems), problems[0])
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "vuln.db")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := vuln.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestEveryRecordIsFoundAsItWas looks every package of every record up, and
// compares what decides about versions with the record itself.
func TestEveryRecordIsFoundAsItWas(t *testing.T) {
	folder := corpus(t)
	db := imported(t, folder)
	zips, err := filepath.Glob(filepath.Join(folder, "osv", "*", "all.zip"))
	if err != nil {
		t.Fatal(err)
	}
	records := 0
	for _, file := range zips {
		z, err := zip.OpenReader(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, entry := range z.File {
			records++
			if i%11 == 0 || i%3 == 0 && (strings.Contains(file, "PyPI") || strings.Contains(file, "/Go/")) {
				compareRecord(t, db, entry)
			}
		}
		_ = z.Close()
	}
	if db.Len() != records {
		t.Errorf("%d records of %d", db.Len(), records)
	}
}

func compareRecord(t *testing.T, db *vuln.DB, entry *zip.File) {
	t.Helper()
	from, err := entry.Open()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	want, err := osv.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want.Affected {
		p := &want.Affected[i]
		list, err := db.Lookup(p.Ecosystem, p.Name)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(list, func(a osv.Advisory) bool { return a.ID == want.ID })
		if at < 0 {
			t.Errorf("%s is not found by %s %s", want.ID, p.Ecosystem, p.Name)
			continue
		}
		compareFound(t, &want, p, &list[at])
	}
}

// compareFound compares an entry, and all that is said of the flaw.
func compareFound(t *testing.T, want *osv.Advisory, entry *osv.Affected, got *osv.Advisory) {
	t.Helper()
	e := *entry
	e.Ranges = slices.Clone(e.Ranges)
	for i := range e.Ranges {
		if e.Ranges[i].Type == osv.Git {
			e.Ranges[i].Events = nil // commits are left out
		}
	}
	same := func(a osv.Affected) bool { return cmp.Equal(normal(e), normal(a)) }
	if !slices.ContainsFunc(got.Affected, same) {
		t.Errorf("%s: the entry for %s is not among those found:\n%+v\n%+v", want.ID, e.Name, e, got.Affected)
	}
	w := *want
	w.Affected, w.Details, w.Summary = nil, "", ""
	w.References = w.References[:min(len(w.References), 4)]
	w.Published, w.Modified, w.Withdrawn = w.Published.Truncate(time.Second), w.Modified.Truncate(time.Second), w.Withdrawn.Truncate(time.Second)
	g := *got
	g.Affected, g.Details, g.Summary = nil, "", ""
	if diff := cmp.Diff(emptyAsNone(w), emptyAsNone(g)); diff != "" {
		t.Errorf("%s:\n%s", want.ID, diff)
	}
	if want.Summary != "" && got.Summary == "" {
		t.Errorf("%s has lost its summary", want.ID)
	}
}

// normal makes empty lists none.
func normal(a osv.Affected) osv.Affected {
	for _, list := range []*[]string{&a.Versions, &a.Architectures, &a.Systems} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	if len(a.Severity) == 0 {
		a.Severity = nil
	}
	if len(a.Ranges) == 0 {
		a.Ranges = nil
	}
	if len(a.Imports) == 0 {
		a.Imports = nil
	}
	a.Imports = slices.Clone(a.Imports)
	for i := range a.Imports {
		for _, list := range []*[]string{&a.Imports[i].Symbols, &a.Imports[i].GOOS, &a.Imports[i].GOARCH} {
			if len(*list) == 0 {
				*list = nil
			}
		}
	}
	return a
}

func emptyAsNone(a osv.Advisory) osv.Advisory {
	for _, list := range []*[]string{&a.Aliases, &a.Upstream, &a.Related, &a.CWEs} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	if len(a.Severity) == 0 {
		a.Severity = nil
	}
	if len(a.References) == 0 {
		a.References = nil
	}
	return a
}

func BenchmarkImport(b *testing.B) {
	folder := corpus(b)
	b.ReportAllocs()
	for b.Loop() {
		imported(b, folder)
	}
}

func BenchmarkOpen(b *testing.B) {
	path := imported(b, corpus(b)).Path()
	b.ReportAllocs()
	for b.Loop() {
		db, err := vuln.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		_ = db.Close()
	}
}

func BenchmarkStarter(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := vuln.Starter(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	db := imported(b, corpus(b))
	for _, p := range []struct{ ecosystem, name string }{
		{"Debian:12", "openssl"}, {"Debian:12", "linux"}, {"Go", "golang.org/x/net"}, {"npm", "lodash"}, {"PyPI", "Django"}, {"npm", "no-such-package"},
	} {
		b.Run(p.ecosystem+" "+strings.ReplaceAll(p.name, "/", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := db.Lookup(p.ecosystem, p.name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
