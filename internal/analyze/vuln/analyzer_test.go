package vuln

import (
	"context"
	"testing"

	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive/affected"
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/osv"
)

// record keeps what an analyzer says.
type record struct {
	rules    map[string]finding.Rule
	findings map[string]finding.Finding // by rule and package
}

func (r *record) Rule(rule finding.Rule) { r.rules[rule.ID] = rule }
func (r *record) Finding(f finding.Finding) {
	r.findings[f.Rule+" "+f.Vulnerability.Package] = f
}
func (r *record) Evaluated(string, int)                     {}
func (r *record) NotEvaluated(string, graph.NodeID, string) {}

// statement says one thing about every flaw of lodash.
type statement struct{ vex finding.VEX }

func (s statement) For(_ *artifact.Artifact, p *artifact.Package, _ []string) *finding.VEX {
	if p.Name != "lodash" {
		return nil
	}
	return &s.vex
}

func image() *artifact.Artifact {
	return &artifact.Artifact{
		Form: artifact.Container, Reference: "shop:1", OS: artifact.OS{ID: "debian", VersionID: "12"},
		Layers: []artifact.Layer{{Index: 0, DiffID: "sha256:a", FromBase: true}, {Index: 1, DiffID: "sha256:b", Command: "RUN apt-get install curl"}},
		Packages: []artifact.Package{
			{Name: "zlib1g", Version: "1", PURL: "pkg:deb/debian/zlib1g@1", Ecosystem: "Debian:12", Layer: 0},
			{Name: "curl", Version: "1", PURL: "pkg:deb/debian/curl@1", Ecosystem: "Debian:12", Layer: 1},
			{Name: "lodash", Version: "1.0.0", PURL: "pkg:npm/lodash@1.0.0", Ecosystem: "npm", Layer: 1, Locations: []string{"app/package.json"}},
			{Name: "open", Version: "1.0.0", PURL: "pkg:npm/open@1.0.0", Ecosystem: "npm", Layer: 1},
		},
	}
}

// affect joins the packages with one flaw each.
func affect(t *testing.T, matches map[string]affected.Match, flaws map[string]affected.Flaw) *graph.Snapshot {
	t.Helper()
	var b graph.Builder
	if err := artifact.Add(&b, image(), graph.Provenance{}); err != nil {
		t.Fatal(err)
	}
	for a, err := range artifact.Load(b.Snapshot()) {
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range a.Packages {
			match, err := graph.DocumentOf(matches[p.Name])
			if err != nil {
				t.Fatal(err)
			}
			flaw := flaws[p.Name]
			node, err := graph.DocumentOf(flaw)
			if err != nil {
				t.Fatal(err)
			}
			b.AddNode(graph.Node{ID: affected.FlawID(flaw.ID), Kind: affected.KindVulnerability, Name: flaw.ID, Object: node.Root()})
			b.AddEdges(graph.Edge{From: a.PackageNodes[i], To: affected.FlawID(flaw.ID), Kind: affected.AffectedBy, Evidence: match.Root()})
		}
	}
	return b.Snapshot()
}

func judged(t *testing.T, o Options) *record {
	t.Helper()
	fixed := func(id, to, rating string) affected.Match {
		return affected.Match{State: osv.Fixed, FixedIn: []string{to}, Records: []affected.Record{{ID: id, State: osv.Fixed, FixedIn: to, Rating: rating}}}
	}
	s := affect(t, map[string]affected.Match{
		"zlib1g": fixed("DSA-1", "2", "unimportant"),
		"curl":   fixed("DSA-2", "2", ""),
		"lodash": fixed("GHSA-x", "1.0.1", "high"),
		"open":   {State: osv.NotFixed, Records: []affected.Record{{ID: "CVE-4", State: osv.NotFixed}}},
	}, map[string]affected.Flaw{
		"zlib1g": {ID: "CVE-1", Severity: []osv.Severity{{Type: "CVSS_V3", Score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}},
		"curl":   {ID: "CVE-2", Severity: []osv.Severity{{Type: "CVSS_V3", Score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, {Type: "CVSS_V4", Score: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:L/SC:N/SI:N/SA:N"}}},
		"lodash": {ID: "CVE-3", Aliases: []string{"GHSA-x"}, Summary: "Prototype pollution", Exploited: &osv.Exploited{Since: "2026-01-01"}},
		"open":   {ID: "CVE-4"},
	})
	r := &record{rules: map[string]finding.Rule{}, findings: map[string]finding.Finding{}}
	if err := New(o).Analyze(context.Background(), &analyze.Facts{Snapshot: s}, r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSeverityAndRemedyOfFlaws(t *testing.T) {
	r := judged(t, Options{})
	for key, want := range map[string]struct {
		severity    finding.Severity
		by, remedy  string
		state, step string
	}{
		"CVE-1 zlib1g": {finding.Info, "Debian", "update-base-image", "open", ""},                                  // its distribution's word before any score
		"CVE-2 curl":   {finding.Medium, "CVSS 4.0", "update-system-packages", "open", "RUN apt-get install curl"}, // the newer system of scores before the older
		"CVE-3 lodash": {finding.High, "GitHub", "upgrade-package", "open", "RUN apt-get install curl"},
		"CVE-4 open":   {finding.Medium, "", "do-without-package", "open", "RUN apt-get install curl"},
	} {
		f, ok := r.findings[key]
		if !ok {
			t.Errorf("%s: no finding", key)
			continue
		}
		v := f.Vulnerability
		if f.Severity != want.severity || v.RatedBy != want.by || f.Remedy.Kind != want.remedy || string(f.State) != want.state || v.LayerStep != want.step {
			t.Errorf("%s: got %v by %q, %s, %s, step %q; want %+v", key, f.Severity, v.RatedBy, f.Remedy.Kind, f.State, v.LayerStep, want)
		}
		if !f.Message.Complete() || !f.Remedy.Title.Complete() {
			t.Errorf("%s: a text is missing in one language", key)
		}
	}
	if f := r.findings["CVE-3 lodash"]; f.Vulnerability.Exploited == nil || r.rules["CVE-3"].Title.EN != "Prototype pollution" {
		t.Errorf("got %+v and the rule %+v", f.Vulnerability, r.rules["CVE-3"])
	}
}

func TestStatementsSuppressOnlyWhatTheyClear(t *testing.T) {
	for status, want := range map[string]finding.State{"not_affected": finding.Excepted, "fixed": finding.Excepted, "affected": finding.Open, "under_investigation": finding.Open} {
		f := judged(t, Options{Statements: statement{finding.VEX{Status: status, Author: "shop"}}}).findings["CVE-3 lodash"]
		if f.State != want || f.Vulnerability.VEX == nil {
			t.Errorf("%s: state %s, want %s", status, f.State, want)
		}
	}
}

func TestOnlyFixed(t *testing.T) {
	r := judged(t, Options{OnlyFixed: true})
	if r.findings["CVE-4 open"].State != finding.Excepted || r.findings["CVE-2 curl"].State != finding.Open {
		t.Error("what has no fix must be accepted, and nothing else")
	}
}

// TestScores holds examples of FIRST's specifications and of NVD.
func TestScores(t *testing.T) {
	for vector, want := range map[string]finding.CVSS{
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H":                    {Version: "3.1", Score: 9.8},
		"CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H":                    {Version: "3.0", Score: 7.8},
		"(AV:N/AC:L/Au:N/C:C/I:C/A:C)":                                    {Version: "2.0", Score: 10},
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H": {Version: "4.0", Score: 10},
		"CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N": {Version: "4.0", Score: 0},
	} {
		got, ok := score(vector)
		if !ok || got.Score != want.Score || got.Version != want.Version {
			t.Errorf("%s: got %v %v, want %v", vector, got, ok, want)
		}
	}
	for _, broken := range []string{"", "high", "CVSS:3.1/AV:N", "CVSS:9.9/AV:N"} {
		if got, ok := score(broken); ok {
			t.Errorf("%q scores %v", broken, got)
		}
	}
}
