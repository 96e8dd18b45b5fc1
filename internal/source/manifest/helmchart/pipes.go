package helmchart

import (
	"fmt"
	"strings"
	"text/template/parse"
)

// weighed are the functions that look at all of their arguments, however deep,
// or make text out of them. What is given to them is counted first.
var weighed = nameSet(`print printf println html js urlquery
	toString toStrings quote squote cat join
	toYaml mustToYaml toYamlPretty toJson mustToJson toPrettyJson mustToPrettyJson toRawJson mustToRawJson toToml mustToToml
	fromYaml fromYamlArray fromJson fromJsonArray mustFromJson
	deepCopy mustDeepCopy deepEqual merge mustMerge mergeOverwrite mustMergeOverwrite
	uniq mustUniq without mustWithout has mustHas compact mustCompact concat
	append mustAppend push mustPush prepend mustPrepend reverse mustReverse sortAlpha
	upper lower title untitle trim snakecase camelcase kebabcase swapcase nospace initials
	b64enc b64dec b32enc b32dec sha1sum sha256sum sha512sum adler32sum
	regexMatch mustRegexMatch regexFindAll mustRegexFindAll regexFind mustRegexFind regexSplit mustRegexSplit regexQuoteMeta
	split splitList splitn trunc substr abbrev abbrevboth plural fail required`)

// recursive are the functions that call themselves for each level of what they
// parse, without a bound of their own.
var recursive = nameSet("fromToml")

func nameSet(names string) map[string]bool {
	set := make(map[string]bool)
	for name := range strings.FieldsSeq(names) {
		set[name] = true
	}
	return set
}

// pipe puts the counting of arguments into a pipeline, in place.
func (in *instrumenter) pipe(p *parse.PipeNode, place int) {
	if p == nil {
		return
	}
	var commands []*parse.CommandNode
	for i, c := range p.Cmds {
		name := commandName(c)
		for j, arg := range c.Args {
			in.inner(arg, place)
			if j == 0 || isLiteral(arg) {
				continue
			}
			if hook := argumentHook(name); hook != "" {
				c.Args[j] = wrap(hook, arg)
			}
		}
		if name == "tpl" && len(c.Args) > 1 {
			c.Args[1] = wrap(fmt.Sprintf("%s %d", hookTpl, place), c.Args[1])
		}
		if hook := argumentHook(name); i > 0 && hook != "" {
			commands = append(commands, command(hook))
		}
		commands = append(commands, c)
	}
	p.Cmds = commands
}

// argumentHook is the hook that arguments of a function go through, if any.
func argumentHook(function string) string {
	switch {
	case recursive[function]:
		return hookSmall
	case weighed[function]:
		return hookWeigh
	}
	return ""
}

// inner goes into the pipelines that stand in parentheses.
func (in *instrumenter) inner(n parse.Node, place int) {
	switch n := n.(type) {
	case *parse.PipeNode:
		in.pipe(n, place)
	case *parse.ChainNode:
		in.inner(n.Node, place)
	}
}

func commandName(c *parse.CommandNode) string {
	if id, ok := c.Args[0].(*parse.IdentifierNode); ok {
		return id.Ident
	}
	return ""
}

// isLiteral tells constants, which take on the type of a parameter when they
// are given to it directly.
func isLiteral(n parse.Node) bool {
	switch n.(type) {
	case *parse.NumberNode, *parse.StringNode, *parse.BoolNode, *parse.NilNode:
		return true
	}
	return false
}

// wrap makes "(call arg)".
func wrap(call string, arg parse.Node) parse.Node {
	p := pipeline(call + " 0")
	last := p.Cmds[0].Args
	last[len(last)-1] = arg
	return p
}

func command(call string) *parse.CommandNode { return pipeline(call).Cmds[0] }

// pipeline parses a pipeline of our own.
func pipeline(text string) *parse.PipeNode {
	t := parse.New("hook")
	t.Mode = parse.SkipFuncCheck
	if _, err := t.Parse("{{"+text+"}}", "", "", make(map[string]*parse.Tree)); err != nil {
		panic(err) // a constant text of this package
	}
	return t.Root.Nodes[0].(*parse.ActionNode).Pipe
}
