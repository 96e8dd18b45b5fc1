package docs

import (
	"flag"
	"fmt"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what commands print into the pages")

func TestCommandsPrintWhatPagesShow(t *testing.T) {
	pages, err := readPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) { checkPage(t, p) })
	}
}

// checkPage runs the console blocks of a page from top to bottom.
func checkPage(t *testing.T, p *page) {
	t.Helper()
	var s *shell
	var renewed []exchange
	for _, b := range p.blocks {
		if !b.is("console") && b.file() == "" {
			continue
		}
		if s == nil {
			s = newShell(t, p, copyRepository(t))
		}
		if name := b.file(); name != "" {
			s.write(t, name, p.text(b))
			continue
		}
		exchanges, err := p.exchanges(b)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprintf("line %d", b.from), func(t *testing.T) {
			if b.is("console", "cluster") {
				renewed = append(renewed, checkBlock(t, p, s.withCluster(t), exchanges)...)
			} else {
				renewed = append(renewed, checkBlock(t, p, s, exchanges)...)
			}
		})
	}
	if *update && len(renewed) > 0 {
		if err := p.write(renewed); err != nil {
			t.Fatal(err)
		}
	}
}

// checkBlock runs one block and returns the exchanges that a page would have to
// show instead.
func checkBlock(t *testing.T, p *page, s *shell, exchanges []exchange) []exchange {
	t.Helper()
	commands := make([]string, len(exchanges))
	for i, e := range exchanges {
		commands[i] = asRun(e.command)
	}
	results, err := s.run(t.Context(), commands)
	if err != nil {
		t.Fatalf("%s:%d: %v", p.name, exchanges[0].line, err)
	}
	var renewed []exchange
	for i, e := range exchanges {
		got := results[i]
		const cannotRun = 126 // from here on, it is the shell that failed
		switch {
		case got.status >= cannotRun:
			t.Errorf("%s:%d: $ %s\nexit status %d:\n%s", p.name, e.line, e.command, got.status, strings.Join(got.lines, "\n"))
		case matches(trimBlank(e.output), trimBlank(got.lines)):
		case *update:
			e.output = renew(e.output, got.lines)
			renewed = append(renewed, e)
		default:
			t.Errorf("%s:%d: $ %s\nprints (exit status %d):\n%s\n\nthe page shows:\n%s\n\nif the change is meant: go test ./test/docs -update",
				p.name, e.line, e.command, got.status, strings.Join(got.lines, "\n"), strings.Join(e.output, "\n"))
		}
	}
	return renewed
}

// trimBlank drops blank lines at the end: pages leave one before the next
// command.
func trimBlank(lines []string) []string {
	for len(lines) > 0 && trimEnd(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// TestCommandsAreRun finds commands of foil in blocks that nobody would run.
func TestCommandsAreRun(t *testing.T) {
	pages, err := readPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		for _, b := range p.blocks {
			if !b.is("sh") && !b.is("bash") && !b.is("shell") {
				continue
			}
			for i, line := range p.lines[b.from:b.to] {
				if strings.HasPrefix(line, "foil ") || strings.HasPrefix(line, "go run ./cmd/foil") {
					t.Errorf("%s:%d: fence it as console, begin commands with \"$ \" and show what they print", p.name, b.from+i+1)
				}
			}
		}
	}
}
