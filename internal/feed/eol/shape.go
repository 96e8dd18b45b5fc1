package eol

import (
	"encoding/json"
	"fmt"
	"strings"
)

// answer is the body of an answer of the API: one product, or the list of all.
type answer struct {
	Version   string          `json:"schema_version"`
	Generated string          `json:"generated_at"`
	Modified  string          `json:"last_modified"`
	Result    json.RawMessage `json:"result"`
}

type productShape struct {
	Name        string          `json:"name"`
	Aliases     []string        `json:"aliases"`
	Label       string          `json:"label"`
	Category    string          `json:"category"`
	Tags        []string        `json:"tags"`
	Identifiers []identityShape `json:"identifiers"`
	Labels      struct {
		EOL  string `json:"eol"`
		EOES string `json:"eoes"`
	} `json:"labels"`
	Links struct {
		HTML string `json:"html"`
	} `json:"links"`
	Releases []cycleShape `json:"releases"`
}

type identityShape struct{ Type, ID string }

type cycleShape struct {
	Name        string       `json:"name"`
	Codename    string       `json:"codename"`
	Label       string       `json:"label"`
	ReleaseDate dateShape    `json:"releaseDate"`
	IsLTS       *bool        `json:"isLts"`
	LTSFrom     dateShape    `json:"ltsFrom"`
	IsEOAS      *bool        `json:"isEoas"`
	EOASFrom    dateShape    `json:"eoasFrom"`
	IsEOL       *bool        `json:"isEol"`
	EOLFrom     dateShape    `json:"eolFrom"`
	IsEOES      *bool        `json:"isEoes"`
	EOESFrom    dateShape    `json:"eoesFrom"`
	Latest      *latestShape `json:"latest"`
}

type latestShape struct {
	Name string    `json:"name"`
	Date dateShape `json:"date"`
}

// dateShape is a date or a boolean; null is neither.
type dateShape struct{ Mark }

// UnmarshalJSON implements json.Unmarshaler.
func (d *dateShape) UnmarshalJSON(data []byte) error {
	switch text := string(data); text {
	case "null", `""`:
	case "true", "false":
		d.Mark = Flag(text == "true")
	default:
		var value string
		if err := json.Unmarshal(data, &value); err != nil {
			return fmt.Errorf("%s is neither a date nor true, false or null", text)
		}
		day, err := ParseDay(value)
		if err != nil {
			return err
		}
		d.Mark = On(day)
	}
	return nil
}

// or is the date, or what a flag says where there is none. Flags that stand
// beside a date were computed from it for another day.
func (d dateShape) or(flag *bool) Mark {
	if d.Known() || flag == nil {
		return d.Mark
	}
	return Flag(*flag)
}

// read takes the products out of an answer of the API, and says when it was
// made.
func read(data []byte) (list []Product, made string, err error) {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return nil, "", fmt.Errorf("read the JSON: %w", err)
	}
	raw := []byte(a.Result)
	if raw == nil {
		raw = data
	}
	var shapes []productShape
	if isList := strings.HasPrefix(strings.TrimSpace(string(raw)), "["); isList {
		err = json.Unmarshal(raw, &shapes)
	} else {
		shapes = make([]productShape, 1)
		err = json.Unmarshal(raw, &shapes[0])
	}
	if err != nil {
		return nil, "", fmt.Errorf("read the products: %w", err)
	}
	for i := range shapes {
		p, err := shapes[i].product()
		if err != nil {
			return nil, "", err
		}
		list = append(list, p)
	}
	made = a.Modified
	if made == "" {
		made = a.Generated
	}
	return list, made, nil
}

func (s *productShape) product() (Product, error) {
	if s.Name == "" || len(s.Releases) == 0 {
		return Product{}, fmt.Errorf("product %q has no name or no releases: want the shape of /api/v1/products/full/ of endoflife.date", s.Name)
	}
	p := Product{
		Name: s.Name, Label: s.Label, Aliases: s.Aliases, Category: s.Category, Tags: s.Tags,
		Page: s.Links.HTML, Support: s.Labels.EOL, Extended: s.Labels.EOES,
	}
	if p.Label == "" {
		p.Label = p.Name
	}
	for _, id := range s.Identifiers {
		p.Identities = append(p.Identities, Identity(id))
	}
	for i := range s.Releases {
		p.Cycles = append(p.Cycles, s.Releases[i].cycle())
	}
	return p, nil
}

func (s *cycleShape) cycle() Cycle {
	c := Cycle{
		Name: s.Name, Codename: s.Codename, Label: s.Label, Released: s.ReleaseDate.Mark,
		LTS: s.LTSFrom.or(s.IsLTS), EOAS: s.EOASFrom.or(s.IsEOAS), EOL: s.EOLFrom.or(s.IsEOL), EOES: s.EOESFrom.or(s.IsEOES),
	}
	if s.Latest != nil {
		c.Latest, c.LatestOn = s.Latest.Name, s.Latest.Date.Mark
	}
	return c
}
