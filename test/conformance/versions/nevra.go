package main

import (
	"strings"

	"github.com/foilsec/foil/internal/version"
)

// nevraParts are what the name of an RPM package consists of:
// name-epoch:version-release.architecture, the first and the last optional.
type nevraParts struct{ name, evr, arch string }

// nevra orders whole names of packages: by name, by version, by architecture;
// with is after without.
func nevra(a, b string) (int, error) {
	x, y := splitNEVRA(a), splitNEVRA(b)
	if n := strings.Compare(x.name, y.name); n != 0 {
		return n, nil
	}
	if n, err := version.RPM(x.evr, y.evr); err != nil || n != 0 {
		return n, err
	}
	return strings.Compare(x.arch, y.arch), nil
}

func splitNEVRA(text string) nevraParts {
	p := nevraParts{evr: text}
	if i := strings.LastIndexByte(text, '.'); i >= 0 && isArchitecture(text[i+1:]) {
		p.evr, p.arch = text[:i], text[i+1:]
	}
	if i := strings.LastIndexByte(p.evr, '-'); i >= 0 {
		if j := strings.LastIndexByte(p.evr[:i], '-'); j >= 0 {
			p.name, p.evr = p.evr[:j], p.evr[j+1:]
		}
	}
	return p
}

func isArchitecture(word string) bool {
	switch word {
	case "aarch64", "armv7hl", "i386", "i486", "i586", "i686", "noarch", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "src", "x86_64":
		return true
	}
	return false
}
