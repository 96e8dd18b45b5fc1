package bill

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/artifact"
)

const timeForm = time.RFC3339

func parseTime(text string) (time.Time, error) { return time.Parse(timeForm, text) }

// OfProgram lists what is known of an executable: the layer, and the hashes of
// the functions that are linked into it.
func OfProgram(p *artifact.Program) ([]Property, error) {
	var out properties
	if p.Layer >= 0 {
		out.add("layer", strconv.Itoa(p.Layer))
	}
	symbols, err := p.Symbols.MarshalText()
	if err != nil {
		return nil, fmt.Errorf("symbols of %s: %w", p.Path, err)
	}
	out.add("symbols", string(symbols))
	return out, nil
}

// SetProgram takes a property over into a program. It is false for a name that
// it does not know; a value that can't be read is an error.
func SetProgram(p *artifact.Program, name, value string) (known bool, err error) {
	switch strings.TrimPrefix(name, Prefix) {
	case "layer":
		p.Layer, err = strconv.Atoi(value)
	case "symbols":
		err = p.Symbols.UnmarshalText([]byte(value))
	default:
		return false, nil
	}
	if err != nil {
		err = fmt.Errorf("property %s of %s: %w", name, p.Path, err)
	}
	return true, err
}
