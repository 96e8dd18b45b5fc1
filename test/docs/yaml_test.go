package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// configuration is the name of foil's own file.
const configuration = ".foil.yaml"

func TestYAMLBlocksAreWhatTheySay(t *testing.T) {
	pages, err := readPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		for _, b := range p.blocks {
			if b.is("yaml") {
				checkYAML(t, p, b)
			}
		}
	}
}

// checkYAML parses a block, and has foil read it when it is for foil.
func checkYAML(t *testing.T, p *page, b block) {
	t.Helper()
	text := p.text(b)
	var object struct{ Kind string }
	var any yaml.Node
	if err := yaml.Unmarshal([]byte(text), &any); err != nil {
		t.Errorf("%s:%d: %v", p.name, b.from, err)
		return
	}
	_ = any.Decode(&object) // a list has no kind
	folder := t.TempDir()
	file := filepath.Join(folder, "block.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var command string
	switch {
	case filepath.Base(b.file()) == configuration:
		command = "foil rules list --config " + quote(file) + " > /dev/null"
	case object.Kind == "ValidatingAdmissionPolicy":
		command = "foil rules check " + quote(file) + " > /dev/null"
	default:
		return
	}
	results, err := newShell(t, p, folder).run(t.Context(), []string{command})
	if err != nil {
		t.Fatal(err)
	}
	if results[0].status != 0 {
		t.Errorf("%s:%d: foil does not accept it: %s", p.name, b.from, strings.Join(results[0].lines, "\n"))
	}
}
