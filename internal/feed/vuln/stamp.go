package vuln

import (
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/osv"
)

// StaleAfter is the age above which a feed is called stale: distributions and
// language ecosystems publish every day.
const StaleAfter = 7 * 24 * time.Hour

// The names of the feeds that hold no advisories.
const (
	ExploitedFeed   = "KEV"
	ProbabilityFeed = "EPSS"
)

// Stamp says what a feed is, and where its records are from.
type Stamp struct {
	// Feed is the name of the feed; unique in a file. For an export of one
	// ecosystem it is the ecosystem.
	Feed string `json:"feed"`
	// Ecosystem is the base ecosystem, "Debian"; empty for KEV and EPSS.
	Ecosystem string `json:"ecosystem,omitempty"`
	// Releases are those that records name, "12"; "" among them is a record for
	// all releases. Empty when the ecosystem has none.
	Releases []string `json:"releases,omitempty"`
	// Source is the address or the file it was read from.
	Source string `json:"source"`
	// AsOf is the day of which the data is: when the publisher made the file,
	// where that is known, or else the time of the newest record.
	AsOf time.Time `json:"as_of,omitzero"`
	// Newest is the time of the newest record.
	Newest   time.Time `json:"newest,omitzero"`
	Imported time.Time `json:"imported,omitzero"`
	// Checksum is the SHA-256 of what was read, in hexadecimal digits.
	Checksum string `json:"checksum,omitempty"`
	// ETag and LastModified are what a server said, to be asked for news only.
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Records      int    `json:"records"`
	// Partial is true for single records that do not make up a feed: they are
	// looked up, and cover nothing.
	Partial bool `json:"partial,omitempty"`
	// Rejected counts records that could not be read; the feed is not whole then.
	Rejected int      `json:"rejected,omitempty"`
	Licences []string `json:"licences,omitempty"`
}

// Age is how old the data of the feed is.
func (s *Stamp) Age(now time.Time) time.Duration {
	switch {
	case !s.AsOf.IsZero():
		return max(0, now.Sub(s.AsOf))
	case !s.Imported.IsZero():
		return max(0, now.Sub(s.Imported))
	}
	return now.Sub(time.Time{})
}

// Stamps lists the feeds of the file, by name.
func (db *DB) Stamps() []Stamp { return slices.Clone(db.stamps) }

// Covers reports whether the file holds a feed for an ecosystem, and for its
// release where the feed tells releases apart: "npm", "Debian:13".
func (db *DB) Covers(ecosystem string) bool {
	base, _, _ := strings.Cut(ecosystem, ":")
	return slices.ContainsFunc(db.stamps, func(s Stamp) bool {
		return s.Ecosystem != "" && s.Ecosystem == base && s.Records > 0 && !s.Partial && s.holds(ecosystem)
	})
}

// holds reports whether the release of an ecosystem is among those of the feed.
func (s *Stamp) holds(ecosystem string) bool {
	if len(s.Releases) == 0 || ecosystem == s.Ecosystem {
		return true
	}
	return slices.ContainsFunc(s.Releases, func(release string) bool {
		entry := osv.Affected{Ecosystem: joined(s.Ecosystem, release)}
		return entry.Covers(ecosystem, "")
	})
}

// joined is an ecosystem with its release, if there is one.
func joined(base, release string) string {
	if release == "" {
		return base
	}
	return base + ":" + release
}

// Age is how old the oldest feed of advisories is.
func (db *DB) Age(now time.Time) time.Duration {
	var oldest time.Duration
	for i := range db.stamps {
		if db.stamps[i].Ecosystem != "" {
			oldest = max(oldest, db.stamps[i].Age(now))
		}
	}
	return oldest
}

// AgeOf is how old the newest feed of an ecosystem is; false when there is none.
func (db *DB) AgeOf(ecosystem string, now time.Time) (age time.Duration, ok bool) {
	base, _, _ := strings.Cut(ecosystem, ":")
	for i := range db.stamps {
		if s := &db.stamps[i]; s.Ecosystem != "" && s.Ecosystem == base {
			if a := s.Age(now); !ok || a < age {
				age, ok = a, true
			}
		}
	}
	return age, ok
}
