package exception

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/purl"
)

// entry is one item of the list "exceptions" in .foil.yaml.
type entry struct {
	ID       string       `yaml:"id"`
	Controls []string     `yaml:"controls"`
	Objects  []objectRef  `yaml:"objects"`
	Packages []packageRef `yaml:"packages"`
	Owner    string       `yaml:"owner"`
	Reason   string       `yaml:"reason"`
	Expires  string       `yaml:"expires"` // 2027-01-31, or never
}

type objectRef struct {
	Kind      string `yaml:"kind"`
	Namespace string `yaml:"namespace"`
	Name      string `yaml:"name"`
	File      string `yaml:"file"`
}

// packageRef limits an exception to the flaws of some packages.
type packageRef struct {
	Name     string `yaml:"name"`
	Version  string `yaml:"version"`
	Type     string `yaml:"type"` // of the package URL
	PURL     string `yaml:"purl"` // without a version, it is every version
	Location string `yaml:"location"`
	Image    string `yaml:"image"` // or whatever else holds the package
}

// The keys of an entry, of its objects and of its packages.
var (
	entryKeys   = []string{"id", "controls", "objects", "packages", "owner", "reason", "expires"}
	objectKeys  = []string{"kind", "namespace", "name", "file"}
	packageKeys = []string{"name", "version", "type", "purl", "location", "image"}
)

// FromConfig reads the list "exceptions" of a .foil.yaml file. Every other key
// of the file belongs to the configuration of the command and is left alone.
// An unknown key within the list is an error: a misspelt limit must not turn
// into an exception for everything.
func FromConfig(data []byte, file string) ([]Exception, error) {
	var document struct {
		Exceptions yaml.Node `yaml:"exceptions"`
	}
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := checkList(&document.Exceptions); err != nil {
		return nil, fmt.Errorf("%s: exceptions: %w", file, err)
	}
	var list []Exception
	for i, n := range resolved(&document.Exceptions).Content {
		e, err := readEntry(n)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: exception %d: %w", file, n.Line, i+1, err)
		}
		x := e.exception(fmt.Sprintf("%s#%d", file, i+1), graph.Position{File: file, Line: n.Line, Column: n.Column})
		if slices.ContainsFunc(list, func(other Exception) bool { return other.ID == x.ID }) {
			return nil, fmt.Errorf("%s:%d: exception %d: the id %q is taken by another one", file, n.Line, i+1, x.ID)
		}
		list = append(list, x)
	}
	return list, nil
}

func readEntry(n *yaml.Node) (e entry, err error) {
	if err := checkEntry(n); err != nil {
		return e, err
	}
	if err := n.Decode(&e); err != nil {
		return e, err
	}
	for _, o := range e.Objects {
		if o == (objectRef{}) {
			return e, fmt.Errorf("an object without %s would be every object: leave out objects to mean that", strings.Join(objectKeys, ", "))
		}
	}
	for _, p := range e.Packages {
		if p == (packageRef{}) {
			return e, fmt.Errorf("a package without %s would be every package: leave out packages to mean that", strings.Join(packageKeys, ", "))
		}
		if _, err := p.flaw(); err != nil {
			return e, err
		}
	}
	return e, nil
}

// checkEntry finds what decoding would let pass, or would tell in words of Go.
func checkEntry(n *yaml.Node) error {
	if err := checkKeys(n, entryKeys); err != nil {
		return err
	}
	for _, name := range []string{"controls", "objects", "packages"} {
		if err := checkList(field(n, name)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, object := range field(n, "objects").Content {
		if err := checkKeys(object, objectKeys); err != nil {
			return err
		}
	}
	for _, p := range field(n, "packages").Content {
		if err := checkKeys(p, packageKeys); err != nil {
			return err
		}
	}
	return nil
}

// checkList accepts a list, and nothing at all.
func checkList(n *yaml.Node) error {
	if n = resolved(n); n.Kind == 0 || n.Kind == yaml.SequenceNode || n.Tag == "!!null" {
		return nil
	}
	return fmt.Errorf("line %d: want a list", n.Line)
}

// resolved is the node that an alias stands for.
func resolved(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// field is the value of a key of a map, an empty node when it is not there.
func field(n *yaml.Node, name string) *yaml.Node {
	n = resolved(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return resolved(n.Content[i+1])
		}
	}
	return &yaml.Node{}
}

func checkKeys(n *yaml.Node, known []string) error {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want a map with the keys %s", n.Line, strings.Join(known, ", "))
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; !slices.Contains(known, key.Value) {
			return fmt.Errorf("line %d: unknown key %q: want %s", key.Line, key.Value, strings.Join(known, ", "))
		}
	}
	return nil
}

func (e *entry) exception(id string, at graph.Position) Exception {
	x := Exception{Position: at}
	x.ID, x.Owner, x.Reason = e.ID, e.Owner, e.Reason
	if x.ID == "" {
		x.ID = id
	}
	x.Source = fmt.Sprintf("%s:%d", at.File, at.Line)
	x.Rules = rulesOf(e.Controls)
	for _, o := range e.Objects {
		x.Objects = append(x.Objects, Object{Kind: glob(o.Kind), Namespace: glob(o.Namespace), Name: glob(o.Name), File: glob(o.File)})
	}
	for _, p := range e.Packages {
		f, _ := p.flaw() // readEntry has looked at it
		x.Flaws = append(x.Flaws, f)
	}
	var date lang.Text
	x.Expires, date = parseDate(e.Expires)
	x.Defect = x.defect(date)
	return x
}

func (p *packageRef) flaw() (Flaw, error) {
	f := Flaw{Package: glob(p.Name), Version: p.Version, Type: p.Type, Artifact: glob(p.Image)}
	if p.Location != "" {
		f.Location = []Pattern{glob(strings.TrimPrefix(p.Location, "/"))}
	}
	if p.PURL != "" {
		u, err := purl.Parse(p.PURL)
		if err != nil {
			return f, err
		}
		f.PURLs = []purl.URL{u}
	}
	return f, nil
}

// rulesOf reads ids and aliases of rules, or globs for them; empty ones are no
// rules.
func rulesOf(controls []string) []Rule {
	var rules []Rule
	for _, name := range controls {
		if name = strings.TrimSpace(name); name != "" {
			rules = append(rules, Rule{ID: globFold(name)})
		}
	}
	return rules
}
