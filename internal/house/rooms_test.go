package house

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// architecture is the page that holds the tables of rooms.
const architecture = "docs/architecture.md"

// room is a row of the table of rooms.
type room struct {
	name      string   // its folder, without "internal/"
	imports   []string // rooms, or "x/..." for x and everything below
	libraries []string // module paths
}

// ban is a row of the table of what must not come near each other.
type ban struct {
	rooms, never []string
	because      string
}

// plan is what the page says.
type plan struct {
	rooms []room
	bans  []ban
}

var (
	quoted = regexp.MustCompile("`([^`]+)`")
	braces = regexp.MustCompile(`^(.*)\{(.*)\}$`)
)

// readPlan reads the two tables of the page by the headings of their columns.
func readPlan(t *testing.T) *plan {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, architecture))
	if err != nil {
		t.Fatal(err)
	}
	p := &plan{}
	heading := ""
	for line := range strings.Lines(string(content)) {
		cells := tableCells(line)
		switch {
		case cells == nil:
			heading = ""
		case heading == "":
			heading = strings.Join(cells, "|")
		case heading == "room|purpose|main types|may import|libraries":
			for _, name := range expand(codes(cells[0])) {
				p.rooms = append(p.rooms, room{name, codes(cells[3]), codes(cells[4])})
			}
		case heading == "room|never reaches|because":
			p.bans = append(p.bans, ban{codes(cells[0]), codes(cells[1]), cells[2]})
		}
	}
	p.rooms = slices.DeleteFunc(p.rooms, func(r room) bool { return r.name == "" })
	if len(p.rooms) == 0 || len(p.bans) == 0 {
		t.Fatalf("%s: %d rooms and %d bans found: the tables have other headings than this test knows", architecture, len(p.rooms), len(p.bans))
	}
	return p
}

// tableCells splits a row of a Markdown table; other lines yield nil.
func tableCells(line string) []string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "|") {
		return nil
	}
	cells := strings.Split(strings.Trim(line, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// codes lists what stands in backquotes.
func codes(cell string) []string {
	var list []string
	for _, match := range quoted.FindAllStringSubmatch(cell, -1) {
		list = append(list, match[1])
	}
	return list
}

// expand writes "a/{b,c}" as "a/b" and "a/c".
func expand(names []string) []string {
	var list []string
	for _, name := range names {
		match := braces.FindStringSubmatch(name)
		if match == nil {
			list = append(list, name)
			continue
		}
		for part := range strings.SplitSeq(match[2], ",") {
			list = append(list, match[1]+part)
		}
	}
	return list
}

// roomOf is the room that a folder belongs to: the longest row that it is in.
func (p *plan) roomOf(folder string) (room, error) {
	var best room
	name := strings.TrimPrefix(folder, "internal/")
	for _, r := range p.rooms {
		if within(name, r.name) && len(r.name) > len(best.name) {
			best = r
		}
	}
	if best.name == "" {
		return room{}, fmt.Errorf("%s is in no room: add a row to the table in %s", folder, architecture)
	}
	return best, nil
}

// within reports whether a path is a folder or something in it.
func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

// matches reports whether a path is what a name of the tables stands for.
func matches(path, name string) bool {
	if folder, all := strings.CutSuffix(name, "/..."); all {
		return within(path, folder)
	}
	return path == name
}

func TestEveryRoomExists(t *testing.T) {
	folders := map[string]bool{}
	for _, p := range loadTree(t).own() {
		for name := strings.TrimPrefix(p.folder(), "internal/"); name != "."; name = filepath.ToSlash(filepath.Dir(name)) {
			folders[name] = true
		}
	}
	page := readPlan(t)
	for _, r := range page.rooms {
		if !folders[r.name] {
			t.Errorf("%s has a row for %s, which does not exist", architecture, r.name)
		}
		for _, name := range r.imports {
			if !folders[strings.TrimSuffix(name, "/...")] {
				t.Errorf("%s: %s may import %s, which does not exist", architecture, r.name, name)
			}
		}
	}
}
