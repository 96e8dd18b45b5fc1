package html

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/reporttest"
	"github.com/foilsec/foil/internal/report/text"
)

func TestWrite(t *testing.T) { reporttest.Check(t, Write, ".html") }

func parse(t *testing.T, r *report.Report, language lang.Language) *nethtml.Node {
	t.Helper()
	doc, err := nethtml.Parse(bytes.NewReader(reporttest.Bytes(t, Write, r, report.Options{Language: language})))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attribute(n *nethtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func contentOf(n *nethtml.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == nethtml.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// TestNothingLoadsOrRuns parses the page with hostile names as a browser does:
// one style, one script, both named by the policy, and nothing that loads.
func TestNothingLoadsOrRuns(t *testing.T) {
	for _, language := range []lang.Language{lang.English, lang.Chinese} {
		policy := ""
		scripts, styles := 0, 0
		for n := range parse(t, reporttest.Rich(), language).Descendants() {
			if n.Type != nethtml.ElementNode {
				continue
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "style" || a.Key == "srcdoc" {
					t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "https://") {
					t.Errorf("link to %q", a.Val)
				}
			}
			switch n.Data {
			case "meta":
				if attribute(n, "http-equiv") == "Content-Security-Policy" {
					policy = attribute(n, "content")
				}
			case "script":
				if scripts++; !strings.Contains(policy, "script-src "+source(contentOf(n))+";") {
					t.Errorf("policy %q does not name the script", policy)
				}
			case "style":
				if styles++; !strings.Contains(policy, "style-src "+source(contentOf(n))+";") {
					t.Errorf("policy %q does not name the style", policy)
				}
			case "b", "link", "img", "iframe", "object", "embed", "base":
				if n.Data != "b" || attribute(n.Parent, "class") == "" {
					t.Errorf("<%s> in the page", n.Data)
				}
			}
		}
		if scripts != 1 || styles != 1 || !strings.HasPrefix(policy, "default-src 'none';") {
			t.Errorf("%d scripts, %d styles, policy %q", scripts, styles, policy)
		}
	}
}

// TestEverythingIsThere looks for each finding, gap and control in the text.
func TestEverythingIsThere(t *testing.T) {
	r := reporttest.Rich()
	content := contentOf(parse(t, r, lang.English))
	index := report.NewIndex(r)
	for i := range r.Findings {
		f := &r.Findings[i]
		if want := text.Clean(index.Text(f).EN); !strings.Contains(content, want) {
			t.Errorf("finding %q is missing", want)
		}
	}
	for _, want := range []string{"loyalty/broken.yaml:14", "image-signature was not evaluated on 2 places", "INCOMPLETE", "5.6.9", "kitchen team", ".foil.yaml#2 matches nothing", "1 by exceptions, 1 known"} {
		if !strings.Contains(content, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.ContainsAny(content, "\x00\x1b\u202e\u200b") {
		t.Error("invisible characters in the page")
	}
}

// TestStructure holds what assistive programs rely on: a language, headings
// without gaps, labels, unique ids, and links that arrive.
func TestStructure(t *testing.T) {
	doc := parse(t, reporttest.Rich(), lang.Chinese)
	ids, targets := map[string]bool{}, []string{}
	level := 0
	for n := range doc.Descendants() {
		if n.Type != nethtml.ElementNode {
			continue
		}
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q is there twice", id)
			}
			ids[id] = true
		}
		if target, ok := strings.CutPrefix(attribute(n, "href"), "#"); ok {
			targets = append(targets, target)
		}
		if name := attribute(n, "aria-labelledby"); name != "" {
			targets = append(targets, name)
		}
		switch n.Data {
		case "html":
			if attribute(n, "lang") != "zh-CN" {
				t.Errorf("language is %q", attribute(n, "lang"))
			}
		case "h1", "h2", "h3":
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("heading %q skips a level", contentOf(n))
			}
			level = now
		case "input":
			if n.Parent.Data != "label" {
				t.Errorf("input without a label")
			}
		}
	}
	for _, target := range targets {
		if !ids[target] {
			t.Errorf("nothing has the id %q", target)
		}
	}
}

// TestBalanced holds that a strict reader sees the same tree: every element
// that opens is closed in its place.
func TestBalanced(t *testing.T) {
	void := regexp.MustCompile(`^(meta|br|input)$`)
	for _, r := range []*report.Report{reporttest.Rich(), reporttest.Empty(), reporttest.Large(20)} {
		z := nethtml.NewTokenizer(bytes.NewReader(reporttest.Bytes(t, Write, r, report.Options{})))
		var open []string
		for {
			kind := z.Next()
			if kind == nethtml.ErrorToken {
				break
			}
			name, _ := z.TagName()
			tag := string(name)
			if kind == nethtml.StartTagToken && !void.MatchString(tag) {
				open = append(open, tag)
			}
			if kind == nethtml.EndTagToken {
				if len(open) == 0 || open[len(open)-1] != tag {
					t.Fatalf("</%s> closes nothing; open are %q", tag, open)
				}
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Errorf("never closed: %q", open)
		}
	}
}

// TestReferences holds that addresses which run something are no links.
func TestReferences(t *testing.T) {
	r := reporttest.Rich()
	r.Rules[0].References = []string{"javascript:alert(1)", "https://example.com/?a=<b>"}
	for n := range parse(t, r, lang.English).Descendants() {
		if n.Data == "a" && strings.HasPrefix(attribute(n, "href"), "javascript") {
			t.Errorf("link to %q", attribute(n, "href"))
		}
	}
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, Write) }
