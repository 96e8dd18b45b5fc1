package eol

import "strings"

// Match is a product, and the cycle of it, that something is known to be.
type Match struct {
	Product *Product
	Cycle   *Cycle // nil when the version is of none
	// Moving says that the version names several cycles, of which this is the
	// newest: "postgres:9", "python:2".
	Moving bool
	// Older says that the version is of no cycle that is known, and that this is
	// the next one after it.
	Older bool
}

// Of is the match of a version among products that share an identity: the first
// that has a cycle for it.
func Of(products []*Product, version string) (Match, bool) {
	for _, p := range products {
		if c, ok := p.Cycle(version); ok {
			return Match{Product: p, Cycle: c}, true
		}
	}
	if len(products) == 0 {
		return Match{}, false
	}
	next, older := products[0].after(version)
	return Match{Product: products[0], Cycle: next, Older: older}, true
}

// after is the first cycle after a version that is of none: lists of cycles
// begin at some time, and leave out what never was supported for long. A version
// 0 is rather that of a build from nowhere.
func (p *Product) after(version string) (*Cycle, bool) {
	numbers := parts(trimVersion(version))
	if len(numbers) == 0 || numbers[0] == "0" || len(p.Floating(version)) > 0 {
		return nil, false
	}
	var next *Cycle
	for i := range p.Cycles {
		c := &p.Cycles[i]
		if !isVersion(c.Name) || compareParts(parts(c.Name), numbers) < 0 {
			continue
		}
		if next == nil || compareParts(parts(c.Name), parts(next.Name)) < 0 {
			next = c
		}
	}
	return next, next != nil
}

// ByTag finds what an image is by its repository, written out, and its tag: the
// product that it is made for, and the operating system below, where the tag
// names one ("3.9-slim-bullseye", "1.25-alpine3.18").
func (db *DB) ByTag(repository, tag string) ([]Match, error) {
	if tag == "" || tag == "latest" {
		return nil, nil
	}
	products, err := db.ByImage(repository)
	if err != nil {
		return nil, err
	}
	var list []Match
	if m, ok := ofTag(products, tag); ok && m.Cycle != nil {
		list = append(list, m)
	}
	if len(list) > 0 && list[0].Product.Category == "os" {
		return list, nil
	}
	system, err := db.systemOfTag(tag)
	if system != nil {
		list = append(list, *system)
	}
	return list, err
}

// ofTag reads the version at the beginning of a tag. A variant may stand behind
// it, and the codename of a system in its place.
func ofTag(products []*Product, tag string) (Match, bool) {
	word, _, _ := strings.Cut(tag, "-")
	m, ok := Of(products, tag)
	if ok && m.Cycle == nil {
		m, ok = Of(products, word)
	}
	if !ok || m.Cycle != nil {
		return m, ok
	}
	for _, p := range products {
		if list := p.Floating(word); len(list) > 0 {
			return Match{Product: p, Cycle: list[0], Moving: true}, true
		}
	}
	return m, ok
}

// systemOfTag finds the operating system that a part of a tag names.
func (db *DB) systemOfTag(tag string) (*Match, error) {
	for word := range strings.SplitSeq(strings.ToLower(tag), "-") {
		name, version := "", word
		switch {
		case word == "" || isDigit(word[0]):
			continue
		case strings.HasPrefix(word, "alpine"):
			name, version = "alpine-linux", strings.TrimPrefix(word, "alpine")
		case strings.HasPrefix(word, "debian"):
			name, version = "debian", strings.TrimPrefix(word, "debian")
		case strings.HasPrefix(word, "ubuntu"):
			name, version = "ubuntu", strings.TrimPrefix(word, "ubuntu")
		case strings.HasPrefix(word, "ubi"):
			name, version = "rhel", strings.TrimPrefix(word, "ubi")
		}
		m, err := db.systemNamed(name, version)
		if m != nil || err != nil {
			return m, err
		}
	}
	return nil, nil
}

// systemNamed is the cycle of a system; without the name of one, of Debian or
// Ubuntu by a codename.
func (db *DB) systemNamed(name, version string) (*Match, error) {
	names := []string{name}
	if name == "" {
		names = []string{"debian", "ubuntu"}
	}
	for _, name := range names {
		p, err := db.Product(name)
		if err != nil {
			return nil, err
		}
		if p == nil {
			continue
		}
		if c, ok := p.Cycle(version); ok {
			return &Match{Product: p, Cycle: c}, nil
		}
	}
	return nil, nil
}
