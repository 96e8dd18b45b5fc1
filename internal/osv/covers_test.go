package osv

import (
	"testing"
	"time"
)

func TestCovers(t *testing.T) {
	cases := []struct {
		entry, name   string
		ecosystem, of string
		want          bool
	}{
		{"Debian:12", "bash", "Debian:12", "bash", true},
		{"Debian:12", "bash", "Debian:11", "bash", false},
		{"Debian:12", "bash", "Debian", "bash", false},
		{"Debian:12", "bash", "Debian:12.5", "bash", true},
		{"Debian:1", "bash", "Debian:12", "bash", false},
		{"Debian", "bash", "Debian:12", "bash", true},
		{"Debian:12", "bash", "Ubuntu:12", "bash", false},
		{"Debian:12", "Bash", "Debian:12", "bash", false},
		{"Alpine:v3.2", "zlib", "Alpine:v3.20", "zlib", false},
		{"Alpine:v3.20", "zlib", "Alpine:v3.20.3", "zlib", true},
		{"Alpine:v3.20", "zlib", "Alpine:3.20", "zlib", true},
		{"Ubuntu:22.04:LTS", "bash", "Ubuntu:22.04", "bash", true},
		{"Ubuntu:22.04:LTS", "bash", "Ubuntu:22.04:LTS", "bash", true},
		{"Ubuntu:Pro:22.04:LTS", "bash", "Ubuntu:22.04:LTS", "bash", false},
		{"Red Hat:enterprise_linux:9::baseos", "bash", "Red Hat:9.4", "bash", true},
		{"Red Hat:enterprise_linux:9::baseos", "bash", "Red Hat:enterprise_linux:9::appstream", "bash", true},
		{"Red Hat:rhel_aus:8.4::baseos", "bash", "Red Hat:8.4", "bash", false},
		{"AlmaLinux:8", "bash", "AlmaLinux:8.9", "bash", true},
		{"SUSE:Linux Enterprise Server 15 SP5", "bash", "SUSE:Linux Enterprise Server 15 SP5", "bash", true},
		{"Maven:https://maven.google.com", "a:b", "Maven", "a:b", true},
		{"PyPI", "zope.interface", "PyPI", "Zope_Interface", true},
		{"PyPI", "foo--bar", "PyPI", "Foo-._bar", true},
		{"npm", "JSONStream", "npm", "jsonstream", false},
		{"NuGet", "Newtonsoft.Json", "NuGet", "newtonsoft.json", true},
		{"crates.io", "serde_json", "crates.io", "serde-json", true},
		{"SwiftURL", "https://github.com/Apple/swift-nio.git", "SwiftURL", "github.com/apple/swift-nio", true},
	}
	for _, c := range cases {
		a := Affected{Ecosystem: c.entry, Name: c.name}
		if got := a.Covers(c.ecosystem, c.of); got != c.want {
			t.Errorf("%s %s covers %s %s: %t, want %t", c.entry, c.name, c.ecosystem, c.of, got, c.want)
		}
	}
}

func TestInForce(t *testing.T) {
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for withdrawn, want := range map[time.Time]bool{{}: true, now: false, now.Add(-time.Hour): false, now.Add(time.Hour): true} {
		a := Advisory{Withdrawn: withdrawn}
		if got := a.InForce(now); got != want {
			t.Errorf("withdrawn %v: in force %t, want %t", withdrawn, got, want)
		}
	}
}
