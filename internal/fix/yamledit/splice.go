package yamledit

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
)

// Splice replaces the bytes from Start to End of a text.
type Splice struct {
	Start, End int
	Text       string
	// lines marks whole lines: added after the line that ends at Start, or
	// taken away.
	lines bool
}

func (s *Splice) inserts() bool { return s.Start == s.End }

var errOverlap = errors.New("two edits touch the same text")

// arrange orders splices and makes them fit each other: lines that would be
// added after a line that goes away are added after the one before it, and what
// two edits ask for alike is done once.
func arrange(data []byte, splices []Splice) ([]Splice, error) {
	for i := range splices {
		if s := &splices[i]; s.lines && s.inserts() {
			if err := moveUp(data, splices, s); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(splices, func(a, b Splice) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(rank(a), rank(b)))
	})
	var out []Splice
	for _, s := range splices {
		if doneAlready(out, s) {
			continue
		}
		if len(out) > 0 && s.Start < out[len(out)-1].End {
			return nil, errOverlap
		}
		out = append(out, s)
	}
	return out, nil
}

// doneAlready reports whether the same splice is the last one or among the ones
// at the same place before it.
func doneAlready(out []Splice, s Splice) bool {
	for i := len(out) - 1; i >= 0 && out[i].Start == s.Start; i-- {
		if out[i] == s {
			return true
		}
	}
	return false
}

// rank puts what is inserted before what is replaced at the same place.
func rank(s Splice) int {
	if s.inserts() {
		return 0
	}
	return 1
}

// moveUp finds the nearest line before an insertion that stays.
func moveUp(data []byte, splices []Splice, s *Splice) error {
	for moved := true; moved; {
		moved = false
		for _, gone := range splices {
			if !gone.lines || gone.inserts() || s.Start < gone.Start || s.Start >= gone.End {
				continue
			}
			if gone.Start == 0 {
				return errOverlap
			}
			s.Start = lineEnd(data, lineStart(data, gone.Start-1))
			if gone.Start > 1 && data[gone.Start-1] == '\n' && data[gone.Start-2] == '\r' {
				s.Start = gone.Start - 2
			}
			s.End, moved = s.Start, true
		}
	}
	return nil
}

// apply applies ordered splices to a text.
func apply(data []byte, splices []Splice) []byte {
	var out bytes.Buffer
	at := 0
	for _, s := range splices {
		out.Write(data[at:s.Start])
		out.WriteString(s.Text)
		at = s.End
	}
	out.Write(data[at:])
	return out.Bytes()
}
