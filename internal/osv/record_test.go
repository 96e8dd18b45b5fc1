package osv

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

const goRecord = `{
  "schema_version": "1.3.1", "id": "GO-2024-1", "modified": "0001-01-01T00:00:00Z", "published": "2024-01-02T03:04:05Z",
  "aliases": ["CVE-2024-1"], "summary": "Flaw in example.com/m", "unknown": [1, {"a": "]}"}],
  "affected": [{
    "package": {"ecosystem": "Go", "name": "example.com/m"},
    "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.3"}]}],
    "ecosystem_specific": {"imports": [{"path": "example.com/m/p", "symbols": ["Do", "T.Run"], "goos": ["windows"]}]}
  }],
  "references": [{"type": "WEB", "url": "https://example.com/w"}, {"type": "ADVISORY", "url": "https://example.com/a"}],
  "database_specific": {"review_status": "REVIEWED"}
}`

func TestParseGo(t *testing.T) {
	a, err := Parse([]byte(goRecord))
	if err != nil {
		t.Fatal(err)
	}
	published := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	want := Advisory{
		ID: "GO-2024-1", Modified: published, Published: published, Aliases: []string{"CVE-2024-1"}, Summary: "Flaw in example.com/m",
		Affected: []Affected{{
			Ecosystem: "Go", Name: "example.com/m",
			Ranges:  []Range{{Type: Semver, Events: []Event{{Introduced: "0"}, {Fixed: "1.2.3"}}}},
			Imports: []Import{{Path: "example.com/m/p", Symbols: []string{"Do", "T.Run"}, GOOS: []string{"windows"}}},
		}},
		References: []Reference{{"ADVISORY", "https://example.com/a"}, {"WEB", "https://example.com/w"}},
	}
	if !reflect.DeepEqual(a, want) {
		t.Errorf("got %+v\nwant %+v", a, want)
	}
}

// TestParseSpecific looks at what each publisher adds.
func TestParseSpecific(t *testing.T) {
	cases := []struct {
		name, text string
		want       func(a *Advisory) any
		value      any
	}{
		{"GitHub's severity", `"database_specific":{"severity":"MODERATE","cwe_ids":["CWE-59","CWE-59"]}`, func(a *Advisory) any { return a.Rating + a.CWEs[0] }, "moderateCWE-59"},
		{"Ubuntu's priority", `"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:L"},{"type":"Ubuntu","score":"Medium"}]`, func(a *Advisory) any { return a.Rating }, "medium"},
		{"AlmaLinux's impact", `"summary":"Important: bash security update"`, func(a *Advisory) any { return a.Rating }, "important"},
		{"curl's weakness", `"database_specific":{"severity":"Low","CWE":{"id":"CWE-122","desc":"overflow"}}`, func(a *Advisory) any { return a.Rating + a.CWEs[0] }, "lowCWE-122"},
		{"Debian's urgency", `"affected":[{"package":{"ecosystem":"Debian:12","name":"x"},"ecosystem_specific":{"urgency":"unimportant"}}]`, func(a *Advisory) any { return a.Affected[0].Rating }, "unimportant"},
		{"Debian's undecided urgency", `"affected":[{"ecosystem_specific":{"urgency":"not yet assigned"}}]`, func(a *Advisory) any { return a.Affected[0].Rating }, ""},
		{"Debian's end of life", `"affected":[{"ecosystem_specific":{"urgency":"end-of-life"}}]`, func(a *Advisory) any { return a.Affected[0].Rating + string(a.Affected[0].State) }, "wont-fix"},
		{"ignored", `"affected":[{"ecosystem_specific":{"status":"<ignored>"}}]`, func(a *Advisory) any { return a.Affected[0].State }, WontFix},
		{"postponed", `"affected":[{"database_specific":{"fix_state":"Fix deferred"}}]`, func(a *Advisory) any { return a.Affected[0].State }, NotFixed},
		{"RustSec's systems", `"affected":[{"ecosystem_specific":{"affects":{"arch":["x86"],"os":["windows"]}},"database_specific":{"informational":"unsound"}}]`,
			func(a *Advisory) any {
				return a.Affected[0].Architectures[0] + a.Affected[0].Systems[0] + a.Affected[0].Rating
			}, "x86windowsinformational"},
		{"a module", `"summary":"Moderate: nodejs:18 security update","affected":[{"ranges":[{"events":[{"fixed":"1-2.module_el8.1"}]}]}]`, func(a *Advisory) any { return a.Affected[0].Module }, "nodejs:18"},
		{"several modules", `"summary":"Moderate: virt:rhel and virt-devel:rhel security update","affected":[{"ranges":[{"events":[{"fixed":"1-2.module_el8.1"}]}]}]`, func(a *Advisory) any { return a.Affected[0].Module }, ""},
		{"no module", `"summary":"Moderate: edk2:20240524 security update","affected":[{"ranges":[{"events":[{"fixed":"1-2.el8"}]}]}]`, func(a *Advisory) any { return a.Affected[0].Module }, ""},
		{"fields of other types", `"database_specific":["x"],"affected":[{"ecosystem_specific":{"severity":7,"imports":"x","affects":{"arch":["arm"]}}}]`, func(a *Advisory) any { return a.Affected[0].Architectures[0] }, "arm"},
		{"an ecosystem in lower case", `"affected":[{"package":{"ecosystem":"bitnami","name":"x"}}]`, func(a *Advisory) any { return a.Affected[0].Ecosystem }, "Bitnami"},
		{"several fields in one event", `"affected":[{"ranges":[{"type":"semver","events":[{"introduced":"0","fixed":"2"}]}]}]`, func(a *Advisory) any { return a.Affected[0].Ranges[0] }, Range{Semver, []Event{{Introduced: "0"}, {Fixed: "2"}}}},
	}
	for _, c := range cases {
		a, err := Parse([]byte(`{"id":"X-1","modified":"2024-01-02",` + c.text + `}`))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := c.want(&a); !reflect.DeepEqual(got, c.value) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.value)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"no JSON", `{"id":`, "unexpected end of JSON input"},
		{"no id", `{}`, "has no id"},
		{"events of another type", `{"id":"X-1","affected":[{"ranges":[{"events":{}}]}]}`, `advisory "X-1": not a record`},
		{"a date of withdrawal that is none", `{"id":"X-1","withdrawn":"soon"}`, `advisory "X-1": withdrawn: "soon" is not a time`},
		{"too deep", `{"id":"X-1","x":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, "nests deeper"},
		{"too large", `{"id":"X-1"}` + strings.Repeat(" ", maxRecordSize), "bytes, more than"},
	}
	for _, c := range cases {
		if _, err := Parse([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(goRecord))
	f.Add([]byte(`{"id":"X-1","affected":[{"package":{"ecosystem":"Debian:12","name":"x"},"versions":["1"],"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"1"},{"last_affected":"2"},{"limit":"*"}]},{"type":"GIT"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Parse(data)
		if err == nil && a.ID == "" {
			t.Error("a record without an id was read")
		}
		for i := range a.Affected {
			e := &a.Affected[i]
			e.Covers("PyPI", "A._b")
			if v := e.Evaluate(orderOf(Semver, nil), "1.2.3"); (v.Verdict == IsAffected) != (v.Range != "") {
				t.Errorf("verdict %d with range %q", v.Verdict, v.Range)
			}
		}
	})
}
