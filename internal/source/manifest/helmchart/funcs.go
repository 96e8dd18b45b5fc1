package helmchart

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

// renderTime is what charts are told the time is. A constant, so that the same
// chart always gives the same objects.
var renderTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// placeholder stands for passwords, keys and certificates that charts make up:
// they are different at each installation and cost much to make.
const placeholder = "placeholder"

// certificate has the fields that charts read from the functions that make
// certificates.
type certificate struct{ Cert, Key string }

// functions replace those of the engine that are random, that ask the clock,
// or whose result can be much larger than what they are given.
func functions(b *budget) template.FuncMap {
	all := constantFunctions()
	g := growth{b}
	maps.Copy(all, g.texts())
	maps.Copy(all, g.lists())
	maps.Copy(all, g.fromSprig())
	return all
}

func constantFunctions() template.FuncMap {
	text := func(...any) string { return placeholder }
	cert := func(...any) certificate { return certificate{Cert: placeholder, Key: placeholder} }
	return template.FuncMap{
		"now": func() time.Time { return renderTime }, "ago": func(any) string { return "0s" },
		"uuidv4":  func() string { return "00000000-0000-4000-8000-000000000000" },
		"randInt": func(low, _ int) int { return low },
		"shuffle": func(s string) string { return s },
		"bcrypt":  text, "htpasswd": text, "derivePassword": text, "genPrivateKey": text, "encryptAES": text, "decryptAES": text,
		"genCA": cert, "genCAWithKey": cert, "genSelfSignedCert": cert, "genSelfSignedCertWithKey": cert,
		"genSignedCert": cert, "genSignedCertWithKey": cert, "buildCustomCert": cert,
		"keys": sortedKeys, "values": sortedValues,
		"getHostByName": func(string) string { return "" },
		"lookup":        func(string, string, string, string) (map[string]any, error) { return map[string]any{}, nil },
	}
}

func sortedKeys(dicts ...map[string]any) []string {
	var all []string
	for _, dict := range dicts {
		all = append(all, slices.Sorted(maps.Keys(dict))...)
	}
	return all
}

func sortedValues(dict map[string]any) []any {
	values := []any{}
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		values = append(values, dict[key])
	}
	return values
}

// growth makes the functions that count the text they are about to make before
// they make it.
type growth struct{ budget *budget }

// allow panics with an error when that much text is too much; the template
// engine turns it into an error of the template.
func (g growth) allow(n int64) {
	if err := g.budget.text(n); err != nil {
		panic(err)
	}
}

func (g growth) texts() template.FuncMap {
	return template.FuncMap{
		"randAlphaNum": g.letters("x"), "randAlpha": g.letters("x"), "randAscii": g.letters("x"), "randNumeric": g.letters("0"),
		"randBytes": g.letters("x"),
		"repeat":    g.repeat,
		"indent":    g.indent,
		"nindent":   func(n int, s string) string { return "\n" + g.indent(n, s) },
		"replace": func(old, with, s string) string {
			g.allow(int64(len(s)) + product(strings.Count(s, old), len(with)))
			return strings.ReplaceAll(s, old, with)
		},
		"printf": func(format string, args ...any) string {
			g.allow(padding(format))
			return fmt.Sprintf(format, args...)
		},
	}
}

// letters stands for the functions that make random text of a length.
func (g growth) letters(letter string) func(int) string {
	return func(n int) string { return g.repeat(n, letter) }
}

func (g growth) repeat(n int, s string) string {
	g.allow(product(n, len(s)))
	return strings.Repeat(s, max(n, 0))
}

func (g growth) indent(n int, s string) string {
	g.allow(int64(len(s)) + product(n, 1+strings.Count(s, "\n")))
	pad := strings.Repeat(" ", max(n, 0))
	return pad + strings.ReplaceAll(s, "\n", "\n"+pad)
}

func (g growth) lists() template.FuncMap {
	return template.FuncMap{
		"until": func(n int) []int { return g.numbers(0, n, sign(n)) },
		"untilStep": func(from, to, step int) []int {
			return g.numbers(from, to, step)
		},
	}
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// numbers makes the numbers from one to another, the last one left out.
func (g growth) numbers(from, to, step int) []int {
	g.allow(span(from, to, step))
	all := []int{}
	for i := from; step > 0 && i < to || step < 0 && i > to; i += step {
		all = append(all, i)
	}
	return all
}

// fromSprig guards functions that are best left as they are otherwise.
func (g growth) fromSprig() template.FuncMap {
	original := sprig.TxtFuncMap()
	guarded := template.FuncMap{
		"seq": func(params ...int) string {
			g.allow(seqLength(params))
			return original["seq"].(func(...int) string)(params...)
		},
		"join": func(sep string, list any) string {
			g.allow(product(len(sep), listLength(list)))
			return original["join"].(func(string, any) string)(sep, list)
		},
		"wrapWith": func(width int, sep, s string) string {
			g.allow(product(len(sep)+1, len(s)+1))
			return original["wrapWith"].(func(int, string, string) string)(width, sep, s)
		},
		// These two compare every element with every other.
		"uniq": func(list any) []any {
			g.allow(product(listLength(list), listLength(list)))
			return original["uniq"].(func(any) []any)(list)
		},
		"mustUniq": func(list any) ([]any, error) {
			g.allow(product(listLength(list), listLength(list)))
			return original["mustUniq"].(func(any) ([]any, error))(list)
		},
	}
	for _, name := range []string{"regexReplaceAll", "regexReplaceAllLiteral"} {
		guarded[name] = func(pattern, s, with string) string {
			g.allow(product(len(s)+1, len(with)+1))
			return original[name].(func(string, string, string) string)(pattern, s, with)
		}
	}
	for _, name := range []string{"mustRegexReplaceAll", "mustRegexReplaceAllLiteral"} {
		guarded[name] = func(pattern, s, with string) (string, error) {
			g.allow(product(len(s)+1, len(with)+1))
			return original[name].(func(string, string, string) (string, error))(pattern, s, with)
		}
	}
	return guarded
}

// huge is more than any budget.
const huge = 1 << 62

// product is the number of bytes in n pieces of a size; a huge number, not a
// wrong one, when it does not fit.
func product(n, size int) int64 {
	switch {
	case n <= 0 || size <= 0:
		return 0
	case int64(n) > huge/int64(size):
		return huge
	}
	return int64(n) * int64(size)
}

// span is how much memory the numbers from one to another take.
func span(from, to, step int) int64 {
	if step == 0 || step > 0 != (to > from) {
		return 0
	}
	// Differences of any two int fit in uint64, and so does the size of any
	// step.
	distance, size := uint64(max(from, to))-uint64(min(from, to)), uint64(step)
	if step < 0 {
		size = -size
	}
	return product(8, int(min(distance/size+1, huge)))
}

// seqLength is about how long a list of numbers is when written out.
func seqLength(params []int) int64 {
	from, to, step := 1, 0, 1
	switch len(params) {
	case 1:
		to = params[0]
	case 2:
		from, to = params[0], params[1]
	case 3:
		from, step, to = params[0], params[1], params[2]
	}
	if step > 0 != (to > from) {
		step = -step
	}
	return min(span(from, to, step), huge/4) * 3
}

func listLength(list any) int {
	switch list := list.(type) {
	case []any:
		return len(list)
	case []string:
		return len(list)
	case []int:
		return len(list)
	}
	return 1
}

var widths = regexp.MustCompile(`\*|[0-9]+`)

// padding is how much text the widths of a format may add.
func padding(format string) int64 {
	const widest = 1_000_000 // package fmt allows no more
	var n int64
	for _, digits := range widths.FindAllString(format, -1) {
		width, err := strconv.Atoi(digits)
		if err != nil || width > widest {
			width = widest
		}
		n += int64(width)
	}
	return n
}
