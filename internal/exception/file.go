package exception

import (
	"errors"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/graph"
)

// entry is one item of the list "exceptions" in .foil.yaml.
type entry struct {
	ID       string      `yaml:"id"`
	Controls []string    `yaml:"controls"`
	Objects  []objectRef `yaml:"objects"`
	Owner    string      `yaml:"owner"`
	Reason   string      `yaml:"reason"`
	Expires  string      `yaml:"expires"` // 2027-01-31, or never
}

type objectRef struct {
	Kind      string `yaml:"kind"`
	Namespace string `yaml:"namespace"`
	Name      string `yaml:"name"`
	File      string `yaml:"file"`
}

// Never is the date of an exception that does not end. It has to be written
// out: to forget the date is not the same.
const Never = "never"

// FromConfig reads the list "exceptions" of a .foil.yaml file. Every other key
// of the file belongs to the configuration of the command and is left alone.
func FromConfig(data []byte, file string) ([]Exception, error) {
	var document struct {
		Exceptions []yaml.Node `yaml:"exceptions"`
	}
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var list []Exception
	for i := range document.Exceptions {
		n := &document.Exceptions[i]
		var e entry
		if err := n.Decode(&e); err != nil {
			return nil, fmt.Errorf("%s:%d: exception %d: %w", file, n.Line, i+1, err)
		}
		list = append(list, e.exception(fmt.Sprintf("%s#%d", file, i+1), graph.Position{File: file, Line: n.Line, Column: n.Column}))
	}
	return list, nil
}

func (e *entry) exception(id string, at graph.Position) Exception {
	x := Exception{Controls: e.Controls, Position: at}
	x.ID, x.Owner, x.Reason = e.ID, e.Owner, e.Reason
	if x.ID == "" {
		x.ID = id
	}
	x.Source = fmt.Sprintf("%s:%d", at.File, at.Line)
	for _, o := range e.Objects {
		x.Objects = append(x.Objects, Object(o))
	}
	var err error
	x.Expires, err = parseDate(e.Expires)
	x.Defect = defect(&x, err)
	return x
}

// errNoDate says that an exception does not say when it ends.
var errNoDate = errors.New(`no end: give expires as a date (2027-01-31), or "never"`)

// parseDate reads the last day of an exception, or a moment in RFC 3339. A day
// counts whole, in UTC.
func parseDate(text string) (time.Time, error) {
	switch text {
	case "":
		return time.Time{}, errNoDate
	case Never:
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("expires %q is no date: want 2027-01-31, RFC 3339 or never", text)
	}
	return moment, nil
}

func defect(x *Exception, date error) string {
	switch {
	case date != nil:
		return date.Error()
	case len(x.Controls) == 0:
		return "no controls: name the ids that it is about"
	case x.Owner == "":
		return "no owner: say who decided"
	case x.Reason == "":
		return "no reason: say why the fault is accepted"
	}
	return ""
}
