package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/cli"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/kubetest"
)

var shared = kubetest.Share(kube.Options{FakeNodes: 1})

func TestMain(m *testing.M) { os.Exit(shared.Run(m)) }

// foil runs a command line and gives its code, output and errors.
func foil(t *testing.T, arguments ...string) (code cli.Code, out, errors string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = cli.Run(context.Background(), arguments, cli.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
	return code, stdout.String(), stderr.String()
}

// scanned is the report of a scan that must end with the code.
func scanned(t *testing.T, want cli.Code, arguments ...string) *report.Report {
	t.Helper()
	code, out, errors := foil(t, append([]string{"scan", "-o", "json"}, arguments...)...)
	if code != want {
		t.Fatalf("foil scan %s: code %d, want %d; %s", strings.Join(arguments, " "), code, want, errors)
	}
	var r report.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

// verdicts lists the findings as "rule node".
func verdicts(r *report.Report) []string {
	list := make([]string, len(r.Findings))
	for i, f := range r.Findings {
		list[i] = f.Rule + " " + string(f.Node)
	}
	slices.Sort(list)
	return list
}

// missing lists what is in one sorted list and not in the other.
func missing(in, from []string) []string {
	return slices.DeleteFunc(slices.Clone(in), func(s string) bool {
		_, found := slices.BinarySearch(from, s)
		return found
	})
}
