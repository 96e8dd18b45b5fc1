package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	module = "github.com/foilsec/foil"
	// root is the folder of go.mod, seen from the folder that tests run in.
	root = "../.."
)

// pkg is what the go command says about one package.
type pkg struct {
	ImportPath, Name, Dir              string
	Standard                           bool
	Module                             *struct{ Path string }
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, TestImports, XTestImports []string
}

// own reports whether the package belongs to the repository.
func (p *pkg) own() bool {
	return p.ImportPath == module || strings.HasPrefix(p.ImportPath, module+"/")
}

// folder is the place of an own package in the tree, with slashes.
func (p *pkg) folder() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// allImports are those of the package and of its tests.
func (p *pkg) allImports() []string { return slices.Concat(p.Imports, p.TestImports, p.XTestImports) }

// tree is every package of the repository and everything that they need.
type tree struct{ packages map[string]*pkg }

// own lists the repository's packages by import path.
func (t *tree) own() []*pkg {
	var list []*pkg
	for _, p := range t.packages {
		if p.own() {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *pkg) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return list
}

// loadedTree is shared by the tests: asking the go command takes seconds.
var loadedTree = sync.OnceValues(func() (*tree, error) {
	list, err := goList("-e", "-deps", "-test", "./...")
	if err != nil {
		return nil, err
	}
	t := &tree{packages: map[string]*pkg{}}
	for _, p := range list {
		if !strings.Contains(p.ImportPath, " [") && !strings.HasSuffix(p.ImportPath, ".test") {
			t.packages[p.ImportPath] = p
		}
	}
	return t, nil
})

func loadTree(t *testing.T) *tree {
	t.Helper()
	loaded, err := loadedTree()
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// goList runs "go list -json" at the root.
func goList(arguments ...string) ([]*pkg, error) {
	fields := "-json=ImportPath,Name,Dir,Standard,Module,GoFiles,TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports"
	output, err := goCommand(nil, append([]string{"list", fields}, arguments...)...)
	if err != nil {
		return nil, err
	}
	var list []*pkg
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		p := &pkg{}
		if err := decoder.Decode(p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("read what go list says: %w", err)
		}
		list = append(list, p)
	}
}

// goCommand runs the go command at the root, with additions to its environment.
func goCommand(environment []string, arguments ...string) ([]byte, error) {
	command := exec.Command("go", arguments...)
	command.Dir = root
	command.Env = append(os.Environ(), environment...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(arguments, " "), err, stderr.Bytes())
	}
	return output, nil
}

// source is one parsed file of the repository.
type source struct {
	path string // from the root
	file *ast.File
	set  *token.FileSet
}

func (s *source) position(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.path, s.set.Position(n.Pos()).Line)
}

// sources parses files of a package.
func sources(t *testing.T, p *pkg, names []string) []*source {
	t.Helper()
	var list []*source
	for _, name := range names {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, &source{path: p.folder() + "/" + name, file: file, set: set})
	}
	return list
}
