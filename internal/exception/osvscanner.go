package exception

import (
	"fmt"
	"regexp"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/foilsec/foil/internal/lang"
)

// osvConfig is what foil reads of osv-scanner.toml.
type osvConfig struct {
	Ignored   []osvIgnored  `toml:"IgnoredVulns"`
	Overrides []osvOverride `toml:"PackageOverrides"`
}

type osvIgnored struct {
	ID     string    `toml:"id"`
	Until  time.Time `toml:"ignoreUntil"`
	Reason string    `toml:"reason"`
}

type osvOverride struct {
	Name          string    `toml:"name"`
	Version       string    `toml:"version"`
	Ecosystem     string    `toml:"ecosystem"`
	Group         string    `toml:"group"`
	Ignore        bool      `toml:"ignore"`
	Until         time.Time `toml:"effectiveUntil"`
	Reason        string    `toml:"reason"`
	Vulnerability struct {
		Ignore bool `toml:"ignore"`
	} `toml:"vulnerability"`
}

// FromOSVScanner reads an osv-scanner.toml file: flaws to ignore, and packages
// whose flaws are ignored. What it says of licenses is passed over.
func FromOSVScanner(data []byte, file string) ([]Exception, error) {
	var c osvConfig
	if err := toml.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var list []Exception
	for _, ignored := range c.Ignored {
		x := foreign(file, len(list)+1, 0, ignored.Reason)
		x.Expires = ignored.Until
		if x.Rules = []Rule{{ID: exact(ignored.ID)}}; ignored.ID == "" {
			x.Rules = nil
		}
		x.Defect = x.defect(lang.Text{})
		list = append(list, x)
	}
	for i := range c.Overrides {
		if o := &c.Overrides[i]; o.Ignore || o.Vulnerability.Ignore {
			list = append(list, o.exception(file, len(list)+1))
		}
	}
	return list, nil
}

func (o *osvOverride) exception(file string, number int) Exception {
	x := foreign(file, number, 0, o.Reason)
	x.Expires, x.Rules = o.Until, []Rule{{}}
	f := Flaw{Version: o.Version, Ecosystem: o.Ecosystem}
	if o.Name != "" {
		f.Package, _ = expression("", quoted(o.Name)) // quoted text always compiles
	}
	x.Flaws = []Flaw{f}
	switch {
	case o.Group != "":
		x.Defect = lang.Text{EN: "groups of dependencies are not supported: name the packages", ZH: "不支持依赖分组：请写明软件包"}
	case o.Name == "" && o.Version == "" && o.Ecosystem == "":
		x.Defect = boundless()
	}
	return x
}

func quoted(text string) string { return regexp.QuoteMeta(text) }
