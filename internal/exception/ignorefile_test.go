package exception

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

func ignored(t *testing.T, name string) []Exception {
	t.Helper()
	list, err := FromIgnoreFile(readFile(t, filepath.Join("testdata/ignore", name)), name)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestIgnoreFiles lists what each example says of itself.
func TestIgnoreFiles(t *testing.T) {
	want := strings.TrimPrefix(`
.grype.yaml#1 .grype.yaml:3 .grype.yaml | not reachable | never | 
.grype.yaml#2 .grype.yaml:5 .grype.yaml | ignored in .grype.yaml | never | 
.grype.yaml#3 .grype.yaml:11 .grype.yaml | ignored in .grype.yaml | never | 
.grype.yaml#4 .grype.yaml:13 .grype.yaml | ignored in .grype.yaml | never | 
.grype.yaml#5 .grype.yaml:15 .grype.yaml | ignored in .grype.yaml | never | 
.grype.yaml#6 .grype.yaml:17 .grype.yaml | covers everything | never | it limits nothing: name a vulnerability or a package
.grype.yaml#7 .grype.yaml:18 .grype.yaml | ignored in .grype.yaml | never | foil does not know the key "colour", which may be a limit: leave it out
.grype.yaml#8 .grype.yaml:20 .grype.yaml | ignored in .grype.yaml | never | the location "/a/{b,c}" uses more than *, ** and ?, which foil does not support
.grype.yaml#9 .grype.yaml:22 .grype.yaml | ignored in .grype.yaml | never | 
.trivyignore#1 .trivyignore:3 .trivyignore | Accepted by the platform team, until the next base image. | 2026-12-01T00:00 | 
.trivyignore#2 .trivyignore:5 .trivyignore | never called | never | 
.trivyignore#3 .trivyignore:6 .trivyignore | ignored in .trivyignore | never | "exp:soon" is no date: want exp:2027-01-31
.trivyignore#4 .trivyignore:7 .trivyignore | ignored in .trivyignore | never | 
.trivyignore.yaml#1 .trivyignore.yaml:2 .trivyignore.yaml | Accepted | 2026-12-01T00:00 | 
.trivyignore.yaml#2 .trivyignore.yaml:6 .trivyignore.yaml | ignored in .trivyignore.yaml | never | 
.trivyignore.yaml#3 .trivyignore.yaml:8 .trivyignore.yaml | ignored in .trivyignore.yaml | never | foil does not know the key "path", which may be a limit: leave it out
.trivyignore.yaml#4 .trivyignore.yaml:10 .trivyignore.yaml | no id | never | no controls: name the ids that it is about
.trivyignore.yaml#5 .trivyignore.yaml:11 .trivyignore.yaml | ignored in .trivyignore.yaml | never | expired_at "tomorrow" is no date: want 2027-01-31
.trivyignore.yaml#6 .trivyignore.yaml:14 .trivyignore.yaml | ignored in .trivyignore.yaml | never | 
.trivyignore.yaml#7 .trivyignore.yaml:17 .trivyignore.yaml | ignored in .trivyignore.yaml | never | paths of secrets are not supported: leave them out
osv-scanner.toml#1 osv-scanner.toml osv-scanner.toml | no fix yet | 2026-12-01T00:00 | 
osv-scanner.toml#2 osv-scanner.toml osv-scanner.toml | ignored in osv-scanner.toml | 2026-12-01T10:00 | 
osv-scanner.toml#3 osv-scanner.toml osv-scanner.toml | no id | never | no controls: name the ids that it is about
osv-scanner.toml#4 osv-scanner.toml osv-scanner.toml | internal | 2026-12-01T00:00 | 
osv-scanner.toml#5 osv-scanner.toml osv-scanner.toml | ignored in osv-scanner.toml | never | 
osv-scanner.toml#6 osv-scanner.toml osv-scanner.toml | ignored in osv-scanner.toml | never | groups of dependencies are not supported: name the packages
`, "\n")
	var got strings.Builder
	for _, name := range IgnoreFiles() {
		for _, x := range ignored(t, name) {
			end := "never"
			if !x.Expires.IsZero() {
				end = x.Expires.Format("2006-01-02T15:04")
			}
			fmt.Fprintf(&got, "%s %s %s | %s | %s | %s\n", x.ID, x.Source, x.Owner, x.Reason, end, x.Defect.EN)
			if x.Defect != (lang.Text{}) && (x.Defect.ZH == "" || x.Defect.ZH == x.Defect.EN) {
				t.Errorf("%s: the defect is not said in Chinese: %q", x.ID, x.Defect.ZH)
			}
		}
	}
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// flaws are findings of flaws by a short name.
func flaws() map[string]*finding.Finding {
	lodash := finding.Vulnerability{
		ID: "CVE-2024-10", Aliases: []string{"GHSA-aaaa"}, Records: []string{"GHSA-aaaa"}, Package: "lodash", Version: "4.17.20", Type: "npm", PURL: "pkg:npm/lodash@4.17.20",
		Location: "app/node_modules/lodash/package.json", FixState: "fixed", Artifact: "shop:1",
	}
	elsewhere := lodash
	elsewhere.Location, elsewhere.Version = "usr/lib/lodash/package.json", "4.17.19"
	flask := finding.Vulnerability{ID: "CVE-2024-11", Package: "flask", Version: "2.0", Type: "pypi", PURL: "pkg:pypi/flask@2.0", FixState: "fixed", VEX: &finding.VEX{Status: "not_affected"}}
	libssl := finding.Vulnerability{
		ID: "CVE-2024-12", Package: "libssl3", Version: "3", Type: "deb", Source: "openssl", PURL: "pkg:deb/debian/libssl3@3?distro=debian-12", FixState: "not-fixed",
	}
	zlib := finding.Vulnerability{ID: "CVE-2024-2", Package: "zlib1g", Version: "1", Type: "deb", PURL: "pkg:deb/debian/zlib1g@1?distro=debian-12.5", FixState: "wont-fix"}
	first := finding.Vulnerability{ID: "CVE-2024-1", Package: "right", Version: "1", Type: "npm", PURL: "pkg:npm/right@1", Location: "app/x/package.json", FixState: "fixed"}
	list := map[string]*finding.Finding{"pod": {Rule: "privileged-container"}}
	for name, v := range map[string]finding.Vulnerability{"lodash": lodash, "elsewhere": elsewhere, "flask": flask, "libssl": libssl, "zlib": zlib, "first": first} {
		list[name] = &finding.Finding{Rule: v.ID, Vulnerability: &v}
	}
	return list
}

// TestWhatIsIgnored lists the findings that each entry covers.
func TestWhatIsIgnored(t *testing.T) {
	rules := []finding.Rule{{ID: "privileged-container", Aliases: []string{"C-0057"}}, {ID: "CVE-2024-10", Aliases: []string{"GHSA-aaaa"}}}
	node := &graph.Node{Kind: "Pod", Name: "x"}
	node.Provenance.Position.File = "deploy/till.yaml"
	for name, want := range map[string][]string{
		".grype.yaml":       {"first", "lodash", "zlib", "flask", "libssl", "", "", "", ""},
		".trivyignore":      {"first", "zlib", "", "pod"},
		".trivyignore.yaml": {"first", "zlib", "", "", "", "pod", ""},
		"osv-scanner.toml":  {"elsewhere lodash", "zlib", "", "lodash", "libssl zlib", ""},
	} {
		for i, x := range ignored(t, name) {
			set := NewSet([]Exception{x}, rules, date(2026, 11, 30))
			var covered []string
			for short, f := range flaws() {
				if set.Apply(f, node); f.State == finding.Excepted {
					covered = append(covered, short)
				}
			}
			slices.Sort(covered)
			if got := strings.Join(covered, " "); got != want[i] {
				t.Errorf("%s covers %q, want %q", x.ID, got, want[i])
			}
		}
	}
}

func TestADayEndsAnEntryAtItsBeginning(t *testing.T) {
	for _, name := range []string{".trivyignore", ".trivyignore.yaml", "osv-scanner.toml"} {
		set := NewSet(ignored(t, name)[:1], nil, date(2026, 12, 1))
		for _, f := range flaws() {
			if set.Apply(f, nil); f.State == finding.Excepted {
				t.Errorf("%s: %s is still ignored", name, f.Rule)
			}
		}
	}
}

func TestPackagesInTheConfiguration(t *testing.T) {
	for limit, want := range map[string]string{
		"{name: lod*}": "elsewhere lodash", "{name: lodash, version: 4.17.20}": "lodash", "{type: deb}": "libssl zlib", "{purl: 'pkg:deb/debian/zlib1g'}": "zlib",
		"{location: /app/**}": "first lodash", "{image: 'shop:*'}": "elsewhere lodash", "{name: flask}, {name: right}": "first flask",
	} {
		list, err := FromConfig([]byte("exceptions: [{controls: ['*'], owner: a, reason: b, expires: never, packages: ["+limit+"]}]"), "f")
		if err != nil {
			t.Fatal(err)
		}
		set := NewSet(list, nil, date(2026, 1, 1))
		var covered []string
		for short, f := range flaws() {
			if set.Apply(f, nil); f.State == finding.Excepted {
				covered = append(covered, short)
			}
		}
		slices.Sort(covered)
		if got := strings.Join(covered, " "); got != want {
			t.Errorf("%s covers %q, want %q", limit, got, want)
		}
	}
}

func TestAllControlsAreNoFlaws(t *testing.T) {
	framework, err := expression("", "AllControls")
	if err != nil {
		t.Fatal(err)
	}
	r := Rule{Framework: framework}
	if r.covers(&finding.Rule{ID: "CVE-2024-10", Aliases: []string{"GHSA-aaaa"}}) || !r.covers(&finding.Rule{ID: "x", Aliases: []string{"C-0057"}}) {
		t.Error("AllControls means the controls of Kubescape")
	}
}

func TestUnreadableIgnoreFiles(t *testing.T) {
	for file, text := range map[string]string{".grype.yaml": "ignore: 1", ".trivyignore.yaml": "secrets: x", "osv-scanner.toml": "a", "x.json": "{", "notes.txt": ""} {
		if _, err := FromIgnoreFile([]byte(text), file); err == nil || !strings.HasPrefix(err.Error(), file+":") {
			t.Errorf("%s: error %v", file, err)
		}
	}
}

func FuzzFromIgnoreFile(f *testing.F) {
	for i, name := range IgnoreFiles() {
		data, err := os.ReadFile(filepath.Join("testdata/ignore", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, data)
	}
	f.Fuzz(func(t *testing.T, i int, data []byte) {
		names := IgnoreFiles()
		list, err := FromIgnoreFile(data, names[uint(i)%uint(len(names))])
		if err != nil && len(list) > 0 {
			t.Error("exceptions beside an error")
		}
		for _, x := range list {
			if x.ID == "" || x.Owner == "" || x.Reason == "" || x.Defect == (lang.Text{}) && len(x.Rules) == 0 {
				t.Errorf("an exception without its parts counts: %+v", x)
			}
		}
		set := NewSet(list, nil, date(2026, 1, 1))
		for _, finding := range flaws() {
			set.Apply(finding, nil)
		}
	})
}
