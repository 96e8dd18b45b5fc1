package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
)

// result is the outcome of one case.
type result struct {
	test    *testCase
	skipped string   // why it was not compared
	wrong   []string // one text for each control that disagrees
	paths   pathScore
}

// results are the outcomes of all cases.
type results struct {
	comparer
	reasons map[string]string
	list    []result
}

// add judges and compares one case. With a control given, only cases of it.
func (r *results) add(ctx context.Context, e *engine, c *testCase, only string) error {
	if only != "" && !slices.Contains(c.Controls, only) {
		return nil
	}
	out := result{test: c, skipped: r.skip(c)}
	if out.skipped == "" {
		objects, err := c.inputObjects()
		if err != nil {
			return err
		}
		v, err := e.judge(ctx, c)
		if err != nil {
			out.wrong = []string{err.Error()}
		} else {
			out.wrong = r.compare(c, v, objects, only)
			out.paths = r.scorePaths(c, v)
		}
	}
	r.list = append(r.list, out)
	return nil
}

// counts are the figures of the last lines.
type counts struct {
	agree, compared       int
	pathsAgree, withPaths int
	skipped               map[string]int
}

func (r *results) count() counts {
	n := counts{skipped: make(map[string]int)}
	for _, one := range r.list {
		if one.skipped != "" {
			n.skipped[one.skipped]++
			continue
		}
		n.compared++
		if len(one.wrong) == 0 {
			n.agree++
		}
		if one.paths.compared {
			n.withPaths++
			if one.paths.equal() {
				n.pathsAgree++
			}
		}
	}
	return n
}

func (r *results) print(out io.Writer, verbose bool) {
	for _, one := range r.list {
		for _, problem := range one.wrong {
			fmt.Fprintf(out, "%s: %s\n", one.test.id(), problem)
		}
		if verbose {
			one.printVerbose(out)
		}
	}
	n := r.count()
	for _, reason := range slices.Sorted(maps.Keys(n.skipped)) {
		fmt.Fprintf(out, "skipped %d: %s\n", n.skipped[reason], reason)
	}
	fmt.Fprintf(out, "paths equal in %d of %d\n", n.pathsAgree, n.withPaths)
	fmt.Fprintf(out, "agree %d of %d\n", n.agree, n.compared)
}

func (one *result) printVerbose(out io.Writer) {
	switch {
	case one.skipped != "":
		fmt.Fprintf(out, "%s: skipped, %s\n", one.test.id(), one.skipped)
	case len(one.wrong) == 0:
		fmt.Fprintf(out, "%s: agrees\n", one.test.id())
	}
	if one.paths.compared && !one.paths.equal() {
		fmt.Fprintf(out, "    paths missing: %q\n    paths besides: %q\n", one.paths.missing, one.paths.extra)
	}
}
