package content_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/rule/control"
	"github.com/foilsec/foil/internal/threat"
)

// loadLibrary reads all embedded controls.
func loadLibrary(t testing.TB) control.Library {
	t.Helper()
	var files []control.File
	err := fs.WalkDir(content.Files(), "controls", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(content.Files(), name)
		files = append(files, control.File{Name: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	library, err := control.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return library
}

func loadSettings(t testing.TB) control.Settings {
	t.Helper()
	settings, err := control.ParseSettings(readContent(t, "settings.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

func readContent(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(content.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// changeKind is an entry of changes.yaml.
type changeKind struct {
	lang.Text
	Scope string `json:"scope"`
}

func loadChanges(t testing.TB) map[string]changeKind {
	t.Helper()
	changes := map[string]changeKind{}
	if err := yaml.UnmarshalStrict(readContent(t, "changes.yaml"), &changes); err != nil {
		t.Fatal(err)
	}
	return changes
}

// TestControlsAreDescribed holds what people rely on in the metadata.
func TestControlsAreDescribed(t *testing.T) {
	matrix, err := threat.Load()
	if err != nil {
		t.Fatal(err)
	}
	settings, changes := loadSettings(t), loadChanges(t)
	seen := map[string]string{}
	for _, p := range loadLibrary(t).Policies {
		t.Run(p.ID, func(t *testing.T) {
			if want := path.Base(p.File); p.ID+".yaml" != want || p.Name != p.ID+".foil.dev" {
				t.Errorf("id %q and name %q do not follow from the file name %s", p.ID, p.Name, want)
			}
			if other, ok := seen[p.ID]; ok {
				t.Errorf("the id is used by %s too", other)
			}
			seen[p.ID] = p.File
			checkTexts(t, &p.Metadata)
			for _, id := range p.Techniques {
				if _, ok := matrix.Technique(id); !ok {
					t.Errorf("technique %s is not in the threat matrix", id)
				}
			}
			for _, name := range p.Settings {
				if _, ok := settings[name]; !ok {
					t.Errorf("setting %s is not in settings.yaml", name)
				}
			}
			if _, ok := changes[p.Fix.Change]; !ok {
				t.Errorf("kind of change %q is not in changes.yaml", p.Fix.Change)
			}
			checkSteps(t, p.Fix.Steps)
			checkSettingsRead(t, &p, settings)
		})
	}
}

func checkTexts(t *testing.T, m *control.Metadata) {
	for what, text := range map[string]lang.Text{"title": m.Title, "risk": m.Risk, "advice": m.Advice} {
		if !text.Complete() {
			t.Errorf("the %s is not complete in English and Chinese: %+v", what, text)
		}
		if text.EN == text.ZH {
			t.Errorf("the %s is not translated: %q", what, text.EN)
		}
	}
	if strings.HasSuffix(m.Title.EN, ".") || strings.HasSuffix(m.Title.ZH, "。") {
		t.Error("the title is a sentence, not a fault")
	}
	if m.Category == "" || len(m.References) == 0 {
		t.Errorf("category %q, references %v: want both", m.Category, m.References)
	}
	seen := map[finding.Reference]bool{}
	for _, f := range m.Frameworks {
		if seen[f] || f.Framework != strings.ToLower(f.Framework) {
			t.Errorf("framework %+v is named twice or not in lower case", f)
		}
		seen[f] = true
	}
}

func checkSteps(t *testing.T, steps []control.Step) {
	for _, s := range steps {
		switch s.Operation {
		case finding.Set, finding.Append, finding.Remove, finding.Create:
			var v any
			if err := yaml.Unmarshal([]byte(strings.NewReplacer("{value}", "x", "{namespace}", "x", "{name}", "x").Replace(s.Value)), &v); err != nil || v == nil {
				t.Errorf("step %+v: the value is not YAML: %v", s, err)
			}
		case finding.Delete:
			if s.Value != "" {
				t.Errorf("step %+v: a deletion has no value", s)
			}
		default:
			t.Errorf("step %+v: unknown operation", s)
		}
		switch s.On {
		case "item", "pod", "template", "object", "namespace":
		default:
			if s.Operation != finding.Create {
				t.Errorf("step %+v: unknown place", s)
			}
		}
	}
}

// checkSettingsRead compares the settings that a control names with those that
// its expressions read.
func checkSettingsRead(t *testing.T, p *control.Policy, settings control.Settings) {
	named := map[string]bool{}
	for _, name := range p.Settings {
		named[name] = true
	}
	var text strings.Builder
	for _, v := range p.Spec.Variables {
		text.WriteString(v.Expression + "\n")
	}
	for _, v := range p.Spec.Validations {
		text.WriteString(v.Expression + "\n")
	}
	words := map[string]bool{}
	for _, word := range strings.FieldsFunc(text.String(), func(r rune) bool {
		return r != '_' && r != '.' && (r < '0' || r > 'z' || r > '9' && r < 'A' || r > 'Z' && r < 'a')
	}) {
		if rest, ok := strings.CutPrefix(word, "params.data."); ok {
			name, _, _ := strings.Cut(rest, ".")
			words[name] = true
		}
	}
	for name := range settings {
		if named[name] != words[name] {
			t.Errorf("setting %s: named %v, read %v", name, named[name], words[name])
		}
	}
}

// TestSharedVariablesHaveOneText: a variable that several controls define is
// evaluated once for an object only if its text is the same everywhere.
func TestSharedVariablesHaveOneText(t *testing.T) {
	type definition struct{ text, file string }
	known := map[string]definition{}
	for _, p := range loadLibrary(t).Policies {
		for _, v := range p.Spec.Variables {
			text := strings.Join(strings.Fields(v.Expression), " ")
			if first, ok := known[v.Name]; ok && first.text != text {
				t.Errorf("variable %s differs between %s and %s:\n%s\n%s", v.Name, first.file, p.File, first.text, text)
			} else if !ok {
				known[v.Name] = definition{text, p.File}
			}
		}
	}
}

// TestChangesAreDescribed holds the kinds of change.
func TestChangesAreDescribed(t *testing.T) {
	for key, change := range loadChanges(t) {
		if !change.Complete() || change.EN == change.ZH {
			t.Errorf("%s: the text is not complete in both languages", key)
		}
		place := map[string]string{"object": "{object}", "namespace": "{namespace}", "cluster": ""}
		want, ok := place[change.Scope]
		if !ok {
			t.Errorf("%s: unknown scope %q", key, change.Scope)
		}
		if !strings.Contains(change.EN, want) || !strings.Contains(change.ZH, want) {
			t.Errorf("%s: the text does not name its place %s", key, want)
		}
	}
}
