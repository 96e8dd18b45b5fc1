package eol

import (
	"cmp"
	"slices"
	"strings"
)

// Cycle is the cycle that a version belongs to: the one whose name the version
// begins with, part by part, and among those the one with the longest name.
// Cycles that are named otherwise than by numbers match versions that begin
// with the whole name, and codenames.
func (p *Product) Cycle(version string) (*Cycle, bool) {
	version = trimVersion(version)
	if version == "" {
		return nil, false
	}
	if c := p.longest(version); c != nil {
		return c, true
	}
	if rest, old := strings.CutPrefix(version, "1."); old && p.isJava() {
		if c := p.longest(rest); c != nil {
			return c, true // Java 8 calls itself 1.8
		}
	}
	for i := range p.Cycles {
		if code, _, _ := strings.Cut(p.Cycles[i].Codename, " "); code != "" && strings.EqualFold(code, version) {
			return &p.Cycles[i], true
		}
	}
	return nil, false
}

func (p *Product) longest(version string) *Cycle {
	var best *Cycle
	length, numbers := 0, parts(version)
	for i := range p.Cycles {
		c := &p.Cycles[i]
		if n := matched(c.Name, version, numbers); n > length {
			best, length = c, n
		}
	}
	return best
}

// matched is how many parts of a version the name of a cycle covers; 0 when it
// is not the version's.
func matched(name, version string, numbers []string) int {
	if isVersion(name) {
		of := parts(name)
		if len(of) <= len(numbers) && slices.Equal(of, numbers[:len(of)]) {
			return len(of)
		}
		return 0
	}
	rest, found := strings.CutPrefix(strings.ToLower(version), strings.ToLower(name))
	if !found || rest != "" && !strings.ContainsRune(".-_+~ ", rune(rest[0])) {
		return 0
	}
	return 1 + strings.Count(name, ".") + strings.Count(name, "-")
}

// Floating lists the cycles that a shortened version stands for: "8" for 8.0
// and 8.4. The first is what it means today.
func (p *Product) Floating(version string) []*Cycle {
	short := parts(trimVersion(version))
	if len(short) == 0 {
		return nil
	}
	var list []*Cycle
	for i := range p.Cycles {
		of := parts(p.Cycles[i].Name)
		if isVersion(p.Cycles[i].Name) && len(of) > len(short) && slices.Equal(of[:len(short)], short) {
			list = append(list, &p.Cycles[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *Cycle) int { return compareParts(parts(b.Name), parts(a.Name)) })
	return list
}

func (p *Product) isJava() bool {
	return slices.Contains(p.Tags, "java-distribution")
}

// trimVersion takes away what stands before the numbers: an epoch, "v", "go".
// What stands behind them ends the numbers by itself.
func trimVersion(version string) string {
	version = strings.TrimSpace(version)
	if epoch, rest, found := strings.Cut(version, ":"); found && onlyDigits(epoch) {
		version = rest
	}
	for _, prefix := range []string{"v", "V", "go"} {
		if rest, found := strings.CutPrefix(version, prefix); found && rest != "" && isDigit(rest[0]) {
			return rest
		}
	}
	return version
}

// parts are the numbers that a version begins with, without leading zeros:
// "2.0.0p648" and "2.0.0.RELEASE" begin with 2, 0 and 0.
func parts(version string) []string {
	var list []string
	for version != "" && isDigit(version[0]) {
		end := 0
		for end < len(version) && isDigit(version[end]) {
			end++
		}
		number := strings.TrimLeft(version[:end], "0")
		if number == "" {
			number = "0"
		}
		list = append(list, number)
		if end == len(version) || version[end] != '.' {
			break
		}
		version = version[end+1:]
	}
	return list
}

// isVersion reports whether a name is numbers with dots between.
func isVersion(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if !onlyDigits(part) {
			return false
		}
	}
	return true
}

func compareParts(a, b []string) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
	})
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func beginsWithDigit(s string) bool { return s != "" && isDigit(s[0]) }

// Before reports whether a version comes before another one, by the numbers that
// both begin with.
func Before(a, b string) bool {
	return compareParts(parts(trimVersion(a)), parts(trimVersion(b))) < 0
}
