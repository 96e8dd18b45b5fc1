package pipeline

import (
	"fmt"
	"time"

	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/derive/affected"
	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/osv"
)

// Flaws is the deriver that joins packages with the flaws that a database
// knows. What is too old to be relied on, or soon will be, is a gap: feeds older
// than maxAge, unless that is zero.
func Flaws(db *vuln.DB, now time.Time, maxAge time.Duration) derive.Deriver {
	return flaws{affected.Deriver{Feed: advisories{db}, Now: now}, db, now, maxAge}
}

type flaws struct {
	affected.Deriver
	db     *vuln.DB
	now    time.Time
	maxAge time.Duration
}

// Derive implements derive.Deriver.
func (f flaws) Derive(s *graph.Snapshot, b *graph.Builder) {
	f.Deriver.Derive(s, b)
	if f.maxAge == 0 {
		return
	}
	for _, stamp := range f.db.Stamps() {
		if age := f.now.Sub(stamp.AsOf); stamp.Ecosystem != "" && age > f.maxAge {
			b.AddGap(graph.Gap{
				Subject: "advisories for " + stamp.Ecosystem,
				Reason:  fmt.Sprintf("they are %d days old, more than allowed: get new ones with foil db update", int(age.Hours()/24)),
			})
		}
	}
}

// advisories is the database as the deriver wants it.
type advisories struct{ db *vuln.DB }

func (a advisories) Lookup(ecosystem, name string) ([]osv.Advisory, error) {
	return a.db.Lookup(ecosystem, name)
}

func (a advisories) Covers(ecosystem string) bool { return a.db.Covers(ecosystem) }

func (a advisories) Exploited(cve string) *osv.Exploited {
	if e, ok := a.db.Exploited(cve); ok {
		return &e
	}
	return nil
}

func (a advisories) Likelihood(cve string) *osv.Likelihood {
	if p, ok := a.db.Probability(cve); ok {
		return &p
	}
	return nil
}
