package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/osv"
)

// trackerFeed is the feed of Debian's security tracker.
const trackerFeed = "Debian tracker"

// tracked is what Debian's tracker says of a flaw in a package.
type tracked struct {
	Description string          `json:"description"`
	Releases    trackedReleases `json:"releases"`
}

// trackedReleases is what is said of each release, by codename.
type trackedReleases map[string]struct {
	Status  string  `json:"status"`
	Fixed   string  `json:"fixed_version"`
	Urgency string  `json:"urgency"`
	NoDSA   *string `json:"nodsa"`
	Reason  string  `json:"nodsa_reason"`
}

// UnmarshalJSON reads an object, and an empty list where there is no release.
func (t *trackedReleases) UnmarshalJSON(data []byte) error {
	if string(bytes.TrimSpace(data)) == "[]" {
		return nil
	}
	type plain trackedReleases
	return json.Unmarshal(data, (*plain)(t))
}

// looksLikeTracker looks at the beginning of a document: the tracker is an
// object of packages, each an object of flaws.
func looksLikeTracker(data []byte) bool {
	head := data[:min(len(data), 1<<16)]
	return bytes.Contains(head, []byte(`"releases"`)) && (bytes.Contains(head, []byte(`"CVE-`)) || bytes.Contains(head, []byte(`"TEMP-`)))
}

// tracker reads the export of Debian's tracker, one package at a time.
func (r *Reader) tracker(data []byte, o Origin) error {
	all := map[string]*osv.Advisory{}
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errUnknownForm
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("read Debian's tracker: %w", err)
		}
		var flaws map[string]tracked
		if err := d.Decode(&flaws); err != nil {
			return fmt.Errorf("read Debian's tracker, package %v: %w", name, err)
		}
		for id, flaw := range flaws {
			addTracked(all, id, fmt.Sprint(name), &flaw)
		}
	}
	if len(all) == 0 {
		return errors.New("read Debian's tracker: it names no package of a release")
	}
	o.Part = false
	t := r.feed(trackerFeed, "Debian", o)
	t.sum.Write(data)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if err := r.builder.Add(t.number, all[id]); err != nil {
			return err
		}
	}
	return nil
}

// addTracked adds what is said of one flaw in one package. A fixed version of 0
// says that the release never had the flaw.
func addTracked(all map[string]*osv.Advisory, id, name string, flaw *tracked) {
	for _, codename := range slices.Sorted(maps.Keys(flaw.Releases)) {
		release, known := debianRelease(codename)
		said := flaw.Releases[codename]
		if !known || said.Fixed == "0" || said.Status == "undetermined" {
			continue
		}
		entry := osv.Affected{
			Ecosystem: "Debian:" + release, Name: name, Rating: urgency(said.Urgency),
			Ranges: []osv.Range{{Type: osv.Ecosystem, Events: []osv.Event{{Introduced: "0"}}}},
		}
		if said.Status == "resolved" && said.Fixed != "" {
			entry.State = osv.Fixed
			entry.Ranges[0].Events = append(entry.Ranges[0].Events, osv.Event{Fixed: said.Fixed})
		} else {
			entry.State = trackedState(said.Urgency, said.Reason, said.NoDSA != nil)
		}
		a := all[id]
		if a == nil {
			a = &osv.Advisory{ID: "DEBIAN-" + id, Upstream: []string{id}, Details: flaw.Description}
			all[id] = a
		}
		a.Affected = append(a.Affected, entry)
	}
}

// trackedState is why there is no fix.
func trackedState(urgency, reason string, noDSA bool) osv.FixState {
	switch {
	case urgency == "end-of-life" || reason == "ignored":
		return osv.WontFix
	case reason == "postponed":
		return osv.NotFixed
	case noDSA:
		return osv.WontFix
	}
	return osv.NotFixed
}

// urgency is Debian's word for the severity. Stars mark what was derived from
// NVD.
func urgency(word string) string {
	word = strings.TrimRight(word, "*")
	if word == "not yet assigned" || word == "end-of-life" {
		return ""
	}
	return word
}

// debianRelease is the number of a release.
func debianRelease(codename string) (string, bool) {
	old := map[string]string{"hamm": "2.0", "slink": "2.1", "potato": "2.2", "woody": "3.0", "sarge": "3.1"}
	if number, ok := old[codename]; ok {
		return number, true
	}
	fromFour := []string{"etch", "lenny", "squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "duke"}
	i := slices.Index(fromFour, codename)
	return strconv.Itoa(i + 4), i >= 0
}
