package osv

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The bounds of a record. The largest that publishers offer are far below.
const (
	maxRecordSize  = 32 << 20
	maxRecordDepth = 100
)

// record is an advisory as JSON has it.
type record struct {
	ID        string          `json:"id"`
	Modified  string          `json:"modified"`
	Published string          `json:"published"`
	Withdrawn string          `json:"withdrawn"`
	Aliases   []string        `json:"aliases"`
	Upstream  []string        `json:"upstream"`
	Related   []string        `json:"related"`
	Summary   string          `json:"summary"`
	Details   string          `json:"details"`
	Severity  []Severity      `json:"severity"`
	Affected  []entry         `json:"affected"`
	Refs      []Reference     `json:"references"`
	Database  json.RawMessage `json:"database_specific"`
	Ecosystem json.RawMessage `json:"ecosystem_specific"` // some publishers put it here
}

// entry is one element of affected.
type entry struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Ranges    []Range         `json:"ranges"`
	Versions  []string        `json:"versions"`
	Severity  []Severity      `json:"severity"`
	Database  json.RawMessage `json:"database_specific"`
	Ecosystem json.RawMessage `json:"ecosystem_specific"`
}

// Parse reads one record of the OSV schema. Fields that foil does not use are
// passed over; what publishers add in database_specific and ecosystem_specific
// is read as far as its meaning is known.
func Parse(data []byte) (Advisory, error) {
	if err := withinBounds(data); err != nil {
		return Advisory{}, fmt.Errorf("advisory: %w", err)
	}
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return Advisory{}, fmt.Errorf("advisory %s: not a record of the OSV schema: %w", quoted(r.ID), err)
	}
	if r.ID == "" {
		return Advisory{}, errors.New("advisory: the record has no id")
	}
	a, err := r.advisory()
	if err != nil {
		return Advisory{}, fmt.Errorf("advisory %s: %w", quoted(r.ID), err)
	}
	return a, nil
}

// withinBounds looks at the nesting before a decoder follows it.
func withinBounds(data []byte) error {
	if len(data) > maxRecordSize {
		return fmt.Errorf("the record has %d bytes, more than the %d that are read", len(data), maxRecordSize)
	}
	depth, inString := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxRecordDepth {
				return fmt.Errorf("the record nests deeper than the %d levels that are read", maxRecordDepth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

func (r *record) advisory() (Advisory, error) {
	a := Advisory{
		ID: r.ID, Aliases: r.Aliases, Upstream: r.Upstream, Related: r.Related,
		Summary: r.Summary, Details: r.Details, Severity: r.Severity, References: telling(r.Refs),
	}
	if err := r.times(&a); err != nil {
		return a, err
	}
	own := readSpecific(r.Database, r.Ecosystem)
	a.CWEs = own.weaknesses()
	a.Rating = firstOf(own.rating(), ratingOf(r.Severity), leadingWord(r.Summary))
	stream := moduleStream(r.Summary)
	for i := range r.Affected {
		a.Affected = append(a.Affected, r.Affected[i].affected(stream))
	}
	return a, nil
}

// times reads the dates. A record whose date of withdrawal can't be read is
// refused: guessing would either hide a flaw or invent one.
func (r *record) times(a *Advisory) error {
	var err error
	if a.Withdrawn, err = timeOf(r.Withdrawn); err != nil {
		return fmt.Errorf("withdrawn: %w", err)
	}
	if a.Published, err = timeOf(r.Published); err != nil {
		return fmt.Errorf("published: %w", err)
	}
	if a.Modified, err = timeOf(r.Modified); err != nil {
		return fmt.Errorf("modified: %w", err)
	}
	if a.Modified.IsZero() { // as in the repository of the Go vulnerability database
		a.Modified = a.Published
	}
	return nil
}

func timeOf(text string) (time.Time, error) {
	if text == "" || strings.HasPrefix(text, "1-01-01T") { // no time, as some tools write it
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02T15:04:05", time.DateTime} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is not a time of RFC 3339", quoted(text))
}

func (e *entry) affected(stream string) Affected {
	own := readSpecific(e.Ecosystem, e.Database)
	a := Affected{
		Ecosystem: canonical(e.Package.Ecosystem), Name: e.Package.Name, Versions: e.Versions, Ranges: e.Ranges,
		Severity: e.Severity, Rating: firstOf(own.rating(), ratingOf(e.Severity)), State: own.state(),
		Imports: own.Imports, Architectures: own.Affects.Arch, Systems: own.Affects.OS,
	}
	for i := range a.Ranges {
		a.Ranges[i].Type = RangeType(strings.ToUpper(string(a.Ranges[i].Type)))
		a.Ranges[i].Events = single(a.Ranges[i].Events)
	}
	if stream != "" && builtAsModule(a.Ranges) {
		a.Module = stream
	}
	return a
}

// canonical corrects names of ecosystems that old records write otherwise.
func canonical(ecosystem string) string {
	switch ecosystem {
	case "bitnami":
		return "Bitnami"
	case "kubernetes":
		return "Kubernetes"
	}
	return ecosystem
}

// single splits events with several fields, which the schema forbids and some
// old records hold.
func single(events []Event) []Event {
	if !slices.ContainsFunc(events, func(e Event) bool { return e.fields() != 1 }) {
		return events
	}
	var split []Event
	for _, e := range events {
		for _, one := range []Event{{Introduced: e.Introduced}, {Fixed: e.Fixed}, {LastAffected: e.LastAffected}, {Limit: e.Limit}} {
			if one != (Event{}) {
				split = append(split, one)
			}
		}
	}
	return split
}

func (e *Event) fields() int {
	n := 0
	for _, value := range []string{e.Introduced, e.Fixed, e.LastAffected, e.Limit} {
		if value != "" {
			n++
		}
	}
	return n
}

// quoted makes text of others fit for a message.
func quoted(text string) string {
	if len(text) > 80 {
		text = text[:80] + "..."
	}
	return fmt.Sprintf("%q", text)
}
