package intake

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
)

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// feeds is a folder of inputs as publishers have them.
func feeds(t testing.TB) string {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "..", "..", "shared", "data", "image", "feeds")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the inputs of publishers are not there: %v", err)
	}
	return folder
}

// read puts inputs into a database.
func read(t testing.TB, paths ...string) (*vuln.DB, []Problem) {
	t.Helper()
	b := vuln.NewBuilder()
	r := New(b, now)
	for _, path := range paths {
		if err := r.Read(t.Context(), path, Origin{}); err != nil {
			t.Fatal(err)
		}
	}
	r.Finish()
	problems, _ := r.Problems()
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
	return db, problems
}

func names(db *vuln.DB) []string {
	list := []string{}
	for _, s := range db.Stamps() {
		list = append(list, fmt.Sprintf("%s %d", s.Feed, s.Records))
	}
	return list
}

func TestPublishersInputs(t *testing.T) {
	folder := feeds(t)
	for _, c := range []struct {
		path     string
		feeds    []string
		problems []string // part of each
	}{
		{"vunnel/debian/test-fixtures/input", []string{"Debian DSA list 7", "Debian tracker 5"}, nil},
		{"vunnel/alpine/test-fixtures/input", []string{"Alpine secdb 16"}, nil},
		{"vunnel/alma", []string{"AlmaLinux (ALBA) 1", "AlmaLinux (ALSA) 4"}, nil},
		{"vunnel/bitnami/test-fixtures/vulndb", []string{"Bitnami (BIT) 2"}, nil},
		{"vunnel/rocky/test-fixtures/osv", []string{"Rocky Linux (RLSA) 3"}, nil},
		{"vunnel/govulndb/test-fixtures/vulndb", []string{"Go (GO) 2"}, nil},
		{"vunnel/ubuntu/test-fixtures/osv", []string{"Ubuntu (UBUNTU) 5", "Ubuntu (USN) 1"}, nil},
		{"vunnel/rhel/test-fixtures/csaf/advisories", []string{"Red Hat CSAF 3"}, nil},
		{"vunnel/kev/test-fixtures/valid-catalog-1.json", []string{"KEV 3"}, nil},
		{"vunnel/epss/test-fixtures", []string{"EPSS 5"}, []string{"invalid-header.csv: line 2", "missing-date.csv: line 1 has no score_date"}},
		{"vunnel/nvd/test-fixtures/single-entry.json", []string{}, []string{"single-entry.json: "}},
		{"claircore", []string{"Alpine secdb 9", "EPSS 29", "KEV 2"}, []string{"feed.json: it is data of NVD"}},
		{"trivy-db/ghsa/testdata/happy/ghsa", []string{"Go (GHSA) 3", "Maven (GHSA) 2", "NuGet (GHSA) 1", "Packagist (GHSA) 1", "SwiftURL (GHSA) 1", "crates.io (GHSA) 1", "npm (GHSA) 1"}, nil},
		{"trivy-db/ghsa/testdata/sad/ghsa", []string{}, []string{"GHSA-wjx8-cgrm-hh8p.json: "}},
		{"trivy-db/osv/testdata", []string{"PyPI (PYSEC) 6"}, []string{"PYSEC-2005-1.json: "}},
		{"trivy-db/govulndb/testdata", []string{"Go (GO) 3"}, []string{"GO-2024-2730.json: "}},
		{"trivy-db/bitnami/testdata", []string{"Bitnami (BIT) 3"}, []string{"BIT-2020-7059.json: "}},
		{"trivy-db/node/testdata/sad", []string{}, []string{"invalidvuln.json: "}},
		{"trivy-db/rocky/testdata/sad", []string{}, []string{"RLSA-2021-1989.json: "}},
		{"trivy-db/alpine/testdata/sad", []string{}, []string{"ansible.json: "}},
		{"trivy-db/redhat-csaf/testdata/happy/csaf-vex", []string{"Red Hat CSAF 2"}, nil},
		{"trivy-db/redhat-csaf/testdata/empty-cve/csaf-vex", []string{}, []string{"empty-cve.json: "}},
		{"trivy-db/redhat-csaf/testdata/no-vulnerabilities/csaf-vex", []string{}, []string{"no-vulnerabilities.json: "}},
		{"trivy-db/k8svulndb/testdata/broken", []string{}, []string{"broken.json: "}},
	} {
		t.Run(c.path, func(t *testing.T) {
			db, problems := read(t, filepath.Join(folder, c.path))
			t.Log(names(db), problems)
			if c.feeds != nil && !slices.Equal(c.feeds, names(db)) {
				t.Errorf("got %q, want %q", names(db), c.feeds)
			}
			for _, want := range c.problems {
				if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.Error(), want) }) {
					t.Errorf("no problem says %q: %v", want, problems)
				}
			}
		})
	}
}
