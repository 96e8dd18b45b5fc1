package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Deployment shop/kitchen", "Deployment shop/kitchen"},
		{"chinese", "厨房（生产）", "厨房（生产）"},
		{"escape sequence", "\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"line breaks", "a\r\nb\tc", `a\r\nb\tc`},
		{"c1 control", "a\u009b31m", `a\x9b31m`},
		{"delete and nul", "a\x7f\x00", `a\x7f\x00`},
		{"direction override", "a\u202etxt.exe", `a\u202etxt.exe`},
		{"direction isolate", "a\u2066b\u2069", `a\u2066b\u2069`},
		{"zero width", "a\u200bb\ufeff", `a\u200bb\ufeff`},
		{"tag characters", "a\U000e0041", `a\U000e0041`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"hangul filler", "a\u3164b", `a\u3164b`},
		{"broken utf-8", "a\xffb", `a\xffb`},
		{"real replacement character", "a\ufffdb", "a\ufffdb"},
		{"combining mark", "e\u0301", "e\u0301"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Clean(c.in); got != c.want {
				t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestWidth(t *testing.T) {
	for in, want := range map[string]int{
		"": 0, "abc": 3, "厨房": 4, "e\u0301": 1, "ﾊﾝ": 2, "ＡＢ": 4, "a厨b": 4, "é": 1, "한국": 4,
	} {
		if got := Width(in); got != want {
			t.Errorf("Width(%q) = %d, want %d", in, got, want)
		}
	}
	if got := Pad("厨房", 6); got != "厨房  " {
		t.Errorf("Pad = %q", got)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name, in string
		columns  int
		want     []string
	}{
		{"empty", "", 10, []string{""}},
		{"fits", "one two", 10, []string{"one two"}},
		{"at words", "one two three", 8, []string{"one two", "three"}},
		{"exact", "one two", 7, []string{"one two"}},
		{"spaces collapse", "one   two", 7, []string{"one two"}},
		{"chinese", "容器以特权模式运行", 8, []string{"容器以特", "权模式运", "行"}},
		{"closing mark stays", "容器以特权，运行", 8, []string{"容器以特", "权，运行"}},
		{"opening mark stays", "容器运（行）", 8, []string{"容器运", "（行）"}},
		{"mixed", "容器nginx运行", 9, []string{"容器nginx", "运行"}},
		{"long path", "spec.template.spec.containers[0].image", 20, []string{"spec.template.spec.", "containers[0].image"}},
		{"long word", "aaaaaaaaaaaa", 5, []string{"aaaaa", "aaaaa", "aa"}},
		{"long word after text", "x aaaaaaa", 5, []string{"x", "aaaaa", "aa"}},
		{"tiny width", "厨房", 1, []string{"厨", "房"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Wrap(c.in, c.columns); !slices.Equal(got, c.want) {
				t.Errorf("Wrap(%q, %d) = %q, want %q", c.in, c.columns, got, c.want)
			}
		})
	}
}

// FuzzWrap checks what holds for every text: lines fit, and nothing but
// spaces is lost.
func FuzzWrap(f *testing.F) {
	f.Add("one two 容器，运行 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 7)
	f.Add("（（（（（\u0301\u0301", 3)
	f.Add("\x1b[31m\xff\u202e", 20)
	f.Fuzz(func(t *testing.T, s string, columns int) {
		if columns < 2 || columns > 200 || len(s) > 2000 {
			t.Skip()
		}
		clean := Clean(s)
		if !utf8.ValidString(clean) || Clean(clean) != clean {
			t.Fatalf("Clean(%q) = %q is not clean", s, clean)
		}
		lines := Wrap(clean, columns)
		for _, line := range lines {
			if Width(line) > columns {
				t.Errorf("line %q is wider than %d", line, columns)
			}
		}
		if got, want := bare(strings.Join(lines, "")), bare(clean); got != want {
			t.Errorf("Wrap(%q, %d) lost text: %q", clean, columns, lines)
		}
	})
}

func bare(s string) string { return strings.Join(strings.Fields(s), "") }
