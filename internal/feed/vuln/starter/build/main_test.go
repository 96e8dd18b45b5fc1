package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/starter"
)

func TestTheStarterIsWhatItsSourcesGive(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "..", "..", "..", "shared", "data", "vuln")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the corpus of exports is not there: %v", err)
	}
	var out bytes.Buffer
	if err := write(t.Context(), folder, &out); err != nil {
		t.Fatal(err)
	}
	if out.String() != starter.Data {
		t.Error("starter.db is another: run go generate in the folder of the starter")
	}
}

func TestTheStarterIsWhole(t *testing.T) {
	db, err := vuln.Starter()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Verify(); err != nil {
		t.Fatal(err)
	}
	licences, err := os.ReadFile(filepath.Join("..", "LICENSES.md"))
	if err != nil {
		t.Fatal(err)
	}
	stamps := db.Stamps()
	if len(stamps) != len(sources()) {
		t.Errorf("%d feeds of %d", len(stamps), len(sources()))
	}
	for _, s := range stamps {
		if free, reason := s.Free(); !free || len(s.Licences) != 1 {
			t.Errorf("%s may not be shipped: %s", s.Feed, reason)
		}
		repository, commit, _ := strings.Cut(s.Source, " at ")
		for _, word := range []string{"| " + s.Feed + " |", s.Licences[0], repository, commit, s.AsOf.Format(time.DateOnly)} {
			if !strings.Contains(string(licences), word) {
				t.Errorf("LICENSES.md does not say %q of %s", word, s.Feed)
			}
		}
	}
	for _, ecosystem := range []string{"Debian:12", "Alpine:v3.20", "Kubernetes", "Maven"} {
		if db.Covers(ecosystem) {
			t.Errorf("the starter claims to know %s", ecosystem)
		}
	}
	list, err := db.Lookup("Go", "golang.org/x/net")
	if err != nil || len(list) == 0 {
		t.Errorf("%d advisories of golang.org/x/net, %v", len(list), err)
	}
}

func TestAFolderWithoutSources(t *testing.T) {
	if err := build(t.Context(), t.TempDir(), filepath.Join(t.TempDir(), "x.db")); err == nil {
		t.Error("an empty folder makes a database")
	}
}
