package house

import (
	"go/ast"
	"go/token"
	"strconv"
	"testing"
	"unicode"
)

// TestTextsExistInEveryLanguage looks at every lang.Text that code writes out.
// Content that is YAML is held by the tests of package content.
func TestTextsExistInEveryLanguage(t *testing.T) {
	seen := 0
	for _, p := range loadTree(t).own() {
		if p.folder() == "internal/lang" {
			continue
		}
		for _, s := range sources(t, p, p.GoFiles) {
			for _, text := range textsOf(s.file) {
				seen++
				if why := incomplete(text); why != "" {
					t.Errorf("%s: %s", s.position(text), why)
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d texts found: the search no longer finds them", seen)
	}
}

// textsOf lists the lang.Text literals of a file, those included whose type
// stands at the list or map around them.
func textsOf(file *ast.File) []*ast.CompositeLit {
	var list []*ast.CompositeLit
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if isText(literal.Type) {
			list = append(list, literal)
		}
		if isText(elementOf(literal.Type)) {
			list = append(list, elided(literal)...)
		}
		return true
	})
	return list
}

// elementOf is the type of the elements of an array, slice or map.
func elementOf(e ast.Expr) ast.Expr {
	switch x := e.(type) {
	case *ast.ArrayType:
		return x.Elt
	case *ast.MapType:
		return x.Value
	}
	return nil
}

// elided lists the elements of a literal that leave out their type.
func elided(literal *ast.CompositeLit) []*ast.CompositeLit {
	var list []*ast.CompositeLit
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			element = pair.Value
		}
		if inner, ok := element.(*ast.CompositeLit); ok && inner.Type == nil {
			list = append(list, inner)
		}
	}
	return list
}

func isText(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "lang" && s.Sel.Name == "Text"
}

// incomplete says what a text lacks. A text without any language is no text,
// which is allowed.
func incomplete(text *ast.CompositeLit) string {
	if len(text.Elts) == 0 {
		return ""
	}
	values := map[string]ast.Expr{}
	for i, element := range text.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			values[pair.Key.(*ast.Ident).Name] = pair.Value
		} else {
			values[[]string{"EN", "ZH"}[i]] = element
		}
	}
	english, chinese := values["EN"], values["ZH"]
	en, enConstant := constant(english)
	zh, zhConstant := constant(chinese)
	switch {
	case english == nil || enConstant && en == "":
		return "no English text"
	case chinese == nil || zhConstant && zh == "":
		return "no Chinese text for " + strconv.Quote(en)
	case enConstant && zhConstant && zh != en && isASCII(zh):
		return "the Chinese text is not Chinese: " + strconv.Quote(zh)
	}
	return ""
}

// constant is the value of a string literal.
func constant(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(literal.Value)
	return value, err == nil
}

// isASCII reports whether a text has no letter and no mark that Chinese uses.
func isASCII(s string) bool {
	for _, r := range s {
		if r > unicode.MaxASCII {
			return false
		}
	}
	return true
}
