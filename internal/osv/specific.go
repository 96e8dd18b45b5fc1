package osv

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// specific is what publishers add to a record or to an entry of it.
type specific struct {
	Severity      word   `json:"severity"` // GitHub, Bitnami, curl
	Urgency       word   `json:"urgency"`  // Debian
	Priority      word   `json:"priority"` // Ubuntu
	Informational word   `json:"informational"`
	Status        word   `json:"status"`
	FixState      word   `json:"fix_state"`
	State         word   `json:"state"`
	Resolution    word   `json:"nodsa_reason"`
	CWEIDs        []word `json:"cwe_ids"`
	CWEs          []word `json:"cwes"`
	CWE           word   `json:"CWE"`

	Imports []Import `json:"imports"` // Go
	Affects struct { // RustSec
		Arch []string `json:"arch"`
		OS   []string `json:"os"`
	} `json:"affects"`
}

// word is a string that may stand alone or as the id of an object. What is
// neither is passed over: nobody promises the shape of these fields.
type word string

// UnmarshalJSON never fails.
func (w *word) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*w = word(text)
		return nil
	}
	var object struct {
		ID    string `json:"id"`
		CWEID string `json:"cweId"`
	}
	if json.Unmarshal(data, &object) == nil {
		*w = word(cmp.Or(object.ID, object.CWEID))
	}
	return nil
}

// readSpecific reads the objects in order; a later one adds to an earlier one.
// A field of an unexpected type is left out and the others are kept.
func readSpecific(objects ...json.RawMessage) specific {
	var s specific
	for _, object := range slices.Backward(objects) {
		if len(object) > len(`{}`) {
			_ = json.Unmarshal(object, &s)
		}
	}
	return s
}

// rating is the publisher's word for the severity.
func (s *specific) rating() string {
	if s.Informational != "" { // RustSec: unmaintained, unsound, notice
		return "informational"
	}
	for _, w := range []word{s.Severity, s.Urgency, s.Priority} {
		text := strings.ToLower(strings.TrimSpace(string(w)))
		if _, none := unrated[text]; !none && !endOfLife(plain(text)) && !strings.HasPrefix(text, "cvss:") {
			return text
		}
	}
	return ""
}

// unrated are words by which publishers say nothing.
var unrated = map[string]struct{}{"": {}, "not yet assigned": {}, "untriaged": {}, "unknown": {}, "unrated": {}, "undefined": {}}

// plain writes a word of a publisher in one way: "will-not-fix".
func plain(text string) string {
	if text == "" {
		return ""
	}
	text = strings.Trim(strings.ToLower(text), "<> ")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "_", "-"), " ", "-")
	return strings.ReplaceAll(text, "'", "")
}

func endOfLife(word string) bool {
	switch word {
	case "end-of-life", "end-of-support", "out-of-support-scope":
		return true
	}
	return false
}

// state is why there is no fix, in the words of Debian, Red Hat and Trivy.
func (s *specific) state() FixState {
	for _, w := range []word{s.Status, s.FixState, s.State, s.Resolution, s.Urgency} {
		if state := fixState(plain(string(w))); state != "" {
			return state
		}
	}
	return ""
}

func fixState(word string) FixState {
	if endOfLife(word) {
		return WontFix
	}
	switch word {
	case "wont-fix", "will-not-fix", "ignored", "no-dsa":
		return WontFix
	case "affected", "not-fixed", "open", "deferred", "fix-deferred", "postponed", "under-investigation":
		return NotFixed
	case "fixed", "resolved":
		return Fixed
	}
	return ""
}

func (s *specific) weaknesses() []string {
	var ids []string
	for _, w := range append(slices.Concat(s.CWEIDs, s.CWEs), s.CWE) {
		if id := strings.ToUpper(string(w)); strings.HasPrefix(id, "CWE-") && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func firstOf(words ...string) string { return cmp.Or(words...) }
