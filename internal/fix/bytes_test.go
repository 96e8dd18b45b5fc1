package fix_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
)

// TestBytesKept fixes files whose bytes no case file can show.
func TestBytesKept(t *testing.T) {
	pod := "# pod\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostPID: true \t\n"
	want := "# pod\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostPID: false \t\n  x:\n    - 1\n"
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	cut := func(s string) string { return strings.TrimRight(s, " \t\r\n") }
	for name, test := range map[string]struct{ before, after string }{
		"unix":             {pod, want},
		"windows":          {crlf(pod), crlf(want)},
		"byte order mark":  {"\xEF\xBB\xBF" + pod, "\xEF\xBB\xBF" + want},
		"no last newline":  {cut(pod), strings.ReplaceAll(cut(want), "false \t", "false")},
		"windows, no last": {crlf(cut(pod)), crlf(strings.ReplaceAll(cut(want), "false \t", "false"))},
		"old mac":          {strings.ReplaceAll(pod[6:], "\n", "\r"), strings.ReplaceAll(want[6:], "\n", "\r")},
		"tab before value": {strings.ReplaceAll(pod, "PID: ", "PID:\t"), strings.ReplaceAll(want, "PID: ", "PID:\t")},
		"document markers": {"---\n" + pod + "...\n# end\n---\n", "---\n" + want + "...\n# end\n---\n"},
		"wide characters":  {"# 玉米饼 \U0001F32E\n" + pod, "# 玉米饼 \U0001F32E\n" + want},
		"line separator":   {"# a\u2028# b\n" + pod, "# a\u2028# b\n" + want},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "a.yaml")
			writeFile(t, file, []byte(test.before))
			f := finding.Finding{Rule: "r", Node: "k8s:Pod:default/a", Fixes: []finding.Fix{
				{Operation: finding.Set, Path: "spec.hostPID", Value: "false"},
				{Operation: finding.Append, Path: "spec.x", Value: "1"},
			}}
			c := caseFinding{Rule: f.Rule, Node: f.Node}
			c.take(f.Fixes)
			plan, folder := planCase(t, dir, []caseFinding{c})
			complain(t, plan)
			if err := folder.Write(plan); err != nil {
				t.Fatal(err)
			}
			if got := textOf(t, file); got != test.after {
				t.Errorf("got  %q\nwant %q", got, test.after)
			}
		})
	}
}
