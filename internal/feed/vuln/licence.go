package vuln

import (
	"slices"
	"strings"
)

// Licences of what publishers offer, by the prefix of the IDs of their records.
// "none stated" is where the publisher names none: such records may be used, and
// whether they may be passed on is for the user to find out.
const (
	noneStated   = "none stated"
	noDerivative = "CC-BY-NC-ND-4.0"
)

func licenceOf(id string) string {
	prefix, _, _ := strings.Cut(id, "-")
	switch prefix {
	case "GO", "PYSEC", "GHSA", "OSV", "RHSA", "RHBA", "RHEA", "MGASA", "PSF":
		return "CC-BY-4.0"
	case "USN", "UBUNTU", "LSN":
		return "CC-BY-SA-4.0"
	case "RUSTSEC":
		return "CC0-1.0"
	case "ALSA", "ALBA", "ALEA", "NSWG":
		return "MIT"
	case "BIT", "MAL":
		return "Apache-2.0"
	case "RLSA", "RXSA":
		return "BSD-3-Clause"
	case "CGA":
		return noDerivative
	}
	return noneStated
}

// Free reports whether every record of the feed may be passed on in another
// form; reason says why not.
func (s *Stamp) Free() (free bool, reason string) {
	for _, l := range s.Licences {
		if l == noneStated || l == noDerivative {
			return false, l
		}
	}
	return true, ""
}

// Forbidden reports whether a licence of the feed forbids to pass its records on
// in another form.
func (s Stamp) Forbidden() bool { return slices.Contains(s.Licences, noDerivative) }
