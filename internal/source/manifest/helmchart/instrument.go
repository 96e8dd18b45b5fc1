package helmchart

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
	"unicode/utf8"
)

// The functions that rewritten templates call. Charts can't call them: no
// template that uses such a name is rewritten.
const (
	hookPrefix = "foil_"
	hookText   = "foil_text"   // N: prints text N
	hookAt     = "foil_at"     // N: place N is about to be run
	hookOut    = "foil_out"    // N value: passes on a value that is printed at place N
	hookEnter  = "foil_enter"  // dot: a template begins
	hookExit   = "foil_exit"   // a template ends
	hookInline = "foil_inline" // value: the next template prints into the current one
	hookReturn = "foil_return" // that template has ended

	hookInlineNil = "foil_inlinenil" // the same, of a template without a value
	hookStep      = "foil_step"      // a round of a loop
	hookWeigh     = "foil_weigh"     // value: passes on a value that will be looked at in full
	hookSmall     = "foil_small"     // text: passes on a text that is short
	hookTpl       = "foil_tpl"       // N text: rewrites a template that is made at run time
)

var errReserved = errors.New("a template uses a name that begins with " + hookPrefix + ", which is reserved")

// instrumenter rewrites templates. The rewritten template prints the same as
// the original, but all by way of the hooks of a tracer.
type instrumenter struct {
	trace *tracer
	out   strings.Builder
	// text is the template's source, file the number of its file.
	text string
	file int
	// fixed, if not negative, is the place of everything in the template: a
	// text made at run time has none of its own.
	fixed int
}

// instrument rewrites a file.
func instrument(t *tracer, name, text string, file int) (string, error) {
	in := &instrumenter{trace: t, text: text, file: file, fixed: -1}
	return in.rewrite(name)
}

// instrumentValue rewrites a text that a template gives to tpl.
func instrumentValue(t *tracer, text string, place int) (string, error) {
	in := &instrumenter{trace: t, text: text, fixed: place}
	return in.rewrite("tpl")
}

func (in *instrumenter) rewrite(name string) (string, error) {
	if strings.Contains(in.text, hookPrefix) {
		return "", errReserved
	}
	trees := make(map[string]*parse.Tree)
	main := parse.New(name)
	main.Mode = parse.SkipFuncCheck
	if _, err := main.Parse(in.text, "", "", trees); err != nil {
		return "", err
	}
	for _, defined := range slices.Sorted(maps.Keys(trees)) {
		if tree := trees[defined]; tree != main {
			in.out.WriteString("{{define " + strconv.Quote(defined) + "}}")
			in.body(tree.Root)
			in.out.WriteString("{{end}}")
		}
	}
	in.body(main.Root)
	return in.out.String(), nil
}

// body writes the content of one template. An empty one stays empty: the
// engine lets it not replace another of the same name.
func (in *instrumenter) body(root *parse.ListNode) {
	if root == nil || parse.IsEmptyTree(root) {
		if root != nil {
			in.out.WriteString(root.String())
		}
		return
	}
	in.out.WriteString("{{" + hookEnter + " .}}")
	in.list(root)
	in.out.WriteString("{{" + hookExit + "}}")
}

func (in *instrumenter) list(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		in.node(n)
	}
}

func (in *instrumenter) node(n parse.Node) {
	switch n := n.(type) {
	case *parse.TextNode:
		fmt.Fprintf(&in.out, "{{%s %d}}", hookText, in.placeOf(n.Pos, string(n.Text)))
	case *parse.ActionNode:
		in.action(n)
	case *parse.IfNode:
		in.branch("if", &n.BranchNode)
	case *parse.WithNode:
		in.branch("with", &n.BranchNode)
	case *parse.RangeNode:
		in.branch("range", &n.BranchNode)
	case *parse.TemplateNode:
		in.call(n)
	case *parse.CommentNode:
	default: // break and continue
		in.out.WriteString(n.String())
	}
}

func (in *instrumenter) action(n *parse.ActionNode) {
	place := in.at(n.Pos, n.Pipe)
	if len(n.Pipe.Decl) > 0 {
		in.out.WriteString("{{" + n.Pipe.String() + "}}")
		return
	}
	fmt.Fprintf(&in.out, "{{%s %d (%s)}}", hookOut, place, n.Pipe)
}

func (in *instrumenter) branch(keyword string, n *parse.BranchNode) {
	in.at(n.Pos, n.Pipe)
	in.out.WriteString("{{" + keyword + " " + n.Pipe.String() + "}}")
	if keyword == "range" {
		in.out.WriteString("{{" + hookStep + "}}")
	}
	in.list(n.List)
	if n.ElseList != nil {
		in.out.WriteString("{{else}}")
		in.list(n.ElseList)
	}
	in.out.WriteString("{{end}}")
}

// call writes the call of another template, which prints into this one.
func (in *instrumenter) call(n *parse.TemplateNode) {
	name := strconv.Quote(n.Name)
	switch {
	case n.Pipe == nil:
		fmt.Fprintf(&in.out, "{{%s}}{{template %s}}", hookInlineNil, name)
	case len(n.Pipe.Decl) > 0:
		in.out.WriteString(n.String())
		return
	default:
		in.at(n.Pos, n.Pipe)
		fmt.Fprintf(&in.out, "{{template %s (%s (%s))}}", name, hookInline, n.Pipe)
	}
	in.out.WriteString("{{" + hookReturn + "}}")
}

// at notes the place of a pipeline, and has it said before it is run.
func (in *instrumenter) at(pos parse.Pos, p *parse.PipeNode) int {
	place := in.placeOf(pos, "")
	in.pipe(p, place)
	fmt.Fprintf(&in.out, "{{%s %d}}", hookAt, place)
	return place
}

// placeOf notes a place of the template; text is what stands there, if it is
// text.
func (in *instrumenter) placeOf(pos parse.Pos, text string) int {
	p := place{text: text}
	if in.fixed >= 0 {
		fixed := in.trace.places[in.fixed]
		p.file, p.line = fixed.file, fixed.line
	} else {
		before := in.text[:min(int(pos), len(in.text))]
		p.file, p.line, p.exact = in.file, 1+strings.Count(before, "\n"), text != ""
		p.column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	}
	return in.trace.addPlace(p)
}
