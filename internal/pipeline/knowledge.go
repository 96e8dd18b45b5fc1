package pipeline

import (
	"fmt"
	"slices"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/derive/affected"
	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/osv"
)

// Flaws is the deriver that joins packages with the flaws that a database
// knows. Advisories older than maxAge, unless that is zero, count as missing:
// what they do not know of must not look clean.
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
	for _, ecosystem := range ecosystems(s) {
		age, ok := f.db.AgeOf(ecosystem, f.now)
		if ok && age > f.maxAge {
			b.AddGap(graph.Gap{
				Subject: "recent advisories for " + ecosystem,
				Reason:  fmt.Sprintf("the newest are %d days old: get new ones with foil db update, or allow it with --max-db-age", int(age.Hours()/24)),
			})
		}
	}
}

// ecosystems lists those of the packages of a snapshot, without releases.
func ecosystems(s *graph.Snapshot) []string {
	var list []string
	for n := range s.OfKind(artifact.KindPackage) {
		if e := vuln.BaseOf(n.Object.Get("ecosystem").Str()); e != "" && !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	slices.Sort(list)
	return list
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
