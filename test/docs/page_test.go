package docs

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// root is the folder of go.mod, seen from the folder that tests run in.
const root = "../.."

// page is a Markdown file and its fenced blocks.
type page struct {
	name   string // from the root
	lines  []string
	blocks []block
}

// block is what stands between two fences.
type block struct {
	words    []string // behind the opening fence: language and marks
	from, to int      // its lines, without the fences: lines[from:to]
}

// is reports whether the block has the language, and all the marks.
func (b *block) is(words ...string) bool {
	return len(b.words) > 0 && b.words[0] == words[0] && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(b.words, w) })
}

// file is the name that the block is to be written to, empty for most.
func (b *block) file() string {
	for _, word := range b.words {
		if name, ok := strings.CutPrefix(word, "file="); ok {
			return name
		}
	}
	return ""
}

// text is what the block holds.
func (p *page) text(b block) string { return strings.Join(p.lines[b.from:b.to], "\n") + "\n" }

// exchange is a command and what it prints, as shown.
type exchange struct {
	line    int // of the command, counted from 1
	command string
	output  []string
	from    int // lines[from:to] of the page is the output
	to      int
}

// readPages reads README*.md and every page below docs.
func readPages() ([]*page, error) {
	names, err := filepath.Glob(filepath.Join(root, "README*.md"))
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(filepath.Join(root, "docs"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".md") {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var pages []*page
	for _, path := range names {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return nil, err
		}
		p, err := parsePage(filepath.ToSlash(name), string(content))
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, nil
}

func parsePage(name, content string) (*page, error) {
	p := &page{name: name, lines: strings.Split(content, "\n")}
	var open *block
	for i, line := range p.lines {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case !fence:
		case open == nil:
			open = &block{words: strings.Fields(info), from: i + 1}
		default:
			open.to = i
			p.blocks = append(p.blocks, *open)
			open = nil
		}
	}
	if open != nil {
		return nil, fmt.Errorf("%s:%d: the block is not closed", name, open.from)
	}
	return p, nil
}

// exchanges splits a console block. A command goes on on the next line when it
// ends in a backslash.
func (p *page) exchanges(b block) ([]exchange, error) {
	var list []exchange
	for i := b.from; i < b.to; i++ {
		command, isCommand := strings.CutPrefix(p.lines[i], "$ ")
		if !isCommand {
			if len(list) == 0 {
				return nil, fmt.Errorf("%s:%d: a console block begins with a command: a line that starts with \"$ \"", p.name, i+1)
			}
			last := &list[len(list)-1]
			last.output = append(last.output, p.lines[i])
			last.to = i + 1
			continue
		}
		e := exchange{line: i + 1, command: command}
		for strings.HasSuffix(e.command, "\\") && i+1 < b.to {
			i++
			e.command += "\n" + p.lines[i]
		}
		e.from, e.to = i+1, i+1
		list = append(list, e)
	}
	return list, nil
}

// write puts new outputs in the place of old ones. Exchanges are in the order
// of the page.
func (p *page) write(exchanges []exchange) error {
	lines := slices.Clone(p.lines)
	for _, e := range slices.Backward(exchanges) {
		lines = slices.Replace(lines, e.from, e.to, e.output...)
	}
	return os.WriteFile(filepath.Join(root, p.name), []byte(strings.Join(lines, "\n")), 0o644)
}
