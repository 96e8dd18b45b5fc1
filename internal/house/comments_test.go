package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A package comment has to be more than a name said again.
const (
	leastWords     = 20
	leastSentences = 2
)

// limit finds the words by which a comment says what a package leaves alone.
var limit = regexp.MustCompile(`(?i)\b(no|not|never|nothing|none|only|without|nor|neither|alone|rather than|refuses?|n't)\b|n't\b`)

func TestPackageComments(t *testing.T) {
	for _, p := range loadTree(t).own() {
		var comment string
		for _, s := range sources(t, p, p.GoFiles) {
			if s.file.Doc == nil {
				continue
			}
			if comment != "" {
				t.Errorf("%s: a second package comment; keep one", s.path)
			}
			comment = s.file.Doc.Text()
		}
		if len(p.GoFiles) > 0 {
			checkPackageComment(t, p, comment)
		}
	}
}

func checkPackageComment(t *testing.T, p *pkg, comment string) {
	t.Helper()
	start := "Package " + p.Name + " "
	if p.Name == "main" {
		start = "Command " + p.folder()[strings.LastIndexByte(p.folder(), '/')+1:] + " "
	}
	switch {
	case comment == "":
		t.Errorf("%s has no package comment: say what it is for, what it must not do, and where its data comes from and goes", p.folder())
	case !strings.HasPrefix(comment, start):
		t.Errorf("%s: the package comment does not begin with %q", p.folder(), start)
	case p.Name == "main":
		// The help of a command says the rest.
	case len(strings.Fields(comment)) < leastWords, strings.Count(comment, ". ")+strings.Count(comment, ".\n") < leastSentences:
		t.Errorf("%s: the package comment is too short to say purpose, limits and data: %q", p.folder(), comment)
	case !limit.MatchString(comment):
		t.Errorf("%s: the package comment does not say what the package leaves alone: %q", p.folder(), comment)
	}
}

func TestExportedNamesHaveComments(t *testing.T) {
	for _, p := range loadTree(t).own() {
		for _, s := range sources(t, p, p.GoFiles) {
			for _, declaration := range s.file.Decls {
				checkDeclaration(t, s, declaration)
			}
		}
	}
}

func checkDeclaration(t *testing.T, s *source, declaration ast.Decl) {
	t.Helper()
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && receiverExported(d) && !wellKnown(d) && !documented(d.Doc, d.Name.Name) {
			t.Errorf("%s: %s has no comment that begins with its name", s.position(d), d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			checkSpec(t, s, d, spec)
		}
	}
}

// checkSpec accepts for constants and variables a comment on their group or
// behind them; a type has a comment of its own.
func checkSpec(t *testing.T, s *source, d *ast.GenDecl, spec ast.Spec) {
	t.Helper()
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		comment := spec.Doc
		if comment == nil && d.Lparen == token.NoPos {
			comment = d.Doc
		}
		if spec.Name.IsExported() && !documented(comment, spec.Name.Name) {
			t.Errorf("%s: type %s has no comment that begins with its name", s.position(spec), spec.Name.Name)
		}
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
				t.Errorf("%s: %s has no comment", s.position(spec), name.Name)
			}
		}
	}
}

// documented reports whether a comment begins as godoc wants it, with an
// article allowed.
func documented(comment *ast.CommentGroup, name string) bool {
	text := comment.Text()
	for _, article := range []string{"", "A ", "An ", "The "} {
		if rest, ok := strings.CutPrefix(text, article+name); ok && (rest == "" || !token.IsIdentifier(rest[:1])) {
			return true
		}
	}
	return false
}

// wellKnown reports whether a method is one that every Go programmer knows, so
// that a comment could only repeat its name.
func wellKnown(d *ast.FuncDecl) bool {
	return d.Recv != nil && slices.Contains([]string{"Error", "String", "Unwrap"}, d.Name.Name)
}

// receiverExported reports whether a function is no method, or the method of
// an exported type.
func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	expression := d.Recv.List[0].Type
	for {
		switch e := expression.(type) {
		case *ast.StarExpr:
			expression = e.X
		case *ast.IndexExpr:
			expression = e.X
		case *ast.IndexListExpr:
			expression = e.X
		case *ast.Ident:
			return e.IsExported()
		default:
			return false
		}
	}
}
