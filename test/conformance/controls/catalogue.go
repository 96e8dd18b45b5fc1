package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed catalogue.tsv
var catalogueText string

//go:embed reasons.tsv
var reasonsText string

// entry is a control of the other catalogue.
type entry struct {
	id, class, mixed string
	rules            []string
}

// catalogue is every control of the other catalogue, in order.
type catalogue struct {
	entries []entry
	byID    map[string]*entry
}

// loadCatalogue reads the table that is part of this command.
func loadCatalogue() (*catalogue, error) {
	c := &catalogue{byID: make(map[string]*entry)}
	for _, fields := range table(catalogueText) {
		if len(fields) != 4 {
			return nil, fmt.Errorf("catalogue.tsv: %q has %d fields, want 4", fields[0], len(fields))
		}
		c.entries = append(c.entries, entry{fields[0], fields[1], fields[2], strings.Split(fields[3], ",")})
	}
	for i := range c.entries {
		c.byID[c.entries[i].id] = &c.entries[i]
	}
	return c, nil
}

// loadReasons reads why cases disagree, by "rule/case".
func loadReasons() map[string]string {
	reasons := make(map[string]string)
	for _, fields := range table(reasonsText) {
		reasons[fields[0]] = fields[len(fields)-1]
	}
	return reasons
}

// table splits a text into lines of fields; lines with # are comments.
func table(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}
