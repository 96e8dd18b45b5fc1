package vuln

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/osv"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func fixedIn(ecosystem, name, version string) osv.Affected {
	return osv.Affected{Ecosystem: ecosystem, Name: name, Ranges: []osv.Range{
		{Type: osv.Ecosystem, Events: []osv.Event{{Introduced: "0"}, {Fixed: version}}},
	}}
}

// sample has every field set somewhere.
func sample() []osv.Advisory {
	return []osv.Advisory{
		{
			ID: "GO-2024-1", Published: day("2024-01-02"), Modified: day("2024-02-03"), Aliases: []string{"CVE-2024-1", "GHSA-aaaa"},
			Summary: "Crash in example.com/a", Severity: []osv.Severity{{Type: "CVSS_V3", Score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
			Rating: "high", CWEs: []string{"CWE-79"}, References: []osv.Reference{{Type: "FIX", URL: "https://example.com/a/fix/1"}, {Type: "WEB", URL: "mailto:a"}},
			Affected: []osv.Affected{{
				Ecosystem: "Go", Name: "example.com/a",
				Ranges:   []osv.Range{{Type: osv.Semver, Events: []osv.Event{{Introduced: "1.0.0"}, {LastAffected: "1.2.0"}, {Introduced: "2.0.0"}, {Limit: "3.0.0"}}}},
				Imports:  []osv.Import{{Path: "example.com/a/b", Symbols: []string{"Parse", "Decoder.Decode"}, GOOS: []string{"linux"}, GOARCH: []string{"amd64"}}},
				Severity: []osv.Severity{{Type: "CVSS_V2", Score: "AV:N"}}, Rating: "low", State: osv.WontFix, Module: "m:1",
				Architectures: []string{"x86_64"}, Systems: []string{"linux"}, Versions: []string{"1.0.1", "1.0.2"},
			}},
		},
		{ID: "DSA-1", Modified: day("2024-05-01"), Upstream: []string{"CVE-2024-1", "CVE-2024-2"}, Affected: []osv.Affected{
			fixedIn("Debian:11", "zlib", "1.1"), fixedIn("Debian:12", "zlib", "1.2"), fixedIn("Debian:12", "zlib-data", "1.2"),
		}},
		{ID: "GHSA-bbbb", Aliases: []string{"GHSA-aaaa"}, Related: []string{"CVE-2020-1"}, Details: "First sentence.\n\nSecond.", Withdrawn: day("2024-06-01"), Affected: []osv.Affected{
			{Ecosystem: "PyPI", Name: "Zope.Interface", Ranges: []osv.Range{{Type: "NEW", Events: []osv.Event{{Introduced: "0"}}}}},
			fixedIn("npm", "left", "2"),
		}},
	}
}

// build makes a database of advisories, one feed an ecosystem.
func build(t testing.TB, advisories []osv.Advisory) *Builder {
	t.Helper()
	b := NewBuilder()
	for i := range advisories {
		seen := map[string]bool{}
		for _, p := range advisories[i].Affected {
			if base := BaseOf(p.Ecosystem); !seen[base] {
				seen[base] = true
				if err := b.Add(b.Feed(Stamp{Feed: base, Ecosystem: base, Source: "test"}), &advisories[i]); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return b
}

func written(t testing.TB, b *Builder) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func opened(t testing.TB, data []byte) *DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vuln.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestLookupGivesBackWhatWasPutIn(t *testing.T) {
	db := opened(t, written(t, build(t, sample())))
	want := sample()
	want[2].Details = "First sentence."
	cases := []struct {
		ecosystem, name string
		want            []osv.Advisory
	}{
		{"Go", "example.com/a", want[:1]},
		{"Debian:12", "zlib", []osv.Advisory{limited(want[1], 0, 1)}},
		{"Debian", "zlib-data", []osv.Advisory{limited(want[1], 2)}},
		{"PyPI", "zope-interface", []osv.Advisory{limited(want[2], 0)}},
		{"npm", "left", []osv.Advisory{limited(want[2], 1)}},
		{"npm", "zlib", nil},
		{"Alpine", "zlib", nil},
		{"", "", nil},
	}
	for _, c := range cases {
		got, err := db.Lookup(c.ecosystem, c.name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s:\n%s", c.ecosystem, c.name, diff)
		}
	}
}

// limited is an advisory with some of its entries.
func limited(a osv.Advisory, entries ...int) osv.Advisory {
	all := a.Affected
	a.Affected = nil
	for _, i := range entries {
		a.Affected = append(a.Affected, all[i])
	}
	return a
}

func TestWhatWasGivenOutOutlivesTheFile(t *testing.T) {
	db := opened(t, written(t, build(t, sample())))
	got, err := db.Lookup("Go", "example.com/a")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample()[:1], got); diff != "" {
		t.Error(diff)
	}
	if again, err := db.Lookup("Go", "example.com/a"); err != nil || again != nil {
		t.Errorf("a closed database answers %v, %v", again, err)
	}
}

func TestAdvisoryJoinsItsFeeds(t *testing.T) {
	db := opened(t, written(t, build(t, sample())))
	a, found, err := db.Advisory("GHSA-bbbb")
	if err != nil || !found || len(a.Affected) != 2 {
		t.Errorf("got %+v, %v, %v", a, found, err)
	}
	if _, found, err := db.Advisory("GHSA-none"); found || err != nil {
		t.Errorf("an unknown ID: found %v, error %v", found, err)
	}
}

func TestNewestRecordSpeaksForItsReleases(t *testing.T) {
	b := NewBuilder()
	for _, r := range []struct {
		feed string
		osv.Advisory
	}{
		{"old", osv.Advisory{ID: "A", Modified: day("2024-01-01"), Affected: []osv.Affected{fixedIn("Debian:11", "x", "1"), fixedIn("Debian:12", "x", "1")}}},
		{"new", osv.Advisory{ID: "A", Modified: day("2024-02-01"), Affected: []osv.Affected{fixedIn("Debian:12", "x", "2")}}},
		{"new", osv.Advisory{ID: "A", Modified: day("2023-02-01"), Affected: []osv.Affected{fixedIn("Debian:12", "x", "0.1")}}},
	} {
		if err := b.Add(b.Feed(Stamp{Feed: r.feed, Ecosystem: "Debian"}), &r.Advisory); err != nil {
			t.Fatal(err)
		}
	}
	db := opened(t, written(t, b))
	got, err := db.Lookup("Debian:12", "x")
	if err != nil {
		t.Fatal(err)
	}
	want := []osv.Affected{fixedIn("Debian:12", "x", "2"), fixedIn("Debian:11", "x", "1")}
	if len(got) != 1 || cmp.Diff(want, got[0].Affected) != "" {
		t.Errorf("got %+v", got)
	}
	if n := db.Stamps()[0].Records; n != 1 {
		t.Errorf("a record that was replaced counts: %d", n)
	}
}

func TestRelated(t *testing.T) {
	db := opened(t, written(t, build(t, sample())))
	flaw := []string{"CVE-2024-1", "GHSA-aaaa", "GHSA-bbbb", "GO-2024-1"}
	for _, id := range flaw {
		if got := db.Related(id); !slices.Equal(got, flaw) {
			t.Errorf("Related(%s) = %v", id, got)
		}
	}
	for _, id := range []string{"CVE-2024-2", "CVE-2020-1", "unknown"} {
		if got := db.Related(id); !slices.Equal(got, []string{id}) {
			t.Errorf("Related(%s) = %v", id, got)
		}
	}
	if got := db.Downstream("CVE-2024-2"); !slices.Equal(got, []string{"DSA-1"}) {
		t.Errorf("Downstream = %v", got)
	}
}

func TestCovers(t *testing.T) {
	advisories := append(sample(), osv.Advisory{ID: "U", Affected: []osv.Affected{fixedIn("Ubuntu:22.04:LTS", "x", "1"), fixedIn("Alpine:v3.20", "x", "1")}})
	b := build(t, advisories)
	if err := b.Add(b.Feed(Stamp{Feed: "RubyGems (GHSA)", Ecosystem: "RubyGems", Partial: true}), &osv.Advisory{ID: "R", Affected: []osv.Affected{fixedIn("RubyGems", "x", "1")}}); err != nil {
		t.Fatal(err)
	}
	db := opened(t, written(t, b))
	for ecosystem, want := range map[string]bool{
		"Debian:12": true, "Debian:11": true, "Debian:13": false, "Debian:1": false, "Debian": true,
		"npm": true, "PyPI": true, "Go": true, "Maven": false, "": false, "RubyGems": false,
		"Ubuntu:22.04": true, "Ubuntu:24.04": false, "Alpine:v3.20": true, "Alpine:v3.2": false,
	} {
		if got := db.Covers(ecosystem); got != want {
			t.Errorf("Covers(%q) = %v", ecosystem, got)
		}
	}
}

func TestExploitedAndProbability(t *testing.T) {
	b := NewBuilder()
	kev, epss := b.Feed(Stamp{Feed: ExploitedFeed}), b.Feed(Stamp{Feed: ProbabilityFeed})
	want := Exploited{Since: "2024-01-01", Due: "2024-02-01", Name: "Name", Action: "Act", Ransomware: true}
	b.AddExploited(kev, "CVE-2024-0001", &want)
	*b.Stamp(epss) = Stamp{Feed: ProbabilityFeed, Newest: day("2024-03-04")}
	scores := map[string]Probability{
		"CVE-1999-0001": {Score: 0.00383, Percentile: 0.73075}, "CVE-2024-1234567": {Score: 1, Percentile: 0.9999999}, "CVE-2031-4711": {},
	}
	for cve, p := range scores {
		if err := b.AddProbability(epss, cve, p); err != nil {
			t.Fatal(err)
		}
	}
	for _, cve := range []string{"CVE-1899-0001", "CVE-2024-99999999999", "GHSA-1", "CVE-2024-1", "CVE-2024-0001x"} {
		if err := b.AddProbability(epss, cve, Probability{}); err == nil {
			t.Errorf("%s is taken", cve)
		}
	}
	db := opened(t, written(t, b))
	if got, ok := db.Exploited("CVE-2024-0001"); !ok || got != want {
		t.Errorf("got %+v, %v", got, ok)
	}
	if _, ok := db.Exploited("CVE-2024-0002"); ok {
		t.Error("a flaw that is not in the catalogue is found")
	}
	for cve, p := range scores {
		p.Date = "2024-03-04"
		if got, ok := db.Probability(cve); !ok || got != p {
			t.Errorf("%s: got %+v, %v", cve, got, ok)
		}
	}
	if _, ok := db.Probability("CVE-2000-0001"); ok {
		t.Error("a score that is not there is found")
	}
}

func TestSameRecordsSameBytes(t *testing.T) {
	want := written(t, build(t, sample()))
	for range 10 {
		shuffled := sample()
		rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if !bytes.Equal(want, written(t, build(t, shuffled))) {
			t.Fatal("another order gives other bytes")
		}
	}
	again := NewBuilder()
	if err := again.AddAll(opened(t, want), func(*Stamp) bool { return true }); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, written(t, again)) {
		t.Error("a copy has other bytes")
	}
}

func TestAge(t *testing.T) {
	b := build(t, sample())
	b.Stamp(0).AsOf, b.Stamp(1).AsOf, b.Stamp(2).AsOf, b.Stamp(3).AsOf = day("2024-01-01"), day("2024-01-05"), day("2024-01-06"), day("2024-02-01")
	db := opened(t, written(t, b))
	now := day("2024-01-11")
	if got := db.Age(now); got != 10*24*time.Hour {
		t.Errorf("Age = %v", got)
	}
	if got, ok := db.AgeOf("Debian:12", now); !ok || got != 6*24*time.Hour {
		t.Errorf("AgeOf(Debian) = %v, %v", got, ok)
	}
	if got, ok := db.AgeOf("npm", now); !ok || got != 0 {
		t.Errorf("data of the future: %v, %v", got, ok)
	}
	if _, ok := db.AgeOf("Maven", now); ok {
		t.Error("a feed that is not there has an age")
	}
}

func TestDiff(t *testing.T) {
	after := sample()
	after[0].Summary, after[1].ID = "Changed", "DSA-2"
	d, err := Diff(opened(t, written(t, build(t, sample()))), opened(t, written(t, build(t, after))))
	if err != nil {
		t.Fatal(err)
	}
	want := Difference{Added: []string{"DSA-2"}, Removed: []string{"DSA-1"}, Changed: []string{"GO-2024-1"}}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
}

func TestFind(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	path, err := DefaultPath()
	if err != nil {
		t.Fatal(err)
	}
	db, err := Find("")
	if err != nil || db.Path() != "" {
		t.Fatalf("without a file: %v, %v", db, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(""); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Errorf("a damaged file: %v", err)
	}
	if err := os.WriteFile(path, written(t, build(t, sample())), 0o600); err != nil {
		t.Fatal(err)
	}
	if db, err = Find(""); err != nil || db.Path() != path {
		t.Errorf("with a file: %v, %v", db, err)
	}
	if _, err := Find(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a named file that is not there: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder opens")
	}
}
