package update

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/fetch"
)

var start = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// publisher serves the layout of OSV.dev, with KEV and EPSS.
type publisher struct {
	*httptest.Server

	files map[string]string // by path
	asked []string
}

func newPublisher(t *testing.T) *publisher {
	t.Helper()
	p := &publisher{files: map[string]string{}}
	p.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked = append(p.asked, r.Method+" "+r.URL.Path)
		content, ok := p.files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprintf("%x", len(content)))+"")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
	}))
	t.Cleanup(p.Close)
	p.files["/kev.json"] = `{"catalogVersion":"1","dateReleased":"2026-10-01T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2026-0001","dateAdded":"2026-10-01"}]}`
	p.files["/epss.csv"] = "#model_version:v1,score_date:2026-10-31T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\n"
	return p
}

func (p *publisher) publishers(ecosystems ...string) Publishers {
	return Publishers{Exports: p.URL + "/osv", Exploited: p.URL + "/kev.json", Probability: p.URL + "/epss.csv", Ecosystems: ecosystems}
}

func (p *publisher) options(t *testing.T) Options {
	t.Helper()
	return Options{Path: filepath.Join(t.TempDir(), "foil", "vuln.db"), Fresh: true, Now: start, Client: fetch.NewClient(false, p.Client().Transport)}
}

// export is a zip of records, with ballast that makes it as large as real ones.
func export(t *testing.T, ballast int, records map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for id, record := range records {
		w, err := z.Create(id + ".json")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(record))
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: "ballast.txt", Method: zip.Store})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write(make([]byte, ballast))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func record(id, modified, ecosystem, fixed string) string {
	return fmt.Sprintf(`{"id":%q,"modified":%q,"affected":[{"package":{"ecosystem":%q,"name":"x"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":%q}]}]}]}`, id, modified, ecosystem, fixed)
}

func openDB(t *testing.T, path string) *vuln.DB {
	t.Helper()
	db, err := vuln.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// fixes lists where each advisory of the package is fixed.
func fixes(t *testing.T, path, ecosystem string) []string {
	t.Helper()
	list, err := openDB(t, path).Lookup(ecosystem, "x")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, a := range list {
		all = append(all, a.ID+" "+a.Affected[0].Ranges[0].Events[1].Fixed)
	}
	return all
}

func TestUpdateFetchesOnlyWhatChanged(t *testing.T) {
	p := newPublisher(t)
	p.files["/osv/npm/all.zip"] = export(t, 0, map[string]string{"N1": record("N1", "2026-10-01T00:00:00Z", "npm", "1.0.0")})
	p.files["/osv/Red Hat/all.zip"] = export(t, 0, map[string]string{"R1": record("R1", "2026-10-01T00:00:00Z", "Red Hat:enterprise_linux:9", "1.0.0")})
	o := p.options(t)
	r, err := Update(t.Context(), o, p.publishers("npm", "Red Hat"))
	if err != nil || len(r.Problems) > 0 || !slices.Equal(r.Changed, []string{"EPSS", "KEV", "Red Hat", "npm"}) {
		t.Fatalf("%+v %v", r, err)
	}
	p.files["/osv/npm/all.zip"] = export(t, 10, map[string]string{"N1": record("N1", "2026-10-02T00:00:00Z", "npm", "1.0.1"), "N2": record("N2", "2026-10-02T00:00:00Z", "npm", "2.0.0")})
	o.Fresh, o.Now = false, start.Add(24*time.Hour)
	r, err = Update(t.Context(), o, p.publishers("npm", "Red Hat"))
	if err != nil || !slices.Equal(r.Changed, []string{"npm"}) || !slices.Equal(r.Unchanged, []string{"Red Hat", "KEV", "EPSS"}) {
		t.Fatalf("%+v %v", r, err)
	}
	if got := fixes(t, o.Path, "npm"); !slices.Equal(got, []string{"N1 1.0.1", "N2 2.0.0"}) {
		t.Errorf("npm: %v", got)
	}
	if got := fixes(t, o.Path, "Red Hat"); !slices.Equal(got, []string{"R1 1.0.0"}) {
		t.Errorf("Red Hat: %v", got)
	}
	db := openDB(t, o.Path)
	if _, ok := db.Exploited("CVE-2026-0001"); !ok || db.Age(o.Now) != 0 {
		t.Errorf("exploited %v, age %v", ok, db.Age(o.Now))
	}
	if score, ok := db.Probability("CVE-2026-0001"); !ok || score.Date != "2026-10-31" {
		t.Errorf("%+v %v", score, ok)
	}
}

func TestUpdateFetchesSingleRecordsOfLargeExports(t *testing.T) {
	p := newPublisher(t)
	old := map[string]string{"N1": record("N1", "2026-10-01T00:00:00Z", "npm", "1.0.0"), "N2": record("N2", "2026-10-02T00:00:00Z", "npm", "2.0.0")}
	p.files["/osv/npm/all.zip"] = export(t, 2<<20, old)
	o := p.options(t)
	only := p.publishers("npm")
	only.Exploited, only.Probability = "", ""
	if r, err := Update(t.Context(), o, only); err != nil || len(r.Problems) > 0 {
		t.Fatalf("%+v %v", r, err)
	}
	p.files["/osv/npm/all.zip"] = export(t, 3<<20, old)
	p.files["/osv/npm/modified_id.csv"] = "2026-10-05T00:00:00.5Z,N3\n2026-10-04T00:00:00Z,N1\n2026-10-02T00:00:00.1Z,N2\n2026-10-01T00:00:00Z,N0\n"
	p.files["/osv/npm/N1.json"] = record("N1", "2026-10-04T00:00:00Z", "npm", "1.0.9")
	p.files["/osv/npm/N2.json"] = old["N2"]
	o.Fresh, o.Now, p.asked = false, start.Add(24*time.Hour), nil
	r, err := Update(t.Context(), o, only)
	if err != nil || len(r.Problems) > 0 || !slices.Contains(p.asked, "GET /osv/npm/all.zip") {
		t.Fatalf("with a record that is not there: %+v %v, asked %v", r, err, p.asked)
	}
	if got := fixes(t, o.Path, "npm"); !slices.Equal(got, []string{"N1 1.0.0", "N2 2.0.0"}) {
		t.Errorf("with a record that is not there: %v", got)
	}
	p.asked, p.files["/osv/npm/all.zip"] = nil, export(t, 4<<20, old)
	p.files["/osv/npm/N3.json"] = record("N3", "2026-10-05T00:00:00Z", "npm", "3.0.0")
	if r, err = Update(t.Context(), o, only); err != nil || len(r.Problems) > 0 || !slices.Equal(r.Changed, []string{"npm"}) {
		t.Fatalf("%+v %v", r, err)
	}
	if got := fixes(t, o.Path, "npm"); !slices.Equal(got, []string{"N1 1.0.9", "N2 2.0.0", "N3 3.0.0"}) {
		t.Errorf("got %v", got)
	}
	if slices.Contains(p.asked, "GET /osv/npm/all.zip") {
		t.Errorf("the whole export was fetched: %v", p.asked)
	}
	db := openDB(t, o.Path)
	if s := db.Stamps()[0]; !db.Covers("npm") || s.Records != 3 || !s.AsOf.Equal(o.Now) || s.Partial {
		t.Errorf("%+v", s)
	}
	if r, err = Update(t.Context(), o, only); err != nil || !slices.Equal(r.Unchanged, []string{"npm"}) {
		t.Errorf("asked again: %+v %v", r, err)
	}
}

func TestAFeedThatFailsStaysAsItWas(t *testing.T) {
	p := newPublisher(t)
	p.files["/osv/npm/all.zip"] = export(t, 0, map[string]string{"N1": record("N1", "2026-10-01T00:00:00Z", "npm", "1.0.0")})
	o := p.options(t)
	if r, err := Update(t.Context(), o, p.publishers("npm", "Maven")); err != nil || len(r.Problems) != 1 || r.Problems[0].File != "Maven" || !errors.Is(r.Problems[0].Err, fetch.ErrAbsent) {
		t.Fatalf("%+v %v", r, err)
	}
	p.files["/osv/npm/all.zip"] = "PK\x03\x04 cut"
	o.Fresh = false
	r, err := Update(t.Context(), o, p.publishers("npm"))
	if err != nil || len(r.Problems) != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	if got := fixes(t, o.Path, "npm"); !slices.Equal(got, []string{"N1 1.0.0"}) {
		t.Errorf("npm: %v", got)
	}
	p.Close()
	before, _ := os.ReadFile(o.Path)
	if _, err := Update(t.Context(), o, p.publishers("npm")); err == nil || !strings.Contains(err.Error(), "foil db import") {
		t.Errorf("without network: %v", err)
	}
	if after, _ := os.ReadFile(o.Path); !bytes.Equal(before, after) {
		t.Error("without network the database changes")
	}
}

func TestImport(t *testing.T) {
	p := newPublisher(t)
	o := p.options(t)
	folder := t.TempDir()
	path := filepath.Join(folder, "osv", "npm", "all.zip")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(export(t, 0, map[string]string{"N1": record("N1", "2026-10-01T00:00:00Z", "npm", "1.0.0")})), 0o600); err != nil {
		t.Fatal(err)
	}
	p.files["/osv/PyPI/all.zip"] = export(t, 0, map[string]string{"P1": record("P1", "2026-10-01T00:00:00Z", "PyPI", "1.0.0")})
	r, err := Import(t.Context(), o, []string{folder, p.URL + "/osv/PyPI/all.zip", p.URL + "/kev.json", p.URL + "/none.zip"})
	if err != nil || len(r.Problems) != 1 || !slices.Equal(r.Changed, []string{"KEV", "PyPI", "npm"}) {
		t.Fatalf("%+v %v", r, err)
	}
	file := filepath.Join(t.TempDir(), "mirror.db")
	sum, err := Export(t.Context(), openDB(t, o.Path), file)
	if err != nil || len(sum) != 64 {
		t.Fatalf("%s %v", sum, err)
	}
	other := o
	other.Path = filepath.Join(t.TempDir(), "other.db")
	if r, err = Import(t.Context(), other, []string{file}); err != nil || len(r.Problems) > 0 {
		t.Fatalf("%+v %v", r, err)
	}
	first, _ := os.ReadFile(o.Path)
	if second, _ := os.ReadFile(other.Path); !bytes.Equal(first, second) {
		t.Error("a database that was exported and imported has other bytes")
	}
	if err := os.WriteFile(file+".sha256", []byte(strings.Repeat("0", 64)+"  mirror.db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err = Import(t.Context(), other, []string{file}); err != nil || len(r.Problems) != 1 {
		t.Errorf("a file that is not the one of its checksum: %+v %v", r, err)
	}
	if _, err := Import(t.Context(), other, []string{t.TempDir()}); err == nil {
		t.Error("an empty folder is imported")
	}
}

func TestImportKeepsTheFeedsThatAreThere(t *testing.T) {
	o := newPublisher(t).options(t)
	o.Fresh = false
	path := filepath.Join(t.TempDir(), "kev.json")
	if err := os.WriteFile(path, []byte(`{"catalogVersion":"1","vulnerabilities":[{"cveID":"CVE-2026-0001"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Import(t.Context(), o, []string{path}); err != nil {
		t.Fatal(err)
	}
	if db := openDB(t, o.Path); !db.Covers("Go") {
		t.Error("the feeds that are built in are lost")
	}
}

func TestOneProcessWrites(t *testing.T) {
	p := newPublisher(t)
	o := p.options(t)
	err := alone(o.Path, func() error {
		_, err := Import(t.Context(), o, []string{p.URL + "/kev.json"})
		return err
	})
	if !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	if _, err := Import(t.Context(), o, []string{p.URL + "/kev.json"}); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestInterruptLeavesNothingHalf(t *testing.T) {
	p := newPublisher(t)
	o := p.options(t)
	ctx, cancel := context.WithCancel(t.Context())
	o.Progress = func(text string) {
		if text == "writing the database" {
			cancel()
		}
	}
	if _, err := Import(ctx, o, []string{p.URL + "/kev.json"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(o.Path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "vuln.db.lock" {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}
