package vuln

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/foilsec/foil/internal/osv"
)

func TestDamagedFilesAreRefused(t *testing.T) {
	whole := written(t, build(t, sample()))
	newer := bytes.Clone(whole)
	newer[len(Magic)] = 99
	head := bytes.Clone(whole)
	head[fixedSize+3]++
	for name, data := range map[string][]byte{
		"empty": {}, "magic alone": []byte(Magic), "cut in the head": whole[:headerSize-1], "head alone": whole[:headerSize],
		"cut": whole[:len(whole)-1], "longer": append(bytes.Clone(whole), 0), "newer": newer, "other head": head, "text": bytes.Repeat([]byte("text "), 500),
	} {
		path := filepath.Join(t.TempDir(), "vuln.db")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerify(t *testing.T) {
	whole := written(t, build(t, sample()))
	if err := opened(t, whole).Verify(); err != nil {
		t.Error(err)
	}
	whole[len(whole)-3]++
	if err := opened(t, whole).Verify(); !errors.Is(err, ErrDamaged) {
		t.Errorf("a changed byte: %v", err)
	}
}

// useSome asks a database a bit of everything.
func useSome(db *DB) {
	for i := range min(db.Len(), 10) {
		a, _, err := db.At(i)
		if err == nil {
			_, _, _ = db.Advisory(a.ID)
			db.Related(a.ID)
			db.Downstream(a.ID)
		}
	}
	packages := db.Packages(func(string, string) bool { return true })
	for _, p := range packages[:min(len(packages), 10)] {
		_, _ = db.Lookup(p.Ecosystem, p.Name)
	}
	db.Exploited("CVE-2024-0001")
	db.Probability("CVE-2024-0001")
	db.Covers("Debian:12")
}

// FuzzOpen changes what lies behind a head that is right: an attacker can make
// checksums too.
func FuzzOpen(f *testing.F) {
	b := build(f, sample())
	kev, epss := b.Feed(Stamp{Feed: ExploitedFeed}), b.Feed(Stamp{Feed: ProbabilityFeed})
	b.AddExploited(kev, "CVE-2024-0001", &Exploited{Since: "2024-01-01"})
	if err := b.AddProbability(epss, "CVE-2024-0001", Probability{Score: 0.5}); err != nil {
		f.Fatal(err)
	}
	whole := written(f, b)
	f.Add(whole)
	f.Add(whole[:headerSize])
	for at := headerSize; at < len(whole); at += 97 {
		changed := bytes.Clone(whole)
		changed[at] ^= 0xff
		f.Add(changed)
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		if len(data) >= headerSize {
			data = bytes.Clone(data)
			sum := sha256.Sum256(data[:headerSize-sha256.Size])
			copy(data[headerSize-sha256.Size:], sum[:])
		}
		db, err := read(string(data))
		if err != nil {
			return
		}
		_ = db.Verify()
		useSome(db)
	})
}

func TestTextsAreCut(t *testing.T) {
	long := bytes.Repeat([]byte("word "), 1000)
	for _, c := range []struct {
		summary, details, wantSummary, wantDetails string
	}{
		{"  a\n b ", "details", "a b", ""},
		{"", "# Impact\nText here.\n\nMore.", "", "Impact Text here."},
		{"", "", "", ""},
		{"\xff", "d", "", "d"},
	} {
		if s, d := shortText(c.summary, c.details); s != c.wantSummary || d != c.wantDetails {
			t.Errorf("shortText(%q, %q) = %q, %q", c.summary, c.details, s, d)
		}
	}
	if s, _ := shortText(string(long), ""); len(s) > longestSummary || s[len(s)-7:] != "word..." {
		t.Errorf("%d bytes, ends with %q", len(s), s[len(s)-7:])
	}
	if s, _ := shortText(string(bytes.Repeat([]byte("漏"), 1000)), ""); len(s) > longestSummary {
		t.Errorf("%d bytes", len(s))
	}
}

func TestWhatNoPublisherMeansIsRefused(t *testing.T) {
	long := string(bytes.Repeat([]byte("v"), 1000))
	huge := fixedIn("npm", "x", "1")
	for range 5000 {
		huge.Versions = append(huge.Versions, long)
	}
	for name, a := range map[string]osv.Advisory{
		"no id": {Affected: []osv.Affected{fixedIn("npm", "x", "1")}}, "no name": {ID: "A", Affected: []osv.Affected{fixedIn("npm", "", "1")}},
		"long name": {ID: "A", Affected: []osv.Affected{fixedIn("npm", long+long, "1")}}, "many packages": {ID: "A", Affected: make([]osv.Affected, mostStructures+1)},
		"large": {ID: "A", Affected: []osv.Affected{huge}},
	} {
		b := NewBuilder()
		if err := b.Add(b.Feed(Stamp{Feed: "npm", Ecosystem: "npm"}), &a); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
