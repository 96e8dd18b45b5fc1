package advice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/feed/eol"
	"github.com/foilsec/foil/internal/lang"
)

// Kind is what a piece of advice is for.
type Kind string

// The kinds, in the order of their weight.
const (
	Supported Kind = "supported" // the base is out of standard support, or will be soon
	Current   Kind = "current"   // the base names a release that has later fixes
	Slimmer   Kind = "slimmer"   // there is a variant with less in it
	Bare      Kind = "bare"      // the program needs no distribution
)

// Advice is one other base.
type Advice struct {
	Kind    Kind   `json:"kind"`
	Base    string `json:"base"`    // as it is, as far as it is known
	Instead string `json:"instead"` // the reference to build on
	// Confirmed says that the tag is in the list that the caller gave. Without it
	// nobody looked whether the image exists.
	Confirmed bool      `json:"confirmed"`
	Reason    lang.Text `json:"reason"`
}

// Options are what advice is made from.
type Options struct {
	Data *eol.DB
	Now  time.Time
	// Tags are those of the base's repository; nil when nobody asked.
	Tags []string
}

// soon is how long before the end of support another base is advised.
const soon = 180

// For gives advice on the base of an artifact, the weightiest first; nothing for
// what is no image or has no base that is known.
func For(a *artifact.Artifact, o Options) ([]Advice, error) {
	base := baseOf(a)
	if base == "" || a.Form != artifact.Container {
		return nil, nil
	}
	c := &counsel{Options: o, artifact: a, base: base, today: eol.DayOf(o.Now)}
	c.repository, c.tag, _ = artifact.Split(base)
	if err := c.support(); err != nil {
		return nil, fmt.Errorf("advise on the base of %s: %w", a.Reference, err)
	}
	c.slimmer()
	c.bare()
	return c.list, nil
}

// baseOf is the base of an image: what it was built on; or its operating system
// as an image, since most begin with that; or the image itself when it is one
// that others build on.
func baseOf(a *artifact.Artifact) string {
	if a.Base.Reference != "" {
		return a.Base.Reference
	}
	if repository, tag, _ := artifact.Split(a.Reference); tag != "" && strings.HasPrefix(repository, "docker.io/library/") {
		return a.Reference
	}
	version := a.OS.VersionID
	switch a.OS.ID {
	case "debian", "ubuntu":
	case "alpine":
		version = firstParts(version, 2)
	default:
		return ""
	}
	if version == "" {
		return ""
	}
	return a.OS.ID + ":" + version
}

func firstParts(version string, n int) string {
	list := strings.Split(version, ".")
	return strings.Join(list[:min(n, len(list))], ".")
}

type counsel struct {
	Options
	artifact              *artifact.Artifact
	base, repository, tag string
	today                 eol.Day
	list                  []Advice
}

// name is the repository as the base writes it.
func (c *counsel) name() string {
	name, _, _ := strings.Cut(c.base, "@")
	return strings.TrimSuffix(name, ":"+c.tag)
}

// offer adds advice for another tag, unless it is known not to exist.
func (c *counsel) offer(kind Kind, tag string, reason lang.Text) bool {
	if c.Tags != nil && !slices.Contains(c.Tags, tag) {
		return false
	}
	c.list = append(c.list, Advice{
		Kind: kind, Base: c.base, Instead: c.name() + ":" + tag, Confirmed: c.Tags != nil, Reason: reason,
	})
	return true
}

func say(en, zh string, args ...any) lang.Text {
	return lang.Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}
}
