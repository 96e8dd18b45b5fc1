package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/osv"
)

// isDebianList reports whether a file is one of the lists of security
// announcements of Debian: data/DSA/list and data/DLA/list of the tracker.
func isDebianList(path string) bool {
	switch filepath.Base(path) {
	case "DSA", "DLA":
		return true
	case "list":
		return isDebianList(filepath.Dir(path))
	}
	return false
}

// debianList reads a list of announcements:
//
//	[31 Jul 2025] DSA-5970-1 sope - security update
//		{CVE-2025-53603}
//		[bookworm] - sope 5.8.0-1+deb12u1
func (r *Reader) debianList(data []byte, o Origin) error {
	var all []*osv.Advisory
	lines := bufio.NewScanner(bytes.NewReader(data))
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if strings.HasPrefix(line, "[") {
			a, err := announcement(line)
			if err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			all = append(all, a)
		} else if len(all) > 0 {
			announced(all[len(all)-1], strings.TrimSpace(line))
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("it holds no announcements")
	}
	o.Part = false
	return r.announcements(all, data, o)
}

func (r *Reader) announcements(all []*osv.Advisory, data []byte, o Origin) error {
	database, _, _ := strings.Cut(all[0].ID, "-")
	for _, a := range all {
		if len(a.Affected) == 0 { // news of the archive, the end of a release
			continue
		}
		t := r.feed("Debian "+database+" list", "Debian", o)
		if err := r.builder.Add(t.number, a); err != nil {
			return err
		}
	}
	if t, ok := r.touched["Debian "+database+" list"]; ok {
		t.sum.Write(data)
	}
	return nil
}

// announcement reads the first line of an announcement.
func announcement(line string) (*osv.Advisory, error) {
	date, rest, ok := strings.Cut(line[1:], "]")
	when, err := time.Parse("2 Jan 2006", date)
	if !ok || err != nil {
		return nil, fmt.Errorf("%.40q does not begin with a date in brackets", line)
	}
	id, title, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if !strings.HasPrefix(id, "DSA-") && !strings.HasPrefix(id, "DLA-") {
		return nil, fmt.Errorf("%.40q names no DSA and no DLA", line)
	}
	return &osv.Advisory{
		ID: id, Published: when, Modified: when, Summary: title,
		References: []osv.Reference{{Type: "ADVISORY", URL: "https://security-tracker.debian.org/tracker/" + id}},
	}, nil
}

// announced reads a further line of an announcement.
func announced(a *osv.Advisory, line string) {
	if cves, ok := strings.CutPrefix(line, "{"); ok {
		a.Upstream = append(a.Upstream, strings.Fields(strings.TrimSuffix(cves, "}"))...)
		return
	}
	words := strings.Fields(line)
	if len(words) < 4 || words[1] != "-" || !strings.HasPrefix(words[0], "[") {
		return
	}
	release, known := debianRelease(strings.Trim(words[0], "[]"))
	if !known || strings.HasPrefix(words[3], "<") {
		return
	}
	a.Affected = append(a.Affected, osv.Affected{
		Ecosystem: "Debian:" + release, Name: words[2], State: osv.Fixed,
		Ranges: []osv.Range{{Type: osv.Ecosystem, Events: []osv.Event{{Introduced: "0"}, {Fixed: words[3]}}}},
	})
}
