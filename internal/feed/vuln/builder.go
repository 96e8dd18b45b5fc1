package vuln

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/osv"
)

// The bounds of what a builder takes.
const (
	mostAdvisories = 4 << 20
	longestName    = 1 << 10
)

// Builder makes a database. What it was given lies in it in a compact form, so
// that feeds far larger than the memory of records would be can be put in.
type Builder struct {
	stamps        []Stamp
	strings       *interner
	heads         []head
	headTokens    []byte
	bodyTokens    []byte
	exploited     map[string]Exploited
	probabilities map[uint32]Probability
}

// head is an advisory in a builder: places of its tokens, and what is indexed.
type head struct {
	id       uint32 // of the interner
	feed     int
	modified int64
	from, to int // in headTokens
	bodies   []body
	aliases  []uint32
	upstream []uint32
}

// body is what an advisory says of one package.
type body struct {
	base, name uint32 // of the interner; the name is in normal form
	from, to   int    // in bodyTokens
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	return &Builder{strings: newInterner(), exploited: map[string]Exploited{}, probabilities: map[uint32]Probability{}}
}

// Feed is a number for a feed. A feed that is there already keeps its number
// and its stamp. Records, releases and the time of the newest record are
// counted by the builder.
func (b *Builder) Feed(s Stamp) int {
	if i := slices.IndexFunc(b.stamps, func(o Stamp) bool { return o.Feed == s.Feed }); i >= 0 {
		return i
	}
	s.Records, s.Releases = 0, nil
	if s.Ecosystem != "" {
		s.Licences = nil
	}
	b.stamps = append(b.stamps, s)
	return len(b.stamps) - 1
}

// Stamp is the stamp of a feed, to add to what is said of its source.
func (b *Builder) Stamp(feed int) *Stamp { return &b.stamps[feed] }

// Add takes what an advisory says of packages of the feed's ecosystem.
func (b *Builder) Add(feed int, a *osv.Advisory) error {
	s := &b.stamps[feed]
	if err := checkAdvisory(a); err != nil {
		return err
	}
	if len(b.heads) >= mostAdvisories {
		return fmt.Errorf("there are more than %d advisories", mostAdvisories)
	}
	h := head{id: b.strings.number(a.ID), feed: feed, modified: a.Modified.Unix(), from: len(b.headTokens)}
	weight := 0
	for _, name := range namesOf(a, s.Ecosystem) {
		part, itsWeight := b.body(a, s.Ecosystem, name)
		h.bodies = append(h.bodies, part)
		weight += itsWeight
	}
	t := tokens{strings: b.strings, bytes: b.headTokens}
	t.advisory(a)
	b.headTokens, h.to = t.bytes, len(t.bytes)
	if weight > mostInRecord || t.weight > mostInRecord/2 {
		return fmt.Errorf("%s is too large", a.ID)
	}
	h.aliases = b.numbers(a.Aliases)
	h.upstream = b.numbers(upstreamOf(a))
	b.heads = append(b.heads, h)
	s.count(a)
	return nil
}

// checkAdvisory refuses what no publisher means.
func checkAdvisory(a *osv.Advisory) error {
	if a.ID == "" || len(a.ID) > longestName {
		return fmt.Errorf("an advisory has an ID of %d bytes", len(a.ID))
	}
	if len(a.Affected) > mostStructures {
		return fmt.Errorf("%s names %d packages, more than %d", a.ID, len(a.Affected), mostStructures)
	}
	for i := range a.Affected {
		p := &a.Affected[i]
		if p.Name == "" || len(p.Name) > longestName || len(p.Ecosystem) > longestName {
			return fmt.Errorf("%s names a package without a name, or with one that is too long", a.ID)
		}
		if len(p.Versions) > mostElements || len(p.Ranges) > mostStructures || len(p.Imports) > mostStructures {
			return fmt.Errorf("%s lists too many versions of %s", a.ID, p.Name)
		}
	}
	return nil
}

// upstreamOf are the flaws that an advisory passes on. AlmaLinux lists them as
// related.
func upstreamOf(a *osv.Advisory) []string {
	if strings.HasPrefix(a.ID, "AL") && len(a.Upstream) == 0 {
		return a.Related
	}
	return a.Upstream
}

func (b *Builder) numbers(names []string) []uint32 {
	var list []uint32
	for _, name := range names {
		if name != "" {
			list = append(list, b.strings.number(name))
		}
	}
	return list
}

// namesOf lists the packages of an ecosystem that an advisory names, each once,
// in normal form.
func namesOf(a *osv.Advisory, base string) []string {
	var names []string
	seen := map[string]bool{}
	for i := range a.Affected {
		if p := &a.Affected[i]; BaseOf(p.Ecosystem) == base {
			if name := osv.NormalName(base, p.Name); !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// BaseOf is an ecosystem without its release.
func BaseOf(ecosystem string) string {
	base, _, _ := strings.Cut(ecosystem, ":")
	return base
}

// body puts in what an advisory says of one package, and tells its weight.
func (b *Builder) body(a *osv.Advisory, base, name string) (body, int) {
	var entries []osv.Affected
	for i := range a.Affected {
		if p := &a.Affected[i]; BaseOf(p.Ecosystem) == base && osv.NormalName(base, p.Name) == name {
			entries = append(entries, *p)
		}
	}
	t := tokens{strings: b.strings, bytes: b.bodyTokens}
	from := len(t.bytes)
	t.affected(base, entries[0].Name, entries)
	b.bodyTokens = t.bytes
	return body{base: b.strings.number(base), name: b.strings.number(name), from: from, to: len(t.bytes)}, t.weight
}

// count adds an advisory to what a stamp says of its feed.
func (s *Stamp) count(a *osv.Advisory) {
	s.Records++
	if a.Modified.After(s.Newest) {
		s.Newest = a.Modified.UTC().Truncate(time.Second)
	}
	if l := licenceOf(a.ID); l != "" && !slices.Contains(s.Licences, l) {
		s.Licences = append(s.Licences, l)
	}
	for i := range a.Affected {
		base, release, scoped := strings.Cut(a.Affected[i].Ecosystem, ":")
		if base == s.Ecosystem && (scoped || len(s.Releases) > 0) && !slices.Contains(s.Releases, release) {
			s.Releases = append(s.Releases, release)
		}
	}
}

// join keeps what is known of a feed when single records are added to it.
func (s *Stamp) join(whole *Stamp) {
	if !s.Partial || whole.Partial {
		return
	}
	counted := *s
	*s = *whole
	s.Records, s.Releases, s.Licences, s.Newest = counted.Records, counted.Releases, counted.Licences, counted.Newest
}

// AddExploited takes an entry of the catalogue of exploited flaws.
func (b *Builder) AddExploited(feed int, cve string, e *Exploited) {
	if _, there := b.exploited[cve]; !there {
		b.stamps[feed].Records++
	}
	b.exploited[cve] = *e
}

// AddProbability takes the chance that a flaw is exploited. What is no CVE is
// refused.
func (b *Builder) AddProbability(feed int, cve string, p Probability) error {
	n, ok := numberOf(cve)
	if !ok {
		return fmt.Errorf("%q is no CVE", cutText(cve, 40))
	}
	if _, there := b.probabilities[n]; !there {
		b.stamps[feed].Records++
	}
	b.probabilities[n] = p
	return nil
}

// AddAll takes the feeds of another database, except those that are not wanted.
func (b *Builder) AddAll(db *DB, wanted func(*Stamp) bool) error {
	feeds := map[string]int{}
	for _, s := range db.Stamps() {
		if wanted(&s) {
			n := b.Feed(s)
			feeds[s.Feed] = n
			b.stamps[n].join(&s)
		}
	}
	for i := range db.Len() {
		a, feed, err := db.At(i)
		if err != nil {
			return fmt.Errorf("read the present database: %w", err)
		}
		if n, ok := feeds[feed]; ok {
			if err := b.Add(n, &a); err != nil {
				return err
			}
		}
	}
	return b.addSignals(db, feeds)
}

func (b *Builder) addSignals(db *DB, feeds map[string]int) error {
	if feed, ok := feeds[ExploitedFeed]; ok {
		for i := range db.rows(exploitedTable) {
			c := db.row(exploitedTable, exploitedSection, i)
			cve, e := c.exploited()
			if c.bad {
				return fmt.Errorf("read the present database: %w", ErrDamaged)
			}
			b.AddExploited(feed, cve, &e)
		}
	}
	if feed, ok := feeds[ProbabilityFeed]; ok {
		rows := db.sections[probabilitySection]
		for i := range len(rows) / probabilityRow {
			n, p := probabilityAt(rows, i)
			b.probabilities[n] = p
			b.stamps[feed].Records++
		}
	}
	return nil
}
