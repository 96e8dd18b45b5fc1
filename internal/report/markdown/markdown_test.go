package markdown

import (
	"fmt"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	goldmarktext "github.com/yuin/goldmark/text"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/reporttest"
	"github.com/foilsec/foil/internal/report/text"
)

func TestWrite(t *testing.T) { reporttest.Check(t, Write, ".md") }

// allowedHTML is all the HTML that the writer itself makes.
var allowedHTML = strings.NewReplacer("<details>", "", "</details>", "", "<summary>", "", "</summary>", "", "<!-- -->", "")

// TestNoHostileMarkup parses the comment as GitHub does and looks for what the
// report did not put there.
func TestNoHostileMarkup(t *testing.T) {
	for _, language := range []lang.Language{lang.English, lang.Chinese} {
		source := reporttest.Bytes(t, Write, reporttest.Rich(), report.Options{Language: language})
		headings, tables := 0, 0
		walk(t, source, func(n ast.Node) {
			switch n := n.(type) {
			case *ast.Link, *ast.AutoLink, *ast.Image, *ast.Emphasis, *extensionast.Strikethrough:
				if e, ok := n.(*ast.Emphasis); ok && e.Level == 2 && strings.HasPrefix(lines(n.Parent(), source), "[!WARNING]\n**") {
					return // our own warning
				}
				t.Errorf("%s in the comment: %q", n.Kind(), lines(n.Parent(), source))
			case *ast.RawHTML:
				if s := string(n.Segments.Value(source)); s != "<!-- -->" {
					t.Errorf("HTML %q in a line", s)
				}
			case *ast.HTMLBlock:
				if s := allowedHTML.Replace(lines(n, source)); strings.Contains(s, "<") {
					t.Errorf("HTML block %q", s)
				}
			case *ast.Heading:
				headings++
			case *extensionast.Table:
				tables++
			}
		})
		if headings != 2+5 || tables != 1+5+1 {
			t.Errorf("%d headings and %d tables, want 7 and 7", headings, tables)
		}
	}
}

func walk(t *testing.T, source []byte, visit func(ast.Node)) {
	t.Helper()
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(goldmarktext.NewReader(source))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(n)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func lines(n ast.Node, source []byte) string {
	for n.Type() == ast.TypeInline {
		n = n.Parent()
	}
	return string(n.Lines().Value(source))
}

// TestEscape holds that a text reads the same after it went through Markdown.
func TestEscape(t *testing.T) {
	for _, s := range []string{
		reporttest.Hostile, reporttest.HostileFormula, "- a", "+ a", "1. a", "2) a", "=== a", "# a", "> a", "a  b", "`", "``a`", "***", "__a__",
		"![x](y)", "[a]: b", "<b>", "&lt;", "www.evil.example", "https://evil.example/a", "ftp://x.example", "mail@evil.example",
		"~~a~~", "|a|b|", "$a$", `\`, `\*`, "a\\", "容器：运行", "---", "***", "a\n\nb", "    code", "~~~",
	} {
		for _, place := range []string{"%s\n", "- %s\n", "> - %s\n", "#### x: %s\n", "| a |\n| --- |\n| %s |\n"} {
			source := []byte(fmt.Sprintf(place, escape(s)))
			got := ""
			walk(t, source, func(n ast.Node) {
				switch n := n.(type) {
				case *ast.Text:
					got += string(n.Segment.Value(source))
				case *ast.String:
					got += string(n.Value)
				case *ast.Link, *ast.AutoLink, *ast.Image, *ast.Emphasis, *ast.CodeSpan, *ast.HTMLBlock, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.ThematicBreak:
					t.Errorf("%q becomes %s in %q", s, n.Kind(), source)
				}
			})
			want := strings.Join(strings.Fields(text.Clean(s)), " ")
			if got := strings.Join(strings.Fields(unescape(got)), " "); !strings.HasSuffix(got, want) {
				t.Errorf("%q is read as %q from %q", s, got, source)
			}
		}
	}
}

// unescape undoes what a renderer does with the text of a parsed line.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_[]|~$!#:.-+=)", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(b.String())
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		"a": "`a`", "": "", "a`b": "``a`b``", "`": "`` ` ``", "a|b": "`a|b`", " a": "`  a `",
	} {
		if got := code(in); got != want {
			t.Errorf("code(%q) = %q, want %q", in, got, want)
		}
	}
	if got := cellCode("a|b"); got != "`a\\|b`" {
		t.Errorf("code in a cell = %q", got)
	}
}

// TestLimit holds that a comment is never refused, and says what is missing.
func TestLimit(t *testing.T) {
	r := reporttest.Large(10_000)
	for i := range r.Changes {
		r.Changes[i].Title.EN += strings.Repeat(" and 外卖", 30)
	}
	for _, language := range []lang.Language{lang.English, lang.Chinese} {
		comment := string(reporttest.Bytes(t, Write, r, report.Options{Language: language}))
		if n := units(comment); n > limit || n < limit/2 {
			t.Errorf("%d characters, limit %d", n, limit)
		}
		shown := strings.Count(comment, "workload-") // in titles, places and commands
		if language == lang.English && !strings.Contains(comment, "Left out, because the comment is full: ") || shown == 0 {
			t.Errorf("does not say what is left out:\n%s", comment[len(comment)-500:])
		}
		if strings.Count(comment, "<details>") != strings.Count(comment, "</details>") {
			t.Error("a part that opens does not close")
		}
	}
}

// TestLeftOutAddsUp holds that every change is either shown or counted.
func TestLeftOutAddsUp(t *testing.T) {
	r := reporttest.Large(10_000)
	comment := string(reporttest.Bytes(t, Write, r, report.Options{Language: lang.English}))
	shown := strings.Count(comment, "Harden the containers of")
	if want := fmt.Sprintf("full: %d changes with %d findings.", len(r.Changes)-shown, len(r.Findings)-5*shown); !strings.Contains(comment, want) {
		t.Errorf("%d changes are shown; want %q", shown, want)
	}
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, Write) }
