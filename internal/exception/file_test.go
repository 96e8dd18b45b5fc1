package exception

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFromConfig(t *testing.T) {
	list, err := FromConfig(readFile(t, "testdata/good.foil.yaml"), ".foil.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		id, owner, reason, source string
		expires                   time.Time
		rules, objects            int
	}{
		{"node-agent", "platform team", "The agent reads kernel events.", ".foil.yaml:5", date(2027, 2, 1), 2, 2},
		{".foil.yaml#2", "mei@example.com", "演示环境，不含真实数据", ".foil.yaml:15", time.Time{}, 1, 1},
		{".foil.yaml#3", "release", "Until the registry is mirrored.", ".foil.yaml:20", date(2026, 12, 1).Add(10 * time.Hour), 1, 0},
	}
	if len(list) != len(want) {
		t.Fatalf("%d exceptions, want %d", len(list), len(want))
	}
	for i, w := range want {
		x := list[i]
		if x.ID != w.id || x.Owner != w.owner || x.Reason != w.reason || x.Source != w.source || !x.Expires.Equal(w.expires) {
			t.Errorf("exception %d is %+v, want %+v", i+1, x.Exception, w)
		}
		if len(x.Rules) != w.rules || len(x.Objects) != w.objects || x.Defect != (lang.Text{}) {
			t.Errorf("%s: %d rules, %d objects, defect %q", x.ID, len(x.Rules), len(x.Objects), x.Defect.EN)
		}
	}
	if want := (graph.Position{File: ".foil.yaml", Line: 5, Column: 3}); list[0].Position != want {
		t.Errorf("position %+v, want %+v", list[0].Position, want)
	}
}

func TestFilesWithoutExceptions(t *testing.T) {
	for _, text := range []string{"", "fail-on: high\n", "exceptions:\n", "exceptions: []\n", "# only a comment\n"} {
		if list, err := FromConfig([]byte(text), "f"); err != nil || len(list) != 0 {
			t.Errorf("%q: %v, %v", text, list, err)
		}
	}
}

// TestBadFiles compares the message of every file in testdata/bad with the
// comment on its first line.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d bad files, error %v", len(files), err)
	}
	for _, path := range files {
		data := readFile(t, path)
		first, _, _ := strings.Cut(string(data), "\n")
		want := strings.TrimPrefix(first, "# ")
		if _, err := FromConfig(data, "f"); err == nil || strings.Join(strings.Fields(err.Error()), " ") != want {
			t.Errorf("%s: error\n\t%v\nwant\n\t%s", path, err, want)
		}
	}
}

// TestDefects lists what makes an exception void although the file is readable.
func TestDefects(t *testing.T) {
	const complete = "controls: [a], owner: b, reason: c, expires: 2027-01-31"
	if list, err := FromConfig([]byte("exceptions: [{"+complete+"}]"), "f"); err != nil || list[0].Defect != (lang.Text{}) {
		t.Fatalf("a complete exception: %+v, %v", list, err)
	}
	for name, test := range map[string]struct{ entry, want string }{
		"no controls":    {"owner: b, reason: c, expires: never", "no controls: name the ids that it is about"},
		"empty controls": {"controls: ['', ' '], owner: b, reason: c, expires: never", "no controls: name the ids that it is about"},
		"no owner":       {"controls: [a], reason: c, expires: never", "no owner: say who decided"},
		"blank owner":    {"controls: [a], owner: ' ', reason: c, expires: never", "no owner: say who decided"},
		"no reason":      {"controls: [a], owner: b, expires: never", "no reason: say why the fault is accepted"},
		"no end":         {"controls: [a], owner: b, reason: c", `no end: give expires as a date (2027-01-31), or "never"`},
		"no such day":    {"controls: [a], owner: b, reason: c, expires: 2027-02-30", `expires "2027-02-30" is no date: want 2027-01-31, RFC 3339 or never`},
		"two-digit year": {"controls: [a], owner: b, reason: c, expires: 27-02-03", `expires "27-02-03" is no date: want 2027-01-31, RFC 3339 or never`},
		"words":          {"controls: [a], owner: b, reason: c, expires: next week", `expires "next week" is no date: want 2027-01-31, RFC 3339 or never`},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := FromConfig([]byte("exceptions: [{"+test.entry+"}]"), "f")
			if err != nil {
				t.Fatal(err)
			}
			if got := list[0].Defect; got.EN != test.want || got.ZH == "" || got.ZH == got.EN {
				t.Errorf("defect %+v, want %q", got, test.want)
			}
		})
	}
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

func FuzzFromConfig(f *testing.F) {
	good, err := os.ReadFile("testdata/good.foil.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("exceptions:\n- &a {controls: [x]}\n- *a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := FromConfig(data, "f")
		if err != nil && len(list) > 0 {
			t.Error("exceptions beside an error")
		}
		for _, x := range list {
			if x.ID == "" || x.Source == "" || x.Defect == (lang.Text{}) && (len(x.Rules) == 0 || x.Owner == "" || x.Reason == "") {
				t.Errorf("an exception without its parts counts: %+v", x)
			}
		}
	})
}
