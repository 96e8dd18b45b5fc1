package intake

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/osv"
)

// file writes a file and returns its path.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// export is a zip of records by name.
func export(t testing.TB, name string, records map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for entry, content := range records {
		w, err := z.Create(entry)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file(t, name, out.String())
}

func record(id, ecosystem, name string) string {
	return fmt.Sprintf(`{"id":%q,"modified":"2024-01-02T03:04:05Z","affected":[{"package":{"ecosystem":%q,"name":%q},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"}]}]}]}`, id, ecosystem, name)
}

func lookup(t *testing.T, db *vuln.DB, ecosystem, name string) []osv.Advisory {
	t.Helper()
	list, err := db.Lookup(ecosystem, name)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestBrokenRecordsLoseNoOthers(t *testing.T) {
	path := export(t, "npm/all.zip", map[string]string{"A.json": record("A", "npm", "x"), "B.json": "{", "C.json": record("C", "npm", "x"), "notes.txt": "?"})
	cut := file(t, "PyPI/all.zip", "PK\x03\x04 cut off")
	db, problems := read(t, path, cut, "/no/such/file")
	if got := len(lookup(t, db, "npm", "x")); got != 2 {
		t.Errorf("%d records", got)
	}
	if len(problems) != 3 || !strings.Contains(problems[0].Error(), "all.zip: B.json: ") || !strings.Contains(problems[1].Error(), cut) || !strings.Contains(problems[2].Error(), "/no/such/file") {
		t.Errorf("problems: %v", problems)
	}
	s := db.Stamps()[0]
	if s.Feed != "npm" || s.Rejected != 1 || s.Records != 2 || len(s.Checksum) != 64 || s.AsOf.IsZero() || !s.Imported.Equal(now) {
		t.Errorf("stamp %+v", s)
	}
	if db.Covers("PyPI") {
		t.Error("a zip that can't be read makes a feed")
	}
}

func TestAnExportIsOfOneEcosystem(t *testing.T) {
	both := `{"id":"G","modified":"2024-01-02T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"}},{"package":{"ecosystem":"PyPI","name":"x"}}]}`
	db, problems := read(t, export(t, "npm/all.zip", map[string]string{"G.json": both}), export(t, "PyPI/all.zip", map[string]string{"G.json": both}))
	if len(problems) > 0 || len(lookup(t, db, "npm", "x")) != 1 || len(lookup(t, db, "PyPI", "x")) != 1 {
		t.Errorf("%v %v", names(db), problems)
	}
	mixed, _ := read(t, export(t, "all.zip", map[string]string{"G.json": both}))
	if !mixed.Covers("npm") || !mixed.Covers("PyPI") {
		t.Errorf("a zip of several ecosystems: %v", names(mixed))
	}
}

func TestASingleRecordIsNoFeed(t *testing.T) {
	path := file(t, "GHSA-1.json", record("GHSA-1", "npm", "x"))
	db, _ := read(t, path)
	if db.Covers("npm") || len(lookup(t, db, "npm", "x")) != 1 {
		t.Errorf("%+v", db.Stamps())
	}
	if db, _ = read(t, filepath.Dir(path)); !db.Covers("npm") {
		t.Error("a folder is no feed")
	}
}

func TestBombs(t *testing.T) {
	zeros := strings.Repeat(" ", 20<<20)
	db, problems := read(t, export(t, "npm/all.zip", map[string]string{"A.json": record("A", "npm", "x"), "B.json": zeros}))
	if len(problems) != 1 || !strings.Contains(problems[0].Error(), "B.json: the record has") || len(lookup(t, db, "npm", "x")) != 1 {
		t.Errorf("a large record: %v", problems)
	}
	many := map[string]string{}
	for i := range 12 {
		many[fmt.Sprint(i, ".json")] = strings.Repeat(" ", 8<<20)
	}
	if _, problems = read(t, export(t, "npm/all.zip", many)); !errors.Is(problems[len(problems)-1].Err, errBomb) {
		t.Errorf("a zip that unpacks to much: %v", problems)
	}
	if _, problems = read(t, file(t, "deep.json", `{"id":"A","affected":`+strings.Repeat("[", 5000))); len(problems) != 1 {
		t.Errorf("a deep record: %v", problems)
	}
}

func TestInterruptEndsAnImport(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := New(vuln.NewBuilder(), now)
	for _, path := range []string{export(t, "npm/all.zip", map[string]string{"A.json": record("A", "npm", "x")}), t.TempDir()} {
		if err := r.Read(ctx, path, Origin{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestTracker(t *testing.T) {
	db, problems := read(t, file(t, "debian.json", `{"openssl":{
		"CVE-2024-1":{"description":"Text","releases":{
			"bookworm":{"status":"resolved","fixed_version":"3.0.1-1","urgency":"high**"},
			"trixie":{"status":"open","urgency":"not yet assigned"},
			"bullseye":{"status":"open","nodsa":"Minor issue","nodsa_reason":"ignored","urgency":"low"},
			"buster":{"status":"resolved","fixed_version":"0","urgency":"low"},
			"sid":{"status":"open","urgency":"low"}}},
		"CVE-2024-2":{"releases":[]}}}`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	open := []osv.Range{{Type: osv.Ecosystem, Events: []osv.Event{{Introduced: "0"}}}}
	want := []osv.Advisory{{ID: "DEBIAN-CVE-2024-1", Upstream: []string{"CVE-2024-1"}, Details: "Text", Affected: []osv.Affected{
		{Ecosystem: "Debian:12", Name: "openssl", State: osv.Fixed, Rating: "high", Ranges: []osv.Range{{Type: osv.Ecosystem, Events: []osv.Event{{Introduced: "0"}, {Fixed: "3.0.1-1"}}}}},
		{Ecosystem: "Debian:11", Name: "openssl", State: osv.WontFix, Rating: "low", Ranges: open},
		{Ecosystem: "Debian:13", Name: "openssl", State: osv.NotFixed, Ranges: open},
	}}}
	byRelease := cmp.Transformer("sort", func(a []osv.Affected) map[string]osv.Affected {
		m := map[string]osv.Affected{}
		for _, e := range a {
			m[e.Ecosystem] = e
		}
		return m
	})
	if diff := cmp.Diff(want, lookup(t, db, "Debian:12", "openssl"), byRelease); diff != "" {
		t.Error(diff)
	}
	if s := db.Stamps()[0]; s.AsOf.IsZero() || s.AsOf.After(now) {
		t.Errorf("a form without a date: as of %v", s.AsOf)
	}
	if db.Covers("Debian:10") || !db.Covers("Debian:13") {
		t.Errorf("%+v", db.Stamps())
	}
}

func TestSecdbFilesMakeUpOneFeed(t *testing.T) {
	main := file(t, "a/main.json", `{"distroversion":"v3.20","reponame":"main","packages":[{"pkg":{"name":"xz","secfixes":{"5.2.5-r1":["CVE-2022-1271 ZDI-22-1 (+ note)"],"0":["CVE-2000-1"]}}}]}`)
	yaml := file(t, "b/main.yaml", "distroversion: v3.19\npackages:\n- pkg:\n    name: xz\n    secfixes:\n      5.2.4-r1:\n      - CVE-2022-1271\n")
	db, problems := read(t, main, filepath.Dir(yaml))
	list := lookup(t, db, "Alpine:v3.20", "xz")
	if len(problems) > 0 || len(list) != 1 || len(list[0].Affected) != 2 || !cmp.Equal(list[0].Upstream, []string{"CVE-2022-1271", "ZDI-22-1"}) {
		t.Errorf("%+v %v", list, problems)
	}
}

func TestRedHatDocument(t *testing.T) {
	db, problems := read(t, filepath.Join(feeds(t), "trivy-db/redhat-csaf/testdata/happy/csaf-vex/cve-2024-10041.json"))
	list := lookup(t, db, "Red Hat", "pam")
	want := []osv.Affected{{
		Ecosystem: "Red Hat:enterprise_linux:9::baseos", Name: "pam", State: osv.Fixed,
		Ranges: []osv.Range{{Type: osv.Ecosystem, Events: []osv.Event{{Introduced: "0"}, {Fixed: "1.5.1-21.el9_5"}}}},
	}}
	if len(problems) > 0 || len(list) != 1 || !cmp.Equal(want, list[0].Affected) {
		t.Fatalf("%+v %v", list, problems)
	}
	if a := list[0]; a.ID != "REDHAT-CVE-2024-10041" || a.Rating != "moderate" || !cmp.Equal(a.CWEs, []string{"CWE-922"}) || len(a.Severity) != 1 {
		t.Errorf("%+v", a)
	}
}

func TestProbabilitiesMayBeCompressed(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte("#model_version:v1,score_date:2025-02-20T00:00:00+0000\ncve,epss,percentile\nCVE-1999-0001,0.00383,0.73075\n"))
	_ = z.Close()
	db, problems := read(t, file(t, "epss_scores-current.csv.gz", packed.String()))
	if p, ok := db.Probability("CVE-1999-0001"); !ok || p.Score != 0.00383 || p.Date != "2025-02-20" {
		t.Errorf("%+v %v %v", p, ok, problems)
	}
	for _, bad := range []string{"CVE-1,2,0.5", "CVE-1999-1,0.5", "x,0,0", "CVE-2000-0001,NaN,0", "CVE-2000-0001,0,-1"} {
		_, problems := read(t, file(t, "epss.csv", "#score_date:2025-02-20\ncve,epss,percentile\n"+bad+"\n"))
		if len(problems) != 1 || !strings.Contains(problems[0].Error(), "line 3") {
			t.Errorf("%s: %v", bad, problems)
		}
	}
}
