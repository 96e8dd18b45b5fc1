package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/foilsec/foil/internal/version"
)

// score counts the comparisons of a table.
type score struct{ rows, agree int }

func (s *score) add(other score) {
	s.rows += other.rows
	s.agree += other.agree
}

// row is one comparison.
type row struct {
	a, b string
	want int
}

// check compares a table and prints what does not hold.
func check(out io.Writer, file, as string) (score, error) {
	order, ok := orderOf(cmp.Or(as, file))
	if !ok {
		return score{}, fmt.Errorf("%s: the name says no known ecosystem; name one with --as", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return score{}, err
	}
	defer f.Close()
	var s score
	lines := bufio.NewScanner(f)
	for number := 1; lines.Scan(); number++ {
		r, ok, err := parseRow(lines.Text())
		if err != nil {
			return s, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		if !ok {
			continue
		}
		s.rows++
		if problem := r.compare(order); problem != "" {
			fmt.Fprintf(out, "%s:%d: %s\n", file, number, problem)
			continue
		}
		s.agree++
	}
	if err := lines.Err(); err != nil {
		return s, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// parseRow reads a line; it is false for an empty line and for a comment.
func parseRow(line string) (row, bool, error) {
	line = strings.TrimSpace(line)
	if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") {
		return row{}, false, nil
	}
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return row{}, false, fmt.Errorf("%q is no comparison: want A, one of < = == >, and B", line)
	}
	r := row{a: fields[0], b: fields[2]}
	switch fields[1] {
	case "<":
		r.want = -1
	case "=", "==":
	case ">":
		r.want = 1
	default:
		return r, false, fmt.Errorf("%q is no comparison: %q is none of < = == >", line, fields[1])
	}
	return r, true, nil
}

// compare says what does not hold; a comparison must hold from both sides.
func (r *row) compare(order version.Order) string {
	n, err := order(r.a, r.b)
	if err != nil {
		return fmt.Sprintf("want %s %s %s: %v", r.a, sign(r.want), r.b, err)
	}
	back, err := order(r.b, r.a)
	if err != nil {
		return fmt.Sprintf("want %s %s %s: %v", r.b, sign(-r.want), r.a, err)
	}
	switch {
	case cmp.Compare(n, 0) != r.want:
		return fmt.Sprintf("want %s %s %s, got %s", r.a, sign(r.want), r.b, sign(n))
	case cmp.Compare(back, 0) != -r.want:
		return fmt.Sprintf("want %s %s %s, got %s", r.b, sign(-r.want), r.a, sign(back))
	}
	return ""
}

func sign(n int) string {
	switch {
	case n < 0:
		return "<"
	case n > 0:
		return ">"
	}
	return "="
}
