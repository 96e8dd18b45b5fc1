package vuln

import (
	"cmp"
	"slices"
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"

	"github.com/foilsec/foil/internal/derive/affected"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/osv"
)

// rating is a severity and whose word it is.
type rating struct {
	severity finding.Severity
	by       string
}

// rate takes the distribution's word first: it knows how it built the package.
// Then come CVSS scores, the newest version of the system first, and then the
// word of any other publisher. What nobody rated is medium.
func rate(m *affected.Match, scores []finding.CVSS) rating {
	for _, r := range m.Records {
		if s, ok := severityOf(r.Rating); ok && ofDistribution(r.ID) {
			return rating{s, publisher(r.ID)}
		}
	}
	if len(scores) > 0 {
		return rating{ofScore(scores[0].Score), "CVSS " + scores[0].Version}
	}
	for _, r := range m.Records {
		if s, ok := severityOf(r.Rating); ok {
			return rating{s, publisher(r.ID)}
		}
	}
	return rating{finding.Medium, ""}
}

// severityOf reads the words of publishers: Debian's urgencies, Ubuntu's
// priorities, Red Hat's impacts, GitHub's severities.
func severityOf(word string) (finding.Severity, bool) {
	switch strings.TrimRight(strings.ToLower(word), "*") {
	case "critical":
		return finding.Critical, true
	case "high", "important":
		return finding.High, true
	case "medium", "moderate":
		return finding.Medium, true
	case "low":
		return finding.Low, true
	case "unimportant", "negligible", "none", "info", "informational":
		return finding.Info, true
	}
	return 0, false
}

// ofScore uses the bands of the CVSS 3 and 4 specifications.
func ofScore(score float64) finding.Severity {
	switch {
	case score >= 9:
		return finding.Critical
	case score >= 7:
		return finding.High
	case score >= 4:
		return finding.Medium
	case score > 0:
		return finding.Low
	}
	return finding.Info
}

var distributions = map[string]string{
	"DSA-": "Debian", "DLA-": "Debian", "DTSA-": "Debian", "DEBIAN-": "Debian", "UBUNTU-": "Ubuntu", "USN-": "Ubuntu",
	"RHSA-": "Red Hat", "RHBA-": "Red Hat", "RHEA-": "Red Hat", "RLSA-": "Rocky Linux", "RXSA-": "Rocky Linux",
	"ALSA-": "AlmaLinux", "ALBA-": "AlmaLinux", "ALEA-": "AlmaLinux", "SUSE-": "SUSE", "openSUSE-": "openSUSE", "ALPINE-": "Alpine", "CGA-": "Chainguard",
}

var others = map[string]string{
	"GHSA-": "GitHub", "GO-": "Go", "PYSEC-": "PyPA", "RUSTSEC-": "RustSec", "BIT-": "Bitnami", "NSWG-": "Node.js", "CVE-": "NVD",
}

func ofDistribution(id string) bool { return prefixed(distributions, id) != "" }

// publisher is the name of who writes records of that id.
func publisher(id string) string {
	return cmp.Or(prefixed(distributions, id), prefixed(others, id), id)
}

func prefixed(names map[string]string, id string) string {
	prefix, _, found := strings.Cut(id, "-")
	if !found {
		return ""
	}
	return names[prefix+"-"]
}

// scores reads the CVSS vectors of a flaw, the newest version first. A vector
// that can't be read scores nothing.
func scores(list []osv.Severity) []finding.CVSS {
	var out []finding.CVSS
	for _, s := range list {
		if c, ok := score(s.Score); ok && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b finding.CVSS) int {
		return cmp.Or(cmp.Compare(b.Version, a.Version), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Vector, b.Vector))
	})
	return out
}

func score(vector string) (finding.CVSS, bool) {
	var value float64
	var err error
	version := "2.0"
	switch {
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		version = "4.0"
		var v *gocvss40.CVSS40
		if v, err = gocvss40.ParseVector(vector); err == nil {
			value = v.Score()
		}
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		version = "3.1"
		value, err = base(gocvss31.ParseVector(vector))
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		version = "3.0"
		value, err = base(gocvss30.ParseVector(vector))
	default:
		value, err = base(gocvss20.ParseVector(strings.Trim(vector, "()")))
	}
	return finding.CVSS{Version: version, Vector: vector, Score: value}, err == nil
}

func base[V interface{ BaseScore() float64 }](v V, err error) (float64, error) {
	if err != nil {
		return 0, err
	}
	return v.BaseScore(), nil
}
