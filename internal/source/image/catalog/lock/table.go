package lock

import (
	"bytes"
	"strings"

	"github.com/foilsec/foil/internal/source/image/catalog"
)

// tables reads lock files in TOML. Tools write all of them alike: a table for
// each package, with a name, a version and where it comes from, each on a line
// of its own.
func tables(heads ...string) func(*catalog.File, emit) error {
	return func(f *catalog.File, emit emit) error {
		t := table{}
		for line, err := range catalog.Lines(f) {
			if err != nil {
				return err
			}
			line = bytes.TrimSpace(line)
			switch {
			case len(line) == 0 || line[0] == '#':
			case line[0] == '[':
				t.end(emit)
				t.inside = isOneOf(string(line), heads)
			case t.inside:
				t.assignment(line)
			}
		}
		t.end(emit)
		return nil
	}
}

func isOneOf(text string, list []string) bool {
	for _, one := range list {
		if text == one {
			return true
		}
	}
	return false
}

// table is one that is being read.
type table struct {
	inside, own   bool
	name, version string
}

func (t *table) assignment(line []byte) {
	key, value, _ := strings.Cut(string(line), "=")
	value = strings.TrimSpace(value)
	switch strings.TrimSpace(key) {
	case "name":
		t.name = strings.Trim(value, `"'`)
	case "version":
		t.version = strings.Trim(value, `"'`)
	case "source": // in uv's: the project itself, and folders beside it
		t.own = strings.Contains(value, "virtual") || strings.Contains(value, "editable")
	}
}

func (t *table) end(emit emit) {
	if t.inside && !t.own {
		emit(t.name, t.version)
	}
	*t = table{}
}
