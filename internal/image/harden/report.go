package harden

import (
	"slices"
	"time"

	"github.com/foilsec/foil/internal/image/harden/inventory"
	"github.com/foilsec/foil/internal/lang"
)

// Report says what became of an image.
type Report struct {
	Schema    string    `json:"schema"`
	Image     string    `json:"image"`
	Digest    string    `json:"digest,omitempty"` // of the manifest that was read
	ConfigID  string    `json:"configID"`
	Output    string    `json:"output"`
	Reference string    `json:"reference,omitempty"` // the name in it
	Created   time.Time `json:"created"`             // the time in it
	Written   string    `json:"outputDigest"`        // of the manifest that was written
	Level     string    `json:"level"`
	Evidence  string    `json:"evidence"` // "run", "profile", "static"
	Profile   string    `json:"profile,omitempty"`
	Before    State     `json:"before"`
	After     State     `json:"after"`
	Removed   []string  `json:"removed"`  // package URLs
	Stripped  []string  `json:"stripped"` // packages that stay without some of their files
	Bits      []string  `json:"setuidDropped,omitempty"`
	User      User      `json:"user"`
	Checks    []string  `json:"checks,omitempty"` // that the result passed
	Skipped   []string  `json:"skipped,omitempty"`
	// Gone are the flaws of packages that went; nil when they were not counted.
	Gone []Flaw `json:"gone,omitempty"`
}

// reportSchema names the form of a report.
const reportSchema = "foil.dev/harden-report/v1"

// State is an image in figures.
type State struct {
	Packages int      `json:"packages"`
	Files    int      `json:"files"`
	Bytes    int64    `json:"bytes"` // of files, unpacked
	Stored   int64    `json:"storedBytes,omitempty"`
	Findings *int     `json:"findings,omitempty"` // nil when they were not counted
	Setuid   []string `json:"setuid,omitempty"`
	Shells   []string `json:"shells,omitempty"`
}

// User says whom the image runs as, and why.
type User struct {
	Before string    `json:"before"`
	After  string    `json:"after"`
	Reason lang.Text `json:"reason"`
	Detail string    `json:"detail,omitempty"` // what another user failed at
}

// Share is how much of a figure went, from 0 to 1.
func Share(before, after int64) float64 {
	if before <= 0 {
		return 0
	}
	return float64(before-after) / float64(before)
}

// purls are the package URLs of packages, without those of others: the same
// package may lie in several places.
func purls(list, others []*inventory.Package, distribution string) []string {
	elsewhere := map[string]bool{}
	for _, p := range others {
		elsewhere[p.PURL(distribution)] = true
	}
	all := make([]string, 0, len(list))
	for _, p := range list {
		if u := p.PURL(distribution); !elsewhere[u] {
			all = append(all, u)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
