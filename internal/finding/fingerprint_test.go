package finding

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// TestFingerprintsStay compares with fingerprints that are in people's
// baselines. There is no flag to write the file anew, on purpose.
func TestFingerprintsStay(t *testing.T) {
	file, err := os.Open("testdata/fingerprints.golden")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	seen := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		var want, rule, node, discriminator string
		if _, err := fmt.Sscanf(lines.Text(), "%s %q %q %q", &want, &rule, &node, &discriminator); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		got := NewFingerprint(rule, graph.NodeID(node), discriminator)
		if string(got) != want {
			t.Errorf("fingerprint of %q on %q (%q) is %s, was %s", rule, node, discriminator, got, want)
		}
		if other, double := seen[want]; double {
			t.Errorf("%s and %s share a fingerprint", lines.Text(), other)
		}
		seen[want] = lines.Text()
	}
	if err := lines.Err(); err != nil || len(seen) < 8 {
		t.Errorf("%d fingerprints read, error %v", len(seen), err)
	}
}

// TestTextsDoNotReopen changes everything that people improve over time: what
// a finding is known by stays.
func TestTextsDoNotReopen(t *testing.T) {
	rule := Rule{ID: "privileged-container", Title: lang.Text{EN: "a"}, Severity: Low, Techniques: []string{"T"}}
	f := Finding{Rule: rule.ID, Node: graph.ObjectID("", "Pod", "shop", "kitchen"), Severity: rule.Severity}
	before := NewFingerprint(f.Rule, f.Node, "")
	f.Severity, f.Message = Critical, lang.Text{EN: "b"}                                                        //nolint:govet // written to show that nobody reads it
	f.Evidence = []Evidence{{Path: "spec", Value: "v", Position: graph.Position{File: "moved.yaml", Line: 99}}} //nolint:govet // likewise
	if after := NewFingerprint(f.Rule, f.Node, ""); after != before {
		t.Errorf("fingerprint %s became %s", before, after)
	}
}

// TestPartsOfAFingerprintDoNotMix moves a letter from one part to the next.
func TestPartsOfAFingerprintDoNotMix(t *testing.T) {
	seen := map[Fingerprint]bool{}
	for _, parts := range [][3]string{{"ab", "c", ""}, {"a", "bc", ""}, {"a", "b", "c"}, {"", "abc", ""}, {"abc", "", ""}, {"", "", "abc"}} {
		f := NewFingerprint(parts[0], graph.NodeID(parts[1]), parts[2])
		if seen[f] || len(f) != 32 {
			t.Errorf("%q: fingerprint %s", parts, f)
		}
		seen[f] = true
	}
}
