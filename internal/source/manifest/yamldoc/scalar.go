package yamldoc

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/graph"
)

// scalar is the value of a leaf. A null has the kind Null.
type scalar struct {
	kind    graph.ValueKind
	integer int64
	float   float64
	text    string
	truth   bool
	// beyond marks an integer that needs 64 bits without a sign; its value is
	// in float.
	beyond bool
}

func textScalar(s string) scalar { return scalar{kind: graph.String, text: s} }

// words are the plain scalars that YAML 1.1, which Kubernetes reads, gives a
// meaning. Infinities and NaN are in it to be refused: JSON has no form for
// them, so that the API server can't receive them.
var words = wordTable()

func wordTable() map[string]scalar {
	table := make(map[string]scalar)
	add := func(value scalar, spellings string) {
		for s := range strings.FieldsSeq(spellings) {
			table[s] = value
		}
	}
	add(scalar{kind: graph.Bool, truth: true}, "y Y yes Yes YES true True TRUE on On ON")
	add(scalar{kind: graph.Bool}, "n N no No NO false False FALSE off Off OFF")
	add(scalar{kind: graph.Null}, "~ null Null NULL")
	add(scalar{kind: graph.Float, float: math.NaN()}, ".nan .NaN .NAN")
	add(scalar{kind: graph.Float, float: math.Inf(1)}, ".inf .Inf .INF +.inf +.Inf +.INF")
	add(scalar{kind: graph.Float, float: math.Inf(-1)}, "-.inf -.Inf -.INF")
	table[""] = scalar{kind: graph.Null}
	return table
}

// longestWord is the length of the longest key of words.
const longestWord = 5

// plainScalar gives an unquoted scalar without a tag its meaning.
func plainScalar(s string) scalar {
	if s == "" {
		return scalar{kind: graph.Null}
	}
	switch c := s[0]; {
	case c >= '0' && c <= '9', c == '+', c == '-', c == '.':
		return numberScalar(s)
	case strings.IndexByte("yYnNtTfFoO~", c) >= 0 && len(s) <= longestWord:
		if value, ok := words[s]; ok {
			return value
		}
	}
	return textScalar(s)
}

func numberScalar(s string) scalar {
	if value, ok := words[s]; ok {
		return value
	}
	if s[0] == '.' {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return scalar{kind: graph.Float, float: f}
		}
		return textScalar(s)
	}
	if !mayBeNumber(s) {
		return textScalar(s)
	}
	digits := strings.ReplaceAll(s, "_", "")
	if n, err := strconv.ParseInt(digits, 0, 64); err == nil {
		return scalar{kind: graph.Int, integer: n}
	}
	if n, err := strconv.ParseUint(digits, 0, 64); err == nil {
		return scalar{kind: graph.Int, beyond: true, float: float64(n)}
	}
	if isDecimal(digits) {
		if f, err := strconv.ParseFloat(digits, 64); err == nil {
			return scalar{kind: graph.Float, float: f}
		}
	}
	return textScalar(s)
}

// mayBeNumber sorts out what holds a character that no number has, such as
// quantities, dates and image tags; it spares most of them a failed parse.
func mayBeNumber(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		case strings.IndexByte("+-._xXoO", c) < 0:
			return false
		}
	}
	return true
}

// isDecimal reports whether s is [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
func isDecimal(s string) bool {
	s = trimSign(s)
	whole := leadingDigits(s)
	s = s[whole:]
	if strings.HasPrefix(s, ".") {
		fraction := leadingDigits(s[1:])
		if whole == 0 && fraction == 0 {
			return false
		}
		s = s[1+fraction:]
	} else if whole == 0 {
		return false
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = trimSign(s[1:])
	return s != "" && leadingDigits(s) == len(s)
}

func trimSign(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

func leadingDigits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}

// asJSON is the number as it arrives at the API server, by way of JSON: whole
// floats are integers there, and integers beyond 64 bits are floats.
func (v scalar) asJSON() scalar {
	const maxPlainJSON = 1e21 // from here on JSON is written with an exponent
	switch {
	case v.beyond:
		return scalar{kind: graph.Float, float: v.float}
	case v.kind == graph.Float && v.float == math.Trunc(v.float) && math.Abs(v.float) < maxPlainJSON:
		if n, err := strconv.ParseInt(strconv.FormatFloat(v.float, 'f', -1, 64), 10, 64); err == nil {
			return scalar{kind: graph.Int, integer: n}
		}
	}
	return v
}

// taggedScalar gives a scalar with an explicit tag its meaning. Tags of
// applications say nothing to Kubernetes: their scalars are strings.
func taggedScalar(tag, s string) (scalar, error) {
	value := plainScalar(s)
	want, known := map[string]graph.ValueKind{
		"!!bool": graph.Bool, "!!int": graph.Int, "!!float": graph.Float, "!!null": graph.Null,
	}[tag]
	switch {
	case tag == "!!binary":
		data, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return scalar{}, fmt.Errorf("a !!binary value is not base64: %w", err)
		}
		return textScalar(strings.ToValidUTF8(string(data), "\uFFFD")), nil
	case !known:
		return textScalar(s), nil
	case value.kind == want:
		return value, nil
	case tag == "!!float" && value.kind == graph.Int && !value.beyond:
		return scalar{kind: graph.Float, float: float64(value.integer)}, nil
	}
	return scalar{}, fmt.Errorf("%q is tagged %s but is none", shorten(s), tag)
}

// fieldName is the name that a scalar has when it is the key of a map: YAML
// allows numbers and booleans, Kubernetes writes them as strings.
func fieldName(v scalar) (string, error) {
	switch v.kind {
	case graph.String:
		return v.text, nil
	case graph.Bool:
		return strconv.FormatBool(v.truth), nil
	case graph.Int:
		if !v.beyond {
			return strconv.FormatInt(v.integer, 10), nil
		}
	case graph.Float:
		if isFinite(v.float) {
			return strconv.FormatFloat(v.float, 'g', -1, 32), nil
		}
	}
	return "", errors.New("a field name is no text; write it in quotes")
}

func isFinite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// shorten keeps hostile text out of messages.
func shorten(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
