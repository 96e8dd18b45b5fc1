package house

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mostLines is the length at which a file is split.
const mostLines = 500

// vague are package names that refuse nothing.
var vague = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "lib", "tools"}

func TestPackageNamesSayWhatIsInside(t *testing.T) {
	for _, p := range loadTree(t).own() {
		if slices.Contains(vague, p.Name) {
			t.Errorf("%s: the name %q says nothing about what belongs there: name the thing", p.folder(), p.Name)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, p := range loadTree(t).own() {
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
			content, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if lines := strings.Count(string(content), "\n"); lines >= mostLines {
				t.Errorf("%s/%s has %d lines: split it", p.folder(), name, lines)
			}
		}
	}
}

func TestNothingRegistersItself(t *testing.T) {
	for _, p := range loadTree(t).own() {
		for _, s := range sources(t, p, p.GoFiles) {
			for _, declaration := range s.file.Decls {
				if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: an init function: pass what it sets up to those who need it", s.position(f))
				}
			}
		}
	}
}

// sharedState are the package-level variables that may hold state, with the
// reason.
var sharedState = map[string]string{
	"internal/source/manifest/kustomization.running": "the Kustomize library has global state, so that one build runs at a time in a process",
}

// stateful are types that hold state and nothing else.
var stateful = []string{"sync.Mutex", "sync.RWMutex", "sync.Map", "sync.WaitGroup", "atomic."}

func TestNoPackageKeepsState(t *testing.T) {
	for _, p := range loadTree(t).own() {
		files := sources(t, p, p.GoFiles)
		names := map[string]bool{}
		for _, s := range files {
			for _, spec := range variables(s.file) {
				for _, name := range spec.Names {
					if name.Name == "_" || sharedState[p.folder()+"."+name.Name] != "" {
						continue
					}
					names[name.Name] = true
					if holdsState(spec) {
						t.Errorf("%s: the variable %s is state of the whole process: make it a field", s.position(spec), name.Name)
					}
				}
			}
		}
		for _, s := range files {
			for _, n := range changesOf(s.file, names) {
				t.Errorf("%s: a package-level variable is changed: make it a field", s.position(n))
			}
		}
	}
}

// variables lists the package-level variables of a file.
func variables(file *ast.File) []*ast.ValueSpec {
	var list []*ast.ValueSpec
	for _, declaration := range file.Decls {
		if d, ok := declaration.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				list = append(list, spec.(*ast.ValueSpec))
			}
		}
	}
	return list
}

// holdsState reports whether a variable is a channel or a lock, or is made for
// counting.
func holdsState(spec *ast.ValueSpec) bool {
	if named(spec.Type) {
		return true
	}
	return slices.ContainsFunc(spec.Values, func(value ast.Expr) bool {
		switch v := value.(type) {
		case *ast.CompositeLit:
			return named(v.Type)
		case *ast.CallExpr:
			if name, ok := v.Fun.(*ast.Ident); ok && (name.Name == "make" || name.Name == "new") {
				_, isMap := v.Args[0].(*ast.MapType)
				return isMap || named(v.Args[0])
			}
		}
		return false
	})
}

// named reports whether a type is one of those that hold state.
func named(expression ast.Expr) bool {
	switch e := expression.(type) {
	case *ast.ChanType:
		return true
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return slices.ContainsFunc(stateful, func(s string) bool { return strings.HasPrefix(x.Name+"."+e.Sel.Name, s) })
		}
	}
	return false
}

// changesOf lists the places in functions that assign to one of the names. A
// function that declares the name itself is left alone.
func changesOf(file *ast.File, names map[string]bool) []ast.Node {
	var list []ast.Node
	for _, declaration := range file.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		local := localNames(f)
		check := func(at ast.Node, target ast.Expr) {
			if name := rootName(target); names[name] && !local[name] {
				list = append(list, at)
			}
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE {
					for _, target := range n.Lhs {
						check(n, target)
					}
				}
			case *ast.IncDecStmt:
				check(n, n.X)
			case *ast.CallExpr:
				if name, ok := n.Fun.(*ast.Ident); ok && (name.Name == "delete" || name.Name == "clear") {
					check(n, n.Args[0])
				}
			}
			return true
		})
	}
	return list
}

// rootName is the variable that an assignment to x, x.f, x[i] or *x changes.
func rootName(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x.Name
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return ""
		}
	}
}

// localNames are all names that a function declares anywhere in it.
func localNames(f *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, name := range n.Names {
				names[name.Name] = true
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, target := range n.Lhs {
					names[rootName(target)] = true
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				names[rootName(n.Key)] = true
				names[rootName(n.Value)] = true
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				names[name.Name] = true
			}
		}
		return true
	})
	return names
}
