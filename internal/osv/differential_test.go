package osv

import (
	"archive/zip"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/version"
)

const corpus = "../../../shared/data/vuln/osv"

// everyRecord parses all records that lie beside the repository.
func everyRecord(t *testing.T, each func(ecosystem string, a *Advisory)) {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join(corpus, "*", "all.zip"))
	if err != nil {
		t.Fatal(err)
	}
	if len(archives) == 0 {
		t.Skipf("SKIPPED: no records beside the repository (%s); nothing was compared", corpus)
	}
	for _, name := range archives {
		archive, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.File {
			a := parseFile(t, file)
			each(filepath.Base(filepath.Dir(name)), &a)
		}
		archive.Close()
	}
}

func parseFile(t *testing.T, file *zip.File) Advisory {
	t.Helper()
	r, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Parse(data)
	if err != nil {
		t.Errorf("%s: %v", file.Name, err)
	}
	return a
}

// TestEveryRecord reads all records, compares Evaluate with the naive evaluator
// on each, and counts those that must not match.
func TestEveryRecord(t *testing.T) {
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	verdicts, withdrawn := map[Verdict]int{}, map[string]int{}
	everyRecord(t, func(ecosystem string, a *Advisory) {
		if !a.InForce(now) {
			withdrawn[ecosystem]++
		}
		if a.Modified.IsZero() && !a.Published.IsZero() {
			t.Errorf("%s has no time of change", a.ID)
		}
		compareEvaluators(t, a, verdicts)
	})
	t.Logf("%d affected, %d not affected, %d that can't be compared", verdicts[IsAffected], verdicts[NotAffected], verdicts[CannotCompare])
	for ecosystem, want := range map[string]int{"Go": 17, "PyPI": 10, "crates.io": 13, "npm": 0, "Debian": 0} {
		if withdrawn[ecosystem] != want {
			t.Errorf("%s: %d withdrawn, want %d", ecosystem, withdrawn[ecosystem], want)
		}
	}
}

// compareEvaluators asks about every version that a record names, and about
// versions near to it.
func compareEvaluators(t *testing.T, a *Advisory, verdicts map[Verdict]int) {
	t.Helper()
	for i := range a.Affected {
		entry := &a.Affected[i]
		order, ok := version.ForEcosystem(entry.Ecosystem)
		if !ok {
			t.Fatalf("%s: no order for %q", a.ID, entry.Ecosystem)
		}
		for v := range versionsOf(a, entry.Name) {
			got, want := entry.Evaluate(order, v), naiveVerdict(entry, order, v)
			verdicts[got.Verdict]++
			if got.Verdict != want {
				t.Errorf("%s, %s %s: got %d, want %d", a.ID, entry.Name, v, got.Verdict, want)
			}
			if got.Fixed != "" {
				checkFix(t, a.ID, entry, order, v, got)
			}
		}
	}
}

// checkFix holds that what is called fixed is newer than the version.
func checkFix(t *testing.T, id string, entry *Affected, order version.Order, v string, e Evaluation) {
	t.Helper()
	newer, err := order(e.Fixed, v)
	if e.Verdict != IsAffected || e.Range == "" || e.Open || err == nil && newer <= 0 {
		t.Errorf("%s, %s %s: %+v", id, entry.Name, v, e)
	}
}

// versionsOf are the versions that a record names for a package, versions near
// to the events, and some that are in no record.
func versionsOf(a *Advisory, name string) map[string]bool {
	versions := map[string]bool{"0": true, "0.0.1": true, "99999": true, "not a version": true}
	for _, entry := range a.Affected {
		if entry.Name != name {
			continue
		}
		for _, r := range entry.Ranges {
			for _, e := range r.Events {
				for _, v := range []string{e.Introduced, e.Fixed, e.LastAffected, e.Limit} {
					addNear(versions, v)
				}
			}
		}
		for _, v := range entry.Versions {
			versions[v] = true
		}
	}
	return versions
}

func addNear(versions map[string]bool, v string) {
	if v == "" || versions[v] {
		return
	}
	versions[v] = true
	for _, near := range []string{v + ".1", v + "-1", v + "a", v + "~1", v[:len(v)-1]} {
		if near != "" {
			versions[near] = true
		}
	}
}

// TestEvaluateRandomRanges tries what no publisher writes: events in any order
// and number.
func TestEvaluateRandomRanges(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	versions := []string{"0", "1", "1.0.1", "1.1", "2", "2.0.1-rc1", "2.1", "3", "x"}
	pick := func() string { return versions[r.IntN(len(versions)-r.IntN(2))] }
	for range 50_000 {
		entry := Affected{Ranges: []Range{{Type: Ecosystem}, {Type: Semver}}}
		for i := range entry.Ranges {
			for range r.IntN(6) {
				e := []Event{{Introduced: pick()}, {Fixed: pick()}, {LastAffected: pick()}, {Limit: pick()}, {Introduced: pick()}}[r.IntN(5)]
				entry.Ranges[i].Events = append(entry.Ranges[i].Events, e)
			}
		}
		for _, v := range versions {
			if got, want := entry.Evaluate(version.Semver, v).Verdict, naiveVerdict(&entry, version.Semver, v); got != want {
				t.Fatalf("%s in %+v: got %d, want %d", v, entry.Ranges, got, want)
			}
		}
	}
}
