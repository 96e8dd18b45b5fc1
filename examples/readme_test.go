package examples_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/threat"
)

// mistake is one row of the README's table.
type mistake struct{ text, tactic, technique, object, file string }

// readMistakes takes the rows that have a technique in their third column.
func readMistakes(t *testing.T, readme string) []mistake {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(shop, readme))
	if err != nil {
		t.Fatal(err)
	}
	var rows []mistake
	for line := range strings.Lines(string(content)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 5 {
			continue
		}
		for i := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
		}
		if strings.HasPrefix(cells[2], "MS-TA") {
			rows = append(rows, mistake{cells[0], cells[1], cells[2], cells[3], cells[4]})
		}
	}
	return rows
}

// tacticNamed is the key of the tactic with that name, if the technique has it.
func tacticNamed(matrix *threat.Matrix, technique threat.Technique, name string, in lang.Language) (string, bool) {
	for _, key := range technique.Tactics {
		if tactic, known := matrix.Tactic(key); known && tactic.Name.In(in) == name {
			return key, true
		}
	}
	return "", false
}

func TestTableCoversTheThreatMatrix(t *testing.T) {
	matrix, err := threat.Load()
	if err != nil {
		t.Fatal(err)
	}
	for readme, language := range map[string]lang.Language{"README.md": lang.English, "README.zh.md": lang.Chinese} {
		covered := map[string]bool{}
		for _, row := range readMistakes(t, readme) {
			technique, known := matrix.Technique(row.technique)
			if !known {
				t.Errorf("%s: %q: no technique %s", readme, row.text, row.technique)
				continue
			}
			tactic, ok := tacticNamed(matrix, technique, row.tactic, language)
			if !ok {
				t.Errorf("%s: %q: %s does not belong to %q", readme, row.text, row.technique, row.tactic)
			}
			covered[tactic] = true
		}
		for _, tactic := range matrix.Tactics {
			if !covered[tactic.Key] {
				t.Errorf("%s: no mistake for the tactic %s", readme, tactic.Key)
			}
		}
	}
}

func TestTableNamesRealObjects(t *testing.T) {
	declared := map[string]bool{}
	for _, d := range loadShop(t) {
		declared[d.file+" "+d.id(t)] = true
	}
	for _, row := range readMistakes(t, "README.md") {
		path := filepath.Join(shop, row.file)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", row.text, err)
		}
		if strings.HasPrefix(row.file, "ordering/") { // built from the base and patches
			path = filepath.Join(overlay, "kustomization.yaml")
		}
		if !declared[path+" "+row.object] {
			t.Errorf("%q: %s does not declare %s", row.text, row.file, row.object)
		}
	}
}

func TestTablesOfBothLanguagesAgree(t *testing.T) {
	english, chinese := readMistakes(t, "README.md"), readMistakes(t, "README.zh.md")
	if len(english) != len(chinese) || len(english) == 0 {
		t.Fatalf("%d rows in English, %d in Chinese", len(english), len(chinese))
	}
	for i := range english {
		e, c := english[i], chinese[i]
		if e.technique != c.technique || e.object != c.object || e.file != c.file {
			t.Errorf("row %d differs: %v and %v", i+1, e, c)
		}
	}
}
