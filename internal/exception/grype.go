package exception

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/lang"
)

// grypeRule is an item of the list "ignore" in .grype.yaml.
type grypeRule struct {
	Vulnerability  string       `yaml:"vulnerability"`
	IncludeAliases bool         `yaml:"include-aliases"`
	Reason         string       `yaml:"reason"`
	Namespace      string       `yaml:"namespace"`
	FixState       string       `yaml:"fix-state"`
	Package        grypePackage `yaml:"package"`
	VEXStatus      string       `yaml:"vex-status"`
	VEXReason      string       `yaml:"vex-justification"`
	MatchType      string       `yaml:"match-type"`
}

type grypePackage struct {
	Name     string `yaml:"name"`
	Version  string `yaml:"version"`
	Language string `yaml:"language"`
	Type     string `yaml:"type"`
	Location string `yaml:"location"`
	Upstream string `yaml:"upstream-name"`
}

// FromGrype reads the list "ignore" of a configuration of grype. Every other key
// belongs to grype and is left alone.
func FromGrype(data []byte, file string) ([]Exception, error) {
	var document struct {
		Ignore []yaml.Node `yaml:"ignore"`
	}
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var list []Exception
	for i := range document.Ignore {
		n := resolved(&document.Ignore[i])
		var rule grypeRule
		if err := n.Decode(&rule); err != nil {
			return nil, fmt.Errorf("%s:%d: ignore rule %d: %w", file, n.Line, i+1, err)
		}
		x := foreign(file, i+1, n.Line, rule.Reason)
		x.Rules = []Rule{{}}
		flaw, fault := rule.flaw()
		if x.Flaws = []Flaw{flaw}; fault == (lang.Text{}) {
			fault = grypeUnknown(n)
		}
		x.Defect = fault
		list = append(list, x)
	}
	return list, nil
}

// grypeUnknown finds a key that foil does not know.
func grypeUnknown(n *yaml.Node) lang.Text {
	return firstFault(
		firstUnknown(n, "vulnerability", "include-aliases", "reason", "namespace", "fix-state", "package", "vex-status", "vex-justification", "match-type"),
		firstUnknown(field(n, "package"), "name", "version", "language", "type", "location", "upstream-name"),
	)
}

func firstUnknown(n *yaml.Node, known ...string) lang.Text {
	n = resolved(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !slices.Contains(known, n.Content[i].Value) {
			return unknownKey(n.Content[i].Value)
		}
	}
	return lang.Text{}
}

func (r *grypeRule) flaw() (f Flaw, fault lang.Text) {
	f = Flaw{
		ID: r.Vulnerability, Aliases: r.IncludeAliases, Namespace: r.Namespace, FixState: r.FixState, Version: r.Package.Version, Type: r.Package.Type,
		Language: r.Package.Language, Status: r.VEXStatus, Justification: r.VEXReason, MatchType: r.MatchType,
	}
	limit := *r
	limit.Reason, limit.IncludeAliases = "", false
	if limit == (grypeRule{}) {
		return f, boundless()
	}
	if r.Package.Location != "" {
		location, fault := locationGlob(r.Package.Location)
		if fault != (lang.Text{}) {
			return f, fault
		}
		f.Location = []Pattern{location}
	}
	var fault2 lang.Text
	f.Package, fault = nameExpression(r.Package.Name)
	f.Upstream, fault2 = nameExpression(r.Package.Upstream)
	return f, firstFault(fault, fault2)
}

// nameExpression is a name of a package, which grype takes for a regular
// expression.
func nameExpression(text string) (Pattern, lang.Text) {
	if regexp.QuoteMeta(text) == text {
		return glob(text), lang.Text{}
	}
	p, err := expression("", text)
	if err != nil { // grype then compares the letters
		p, err = expression("", regexp.QuoteMeta(text))
	}
	return p, untranslated(err)
}

// locationGlob is a glob for paths, which stand without a leading slash here.
func locationGlob(text string) (Pattern, lang.Text) {
	if strings.ContainsAny(text, "[{\\") {
		return Pattern{}, lang.Text{
			EN: fmt.Sprintf("the location %q uses more than *, ** and ?, which foil does not support", text),
			ZH: fmt.Sprintf("位置 %q 使用了 *、** 和 ? 以外的写法，foil 不支持", text),
		}
	}
	return glob(strings.TrimPrefix(text, "/")), lang.Text{}
}
