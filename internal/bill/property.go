package bill

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
)

// Prefix begins the names of all properties.
const Prefix = "foil:"

// Property is a name with a value.
type Property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// properties collects what is set.
type properties []Property

func (p *properties) add(name, value string) {
	if value != "" {
		*p = append(*p, Property{Prefix + name, value})
	}
}

func (p *properties) flag(name string, set bool) {
	if set {
		p.add(name, "true")
	}
}

func (p *properties) json(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("property %s: %w", name, err)
	}
	p.add(name, string(text))
	return nil
}

// OfPackage lists what the formats have no field for. Unmet are those of its
// requirements that no package of the bill meets.
func OfPackage(p *artifact.Package, unmet []string) []Property {
	var out properties
	out.add("ecosystem", p.Ecosystem)
	out.add("source-name", p.SourceName)
	out.add("source-version", p.SourceVersion)
	out.add("architecture", p.Architecture)
	out.add("module", p.Module)
	out.add("owner", p.Owner)
	if p.Layer >= 0 {
		out.add("layer", strconv.Itoa(p.Layer))
	}
	for _, name := range unmet {
		out.add("requires", name)
	}
	out.flag("essential", p.Essential)
	out.flag("stripped", p.Stripped)
	return out
}

// SetPackage takes a property over into a package, and reports whether it knows
// the name.
func SetPackage(p *artifact.Package, name, value string) bool {
	name = strings.TrimPrefix(name, Prefix)
	if field := textField(p, name); field != nil {
		*field = value
		return true
	}
	switch name {
	case "layer":
		if layer, err := strconv.Atoi(value); err == nil && layer >= 0 {
			p.Layer = layer
		}
	case "requires":
		p.Requires = append(p.Requires, value)
	case "essential":
		p.Essential = value == "true"
	case "stripped":
		p.Stripped = value == "true"
	default:
		return false
	}
	return true
}

func textField(p *artifact.Package, name string) *string {
	switch name {
	case "ecosystem":
		return &p.Ecosystem
	case "source-name":
		return &p.SourceName
	case "source-version":
		return &p.SourceVersion
	case "architecture":
		return &p.Architecture
	case "module":
		return &p.Module
	case "owner":
		return &p.Owner
	}
	return nil
}
