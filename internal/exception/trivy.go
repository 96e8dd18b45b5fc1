package exception

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/purl"
)

// FromTrivy reads a .trivyignore file: an id in each line, "exp:" and a date
// behind it. The comment above an id, or behind it, is the reason.
func FromTrivy(data []byte, file string) ([]Exception, error) {
	var list []Exception
	var comment []string
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		text, behind, _ := strings.Cut(strings.TrimSpace(line), "#")
		fields := strings.Fields(text)
		switch {
		case len(fields) == 0 && behind == "": // an empty line ends a comment
			comment = nil
			continue
		case len(fields) == 0:
			comment = append(comment, strings.TrimSpace(behind))
			continue
		}
		reason := strings.TrimSpace(behind)
		if reason == "" {
			reason = strings.Join(comment, " ")
		}
		x := foreign(file, len(list)+1, number, reason)
		x.Rules = []Rule{{ID: exact(fields[0])}}
		x.Expires, x.Defect = trivyEnd(fields[1:])
		list = append(list, x)
		comment = nil
	}
	return list, nil
}

// exact is a pattern for one id in any letters.
func exact(id string) Pattern {
	p, _ := expression("(?i)", quoted(id)) // quoted text always compiles
	return p
}

// trivyEnd reads the words behind an id. What is not "exp:" trivy passes over.
func trivyEnd(words []string) (end time.Time, fault lang.Text) {
	for _, word := range words {
		date, found := strings.CutPrefix(word, "exp:")
		if !found {
			continue
		}
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			return end, lang.Text{EN: fmt.Sprintf("%q is no date: want exp:2027-01-31", word), ZH: fmt.Sprintf("%q 不是日期：应为 exp:2027-01-31", word)}
		}
		end = day
	}
	return end, lang.Text{}
}

// trivyEntry is an item of a list in .trivyignore.yaml.
type trivyEntry struct {
	ID        string    `yaml:"id"`
	Paths     []string  `yaml:"paths"`
	PURLs     []string  `yaml:"purls"`
	Statement string    `yaml:"statement"`
	End       yaml.Node `yaml:"expired_at"`
}

// FromTrivyYAML reads a .trivyignore.yaml file. Licenses are passed over: foil
// has no findings about them.
func FromTrivyYAML(data []byte, file string) ([]Exception, error) {
	var document struct {
		Vulnerabilities   []yaml.Node `yaml:"vulnerabilities"`
		Misconfigurations []yaml.Node `yaml:"misconfigurations"`
		Secrets           []yaml.Node `yaml:"secrets"`
	}
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var list []Exception
	for _, part := range []struct {
		nodes []yaml.Node
		limit func(*trivyEntry, *Exception) lang.Text
	}{{document.Vulnerabilities, limitFlaw}, {document.Misconfigurations, limitFile}, {document.Secrets, limitSecret}} {
		for i := range part.nodes {
			n := resolved(&part.nodes[i])
			var e trivyEntry
			if err := n.Decode(&e); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, n.Line, err)
			}
			list = append(list, e.exception(file, len(list)+1, n, part.limit))
		}
	}
	return list, nil
}

func (e *trivyEntry) exception(file string, number int, n *yaml.Node, limit func(*trivyEntry, *Exception) lang.Text) Exception {
	x := foreign(file, number, n.Line, e.Statement)
	x.Rules = rulesOf([]string{e.ID})
	fault := x.defect(lang.Text{})
	if e.ID != "" {
		x.Rules = []Rule{{ID: exact(e.ID)}}
	}
	end, endFault := trivyDate(e.End.Value)
	x.Expires = end
	x.Defect = firstFault(fault, endFault, firstUnknown(n, "id", "paths", "purls", "statement", "expired_at"), limit(e, &x))
	return x
}

func trivyDate(text string) (time.Time, lang.Text) {
	if text == "" {
		return time.Time{}, lang.Text{}
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(form, text); err == nil {
			return at, lang.Text{}
		}
	}
	return time.Time{}, lang.Text{EN: fmt.Sprintf("expired_at %q is no date: want 2027-01-31", text), ZH: fmt.Sprintf("expired_at %q 不是日期：应为 2027-01-31", text)}
}

func limitFlaw(e *trivyEntry, x *Exception) lang.Text {
	if len(e.Paths) == 0 && len(e.PURLs) == 0 {
		return lang.Text{}
	}
	var f Flaw
	for _, text := range e.Paths {
		p, fault := locationGlob(text)
		if fault != (lang.Text{}) {
			return fault
		}
		f.Location = append(f.Location, p)
	}
	for _, text := range e.PURLs {
		u, err := purl.Parse(text)
		if err != nil {
			return untranslated(err)
		}
		f.PURLs = append(f.PURLs, u)
	}
	x.Flaws = []Flaw{f}
	return lang.Text{}
}

func limitFile(e *trivyEntry, x *Exception) lang.Text {
	for _, text := range e.Paths {
		p, fault := locationGlob(text)
		if fault != (lang.Text{}) {
			return fault
		}
		x.Objects = append(x.Objects, Object{File: p})
	}
	return lang.Text{}
}

func limitSecret(e *trivyEntry, _ *Exception) lang.Text {
	if len(e.Paths) > 0 {
		return lang.Text{EN: "paths of secrets are not supported: leave them out", ZH: "不支持机密的 paths：请删除它们"}
	}
	return lang.Text{}
}
