package eol

// Product is software that is supported in release cycles.
type Product struct {
	Name       string // "debian", as in addresses
	Label      string // "Debian"
	Aliases    []string
	Category   string // "os", "lang", "database", "framework", "server-app", "app", "service"
	Tags       []string
	Page       string     // where people read about it
	Support    string     // what its publisher calls standard support; may be empty
	Extended   string     // the same of extended support: "Debian LTS"
	Cycles     []Cycle    // the newest first
	Identities []Identity // when imported; products of a DB are found by them and do not list them
}

// Identity is an outside name of a product.
type Identity struct {
	Type string // "purl", "cpe", "repology", "image", "package"
	ID   string
}

// Cycle is a line of releases that is supported as one.
type Cycle struct {
	Name     string // "12", "3.11", "1.0-python-2"
	Codename string
	Label    string
	Released Mark
	LTS      Mark // from when it is a release with long-term support
	EOAS     Mark // end of active support: only security fixes from then
	EOL      Mark // end of standard support
	EOES     Mark // end of extended support; not known when there is none
	Latest   string
	LatestOn Mark
}

// Support is how far a cycle is looked after.
type Support uint8

// The states, from best to worst.
const (
	Undated  Support = iota // nothing is known
	Active                  // all fixes
	Security                // security fixes only
	Extended                // only by a programme that must be joined or paid for
	Ended                   // none
)

// String is the state as a word.
func (s Support) String() string {
	return [...]string{"unknown", "active", "security", "extended", "ended"}[s]
}

// Status is the state of a cycle on a day.
type Status struct {
	Support Support
	// Until is when the state ends, or, of Ended, when support ended.
	Until Mark
}

// Status is the state of a cycle on a day.
func (c *Cycle) Status(today Day) Status {
	switch {
	case !c.EOL.Known():
		return Status{}
	case !c.EOL.Passed(today) && c.EOAS.Passed(today):
		return Status{Security, c.EOL}
	case !c.EOL.Passed(today):
		return Status{Active, c.EOL}
	case c.EOES.Known() && !c.EOES.Passed(today):
		return Status{Extended, c.EOES}
	case c.EOES.Known():
		return Status{Ended, later(c.EOL, c.EOES)}
	}
	return Status{Ended, c.EOL}
}

func later(a, b Mark) Mark {
	if day, ok := b.Day(); ok && (a.form != onDay || day > a.day) {
		return b
	}
	return a
}

// Supported reports whether standard support goes on.
func (s Status) Supported() bool { return s.Support == Active || s.Support == Security }

// soon is how many days of support a cycle must have left to be advised.
const soon = 180

// Next is the cycle to move to from one of the product: the nearest newer one
// with standard support for some time to come, one with long-term support where
// the product has such.
func (p *Product) Next(from *Cycle, today Day) (*Cycle, bool) {
	var candidates []*Cycle
	for i := range p.Cycles {
		c := &p.Cycles[i]
		if c.Name == from.Name {
			break // they are listed from the newest
		}
		if c.Status(today).Supported() && !early(c, today) && isVersion(c.Name) == isVersion(from.Name) && newer(c, from) {
			candidates = append(candidates, c)
		}
	}
	return pick(candidates, today)
}

// early reports whether a cycle has not come out yet.
func early(c *Cycle, today Day) bool {
	day, ok := c.Released.Day()
	return ok && day > today
}

// newer reports whether a cycle came out after another one: some products have
// two lines that are listed by date.
func newer(c, from *Cycle) bool {
	if !isVersion(c.Name) {
		return true
	}
	return compareParts(parts(c.Name), parts(from.Name)) > 0
}

func pick(candidates []*Cycle, today Day) (*Cycle, bool) {
	longTerm := func(c *Cycle) bool { return c.LTS.Passed(today) || c.LTS == On(today) }
	lasting := func(c *Cycle) bool { return !c.EOL.Passed(today + soon) }
	for _, want := range []func(*Cycle) bool{
		func(c *Cycle) bool { return longTerm(c) && lasting(c) },
		lasting,
		func(*Cycle) bool { return true },
	} {
		for i := len(candidates) - 1; i >= 0; i-- {
			if want(candidates[i]) {
				return candidates[i], true
			}
		}
	}
	return nil, false
}
