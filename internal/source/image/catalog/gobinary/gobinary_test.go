package gobinary_test

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/gobinary"
)

const module = "module example.com/shop/v2\n\ngo 1.26\n"

const program = `package main

import (
	"fmt"
	"os"
	"strings"

	"example.com/shop/v2/yaml.v3"
)

type Box[T any] struct{ value T }

//go:noinline
func (b *Box[T]) Open(f func(T) string) string { return f(b.value) }

//go:noinline
func Map[K comparable, V any](m map[K]Box[V]) int { return len(m) }

func small(x int) int { return x + len(os.Args) }

func main() {
	b := &Box[map[string]Box[int]]{}
	open := b.Open
	fmt.Println(open(func(m map[string]Box[int]) string { return strings.ToUpper(fmt.Sprint(Map(m), small(3))) }))
	fmt.Println(yaml.Parse(os.Args[0]), new(yaml.Decoder).Decode)
}
`

const library = `package yaml

type Decoder struct{ n int }

//go:noinline
func (d *Decoder) Decode(v any) error { d.n++; return nil }

//go:noinline
func Parse(s string) int { return func() int { defer func() { recover() }(); return len(s) }() }

func Unused() {}
`

// build makes a program and returns its bytes.
func build(t testing.TB, env string, flags ...string) []byte {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{"go.mod": module, "main.go": program, "yaml.v3/yaml.go": library} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", append(append([]string{"build", "-buildvcs=false", "-o", "shop"}, flags...), ".")...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOWORK=off", env)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	content, err := os.ReadFile(filepath.Join(folder, "shop"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestProgram(t *testing.T) {
	for name, b := range map[string]struct {
		env   string
		flags []string
	}{
		"plain":            {"A=", nil},
		"stripped":         {"A=", []string{"-trimpath", "-ldflags=-s -w -buildid="}},
		"position":         {"A=", []string{"-buildmode=pie", "-ldflags=-s -w"}},
		"arm64":            {"GOARCH=arm64", nil},
		"32 bit":           {"GOARCH=386", []string{"-ldflags=-s -w"}},
		"other byte order": {"GOARCH=s390x", []string{"-ldflags=-s -w"}},
		"macOS":            {"GOOS=darwin", nil},
		"Windows":          {"GOOS=windows", []string{"-ldflags=-s -w"}},
	} {
		t.Run(name, func(t *testing.T) {
			if b.env != "A=" && os.Getenv("FOIL_TEST_CROSS") == "" {
				t.Skip("it builds a standard library of its own, which takes a minute: set FOIL_TEST_CROSS=1")
			}
			found := catalogtest.Read(t, gobinary.Reader(), catalogtest.Program("app/shop", build(t, b.env, b.flags...)))
			if found.Program == nil || len(found.Gaps) > 0 {
				t.Fatalf("no program, gaps %+v", found.Gaps)
			}
			checkModules(t, found.Packages)
			checkSymbols(t, found.Program.Symbols)
		})
	}
}

func checkModules(t *testing.T, packages []artifact.Package) {
	t.Helper()
	var got []string
	for _, p := range packages {
		got = append(got, p.Name+" "+p.PURL)
	}
	if len(got) != 2 || !strings.HasPrefix(got[0], "stdlib pkg:golang/stdlib@1.") || got[1] != "example.com/shop/v2 pkg:golang/example.com/shop/v2" {
		t.Errorf("modules %q", got)
	}
}

func checkSymbols(t *testing.T, symbols artifact.Symbols) {
	t.Helper()
	const main, yaml = "example.com/shop/v2", "example.com/shop/v2/yaml.v3"
	for _, s := range [][2]string{
		{main, "main"}, {main, "Box.Open"}, {main, "Map"}, {main, "small"}, {yaml, "Parse"}, {yaml, "Decoder.Decode"},
		{"fmt", "Println"}, {"fmt", "Fprintln"}, {"strings", "ToUpper"}, {"os", "File.Write"},
	} {
		if !symbols.Has(s[0], s[1]) {
			t.Errorf("%s.%s is not among the %d functions", s[0], s[1], len(symbols))
		}
	}
	for _, s := range [][2]string{{yaml, "Unused"}, {"main", "main"}, {"net/http", "Get"}} {
		if symbols.Has(s[0], s[1]) {
			t.Errorf("%s.%s is among the functions", s[0], s[1])
		}
	}
	if !symbols.HasPackage(yaml) || symbols.HasPackage("net/http") {
		t.Error("packages are not as linked")
	}
}

// TestEveryFunctionOfTheSymbolTable compares with the table that linkers of C
// read, which says nothing of functions inside others.
func TestEveryFunctionOfTheSymbolTable(t *testing.T) {
	content := build(t, "A=")
	file, err := elf.NewFile(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	table, err := file.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	symbols, err := gobinary.Symbols(bytes.NewReader(content), "")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, s := range table {
		path, function := gobinary.Split(strings.TrimSuffix(s.Name, ".abi0"))
		if elf.ST_TYPE(s.Info) != elf.STT_FUNC || path == "" || strings.HasPrefix(path, "runtime") || strings.Contains(function, "[") {
			continue // the runtime has marks that are no functions
		}
		compared++
		if strings.Contains(path, "%") {
			path = strings.ReplaceAll(path, "%2e", ".")
		}
		if !symbols.Has(path, function) {
			t.Errorf("%s (%s . %s) is missing", s.Name, path, function)
		}
	}
	if compared < 300 {
		t.Errorf("only %d functions were compared", compared)
	}
}

func TestWhatIsNoGoProgram(t *testing.T) {
	script := append([]byte("\x7fELF"), make([]byte, 400<<10)...)
	found := catalogtest.Read(t, gobinary.Reader(), catalogtest.Program("bin/x", script))
	if found.Program != nil || len(found.Packages)+len(found.Gaps) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestDamagedTable(t *testing.T) {
	content := build(t, "A=", "-ldflags=-s -w")
	file, err := elf.NewFile(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	section := file.Section(".gopclntab")
	content[section.Offset] = 0
	found := catalogtest.Read(t, gobinary.Reader(), catalogtest.Program("app/shop", content))
	if len(found.Packages) != 2 || len(found.Program.Symbols) != 0 || len(found.Gaps) != 1 || !slices.ContainsFunc(found.Gaps, func(g artifact.Gap) bool { return strings.Contains(g.Reason, "functions") }) {
		t.Errorf("packages %d, gaps %+v", len(found.Packages), found.Gaps)
	}
}

func TestSplit(t *testing.T) {
	for name, want := range map[string][3]string{
		"fmt.Println":                                        {"fmt", "Println", "Println"},
		"encoding/json.(*Decoder).Decode":                    {"encoding/json", "Decoder.Decode", "Decoder.Decode"},
		"encoding/json.(*Decoder).Decode-fm":                 {"encoding/json", "Decoder.Decode", "Decoder.Decode"},
		"time.Time.String":                                   {"time", "Time.String", "Time.String"},
		"gopkg.in/yaml%2ev3.Unmarshal":                       {"gopkg.in/yaml%2ev3", "Unmarshal", "Unmarshal"},
		"slices.Sort[...]":                                   {"slices", "Sort", "Sort"},
		"main.(*Box[go.shape.map[string]x/y.Box[int]]).Open": {"main", "Box.Open", "Box.Open"},
		"main.Map[go.shape.string,go.shape.int].func1":       {"main", "Map.func1", "Map"},
		"net/http.(*Server).Serve.func2.1":                   {"net/http", "Server.Serve.func2.1", "Server.Serve"},
		"net/http.(*conn).serve.gowrap3":                     {"net/http", "conn.serve.gowrap3", "conn.serve"},
		"a/b.Walk-range1":                                    {"a/b", "Walk-range1", "Walk"},
		"a/b.Walk.func2-range1":                              {"a/b", "Walk.func2-range1", "Walk"},
		"net/http.init.0":                                    {"net/http", "init.0", "init"},
		"go.uber.org/zap.New":                                {"go.uber.org/zap", "New", "New"},
		"go:buildid":                                         {"", "", ""},
		"type:.eq.net/http.Request":                          {"", "", ""},
		"type..eq.net/http.Request":                          {"", "", ""},
		"_cgo_topofstack":                                    {"", "", ""},
		"":                                                   {"", "", ""},
	} {
		path, function := gobinary.Split(name)
		if got := [3]string{path, function, gobinary.Enclosing(function)}; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestToolchain(t *testing.T) {
	for version, want := range map[string]string{
		"go1.26.8": "1.26.8", "go1.26": "1.26", "go1.22.5 X:boringcrypto": "1.22.5", "go1.21.5-fips": "1.21.5",
		"go1.26rc2": "1.26.0-rc.2", "devel go1.27-abcdef": "", "": "",
	} {
		if got := gobinary.Toolchain(version); got != want {
			t.Errorf("%q: %q, want %q", version, got, want)
		}
	}
}
