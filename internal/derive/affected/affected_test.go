package affected

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/osv"
)

// records is a feed of OSV records as their publishers write them.
type records []osv.Advisory

func feedOf(t *testing.T, texts ...string) records {
	t.Helper()
	var list records
	for _, text := range texts {
		a, err := osv.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, a)
	}
	return list
}

func base(ecosystem string) string { b, _, _ := strings.Cut(ecosystem, ":"); return b }

func (r records) Lookup(ecosystem, name string) ([]osv.Advisory, error) {
	var out []osv.Advisory
	for _, a := range r {
		for _, entry := range a.Affected {
			if base(entry.Ecosystem) == base(ecosystem) && entry.Name == name {
				out = append(out, a)
				break
			}
		}
	}
	return out, nil
}

func (r records) Covers(ecosystem string) bool {
	for _, a := range r {
		for _, entry := range a.Affected {
			if entry.Ecosystem == ecosystem || entry.Ecosystem == base(ecosystem) {
				return true
			}
		}
	}
	return false
}

func (records) Exploited(cve string) *osv.Exploited {
	if cve == "CVE-2023-0002" {
		return &osv.Exploited{Since: "2023-05-01"}
	}
	return nil
}

func (records) Likelihood(string) *osv.Likelihood { return nil }

const (
	debianRecord = `{"id":"DSA-1-1","upstream":["CVE-2023-0001","CVE-2023-0002"],"affected":[{"package":{"ecosystem":"Debian:12","name":"expat"},
		"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.5.0-1+deb12u1"}]}]}]}`
	pythonRecord = `{"id":"PYSEC-1","aliases":["CVE-2023-0003","GHSA-aaaa"],"affected":[{"package":{"ecosystem":"PyPI","name":"flask"},
		"ranges":[{"type":"GIT","repo":"x","events":[{"introduced":"0"}]},{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.3.2"}]}]}]}`
	githubRecord = `{"id":"GHSA-aaaa","summary":"Session cookie leak","aliases":["CVE-2023-0003"],"affected":[{"package":{"ecosystem":"PyPI","name":"flask"},
		"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.2.5"}]}]}]}`
	withdrawnRecord = `{"id":"PYSEC-2","withdrawn":"2023-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"flask"},
		"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}`
	goRecord = `{"id":"GO-1","aliases":["CVE-2023-0004"],"affected":[{"package":{"ecosystem":"Go","name":"golang.org/x/net"},
		"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"0.7.0"}]}],
		"ecosystem_specific":{"imports":[{"path":"golang.org/x/net/html","symbols":["Parse","Tokenizer.Next"]}]}}]}`
	goGitHubRecord = `{"id":"GHSA-bbbb","aliases":["CVE-2023-0004"],"affected":[{"package":{"ecosystem":"Go","name":"golang.org/x/net"},
		"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"0.7.0"}]}]}]}`
	openRecord = `{"id":"CVE-2023-0005","affected":[{"package":{"ecosystem":"npm","name":"left"},
		"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0.0"}]}]}]}`
)

func image() *artifact.Artifact {
	return &artifact.Artifact{
		Form: artifact.Container, Reference: "shop:1",
		Packages: []artifact.Package{
			{Name: "libexpat1", Version: "2.5.0-1", PURL: "pkg:deb/debian/libexpat1@2.5.0-1", Ecosystem: "Debian:12", SourceName: "expat", SourceVersion: "2.5.0-1"},
			{Name: "flask", Version: "2.2.0", PURL: "pkg:pypi/flask@2.2.0", Ecosystem: "PyPI", Locations: []string{"a"}},
			{Name: "flask", Version: "2.2.0", PURL: "pkg:pypi/flask@2.2.0", Ecosystem: "PyPI", Locations: []string{"b"}, Owner: "pkg:deb/debian/python3-flask@2.2.0-1"},
			{Name: "golang.org/x/net", Version: "0.6.0", PURL: "pkg:golang/golang.org/x/net@v0.6.0", Ecosystem: "Go", Locations: []string{"bin/used"}},
			{Name: "golang.org/x/net", Version: "0.6.0", PURL: "pkg:golang/golang.org/x/net@v0.6.0", Ecosystem: "Go", Locations: []string{"bin/unused"}},
			{Name: "left", Version: "1.2.0", PURL: "pkg:npm/left@1.2.0", Ecosystem: "npm", Locations: []string{"c"}},
			{Name: "left", Version: "not a version", PURL: "pkg:npm/left@x", Ecosystem: "npm", Locations: []string{"d"}},
			{Name: "serde", Version: "1.0.0", PURL: "pkg:cargo/serde@1.0.0", Ecosystem: "crates.io", Locations: []string{"e"}},
		},
		Programs: []artifact.Program{
			{Path: "bin/used", Symbols: artifact.NewSymbols([]uint64{artifact.SymbolHash("golang.org/x/net/html", "Parse"), artifact.SymbolHash("golang.org/x/net/html", "")})},
			{Path: "bin/unused", Symbols: artifact.NewSymbols([]uint64{artifact.SymbolHash("main", "main")})},
		},
	}
}

func derived(t *testing.T, a *artifact.Artifact, f Feed) *graph.Snapshot {
	t.Helper()
	var b graph.Builder
	if err := artifact.Add(&b, a, graph.Provenance{}); err != nil {
		t.Fatal(err)
	}
	read := b.Snapshot()
	Deriver{Feed: f, Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}.Derive(read, &b)
	return b.Snapshot()
}

func TestPackagesMeetTheirFlaws(t *testing.T) {
	s := derived(t, image(), feedOf(t, debianRecord, pythonRecord, githubRecord, withdrawnRecord, goRecord, goGitHubRecord, openRecord))
	got := map[string]string{}
	for loaded, err := range artifact.Load(s) {
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range loaded.Packages {
			for f, m := range Of(s, loaded.PackageNodes[i]) {
				var ids []string
				for _, r := range m.Records {
					ids = append(ids, r.ID)
				}
				key := fmt.Sprint(append(p.Locations, p.Name)[0], " ", f.ID)
				got[key] = fmt.Sprint(ids, m.FixedIn, m.State, m.Symbols, m.Present, m.Accepted)
			}
		}
	}
	want := map[string]string{
		"libexpat1 CVE-2023-0001":  "[DSA-1-1] [2.5.0-1+deb12u1] fixed  [] ",
		"libexpat1 CVE-2023-0002":  "[DSA-1-1] [2.5.0-1+deb12u1] fixed  [] ",
		"a CVE-2023-0003":          "[GHSA-aaaa PYSEC-1] [2.2.5 2.3.2] fixed  [] ",
		"b CVE-2023-0003":          "[GHSA-aaaa PYSEC-1] [2.2.5 2.3.2] fixed  [] pkg:deb/debian/python3-flask@2.2.0-1",
		"bin/used CVE-2023-0004":   "[GHSA-bbbb GO-1] [0.7.0] fixed present [golang.org/x/net/html.Parse] ",
		"bin/unused CVE-2023-0004": "[GHSA-bbbb GO-1] [0.7.0] fixed absent [] ",
		"c CVE-2023-0005":          "[CVE-2023-0005] [] not-fixed  [] ",
	}
	if !reflect.DeepEqual(normal(got), normal(want)) {
		t.Errorf("got  %q\nwant %q", normal(got), normal(want))
	}
}

// normal takes the spaces out that fmt.Sprint puts between some operands only.
func normal(m map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[k] = strings.ReplaceAll(v, " ", "")
	}
	return out
}

func TestWhatIsUndecidedIsAGap(t *testing.T) {
	s := derived(t, image(), feedOf(t, debianRecord, pythonRecord, goRecord, openRecord))
	var got []string
	for _, g := range s.Gaps() {
		got = append(got, g.Subject+" | "+g.Reason)
	}
	want := []string{
		"shop:1: packages (npm) whose version can't be compared | left not a version",
		"shop:1: vulnerabilities of 1 packages (crates.io) | the database holds no advisories for crates.io: get them with foil db update, or foil db import",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAFlawIsOneNodeHoweverManyPackagesHaveIt(t *testing.T) {
	s := derived(t, image(), feedOf(t, debianRecord, pythonRecord, githubRecord, goRecord))
	n, ok := s.Node(FlawID("CVE-2023-0003"))
	if !ok {
		t.Fatal("the flaw has no node")
	}
	var f Flaw
	if err := n.Object.Decode(&f); err != nil {
		t.Fatal(err)
	}
	if f.Summary != "Session cookie leak" || !reflect.DeepEqual(f.Aliases, []string{"GHSA-aaaa", "PYSEC-1"}) {
		t.Errorf("got %+v", f)
	}
	n, _ = s.Node(FlawID("CVE-2023-0002"))
	if n.Object.At("exploited", "since").Str() != "2023-05-01" {
		t.Error("the flaw is not marked as exploited")
	}
}

func TestARevisionOfBitnamiIsNoPreRelease(t *testing.T) {
	for version, want := range map[string]string{"1.2.3-4": "1.2.3", "1.2.3": "1.2.3", "1.2.3-rc.1": "1.2.3-rc.1", "1.2.3-": "1.2.3-"} {
		p := artifact.Package{Name: "redis", Version: version, Ecosystem: "Bitnami"}
		if got := names(&p); len(got) != 1 || got[0].version != want {
			t.Errorf("%s: got %v, want %s", version, got, want)
		}
	}
}
