package vuln

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
)

// Write writes the database. The same advisories and stamps give the same
// bytes, whatever the order in which they came.
func (b *Builder) Write(w io.Writer) error {
	numbers := b.order()
	identifiers, exploited := b.identifierTokens(), b.exploitedTokens()
	var sections [sectionCount][]byte
	sections[stringTable], sections[stringSection] = b.strings.table()
	names := b.writeAdvisories(&sections, numbers)
	b.writeNames(&sections, names)
	sections[idTable], sections[idSection] = b.writeRows(identifiers)
	sections[exploitedTable], sections[exploitedSection] = b.writeRows(exploited)
	sections[probabilitySection] = b.writeProbabilities()
	var err error
	if sections[stampSection], err = json.Marshal(b.stamps); err != nil {
		return err
	}
	for _, s := range sections {
		if len(s) > math.MaxUint32/2 {
			return errors.New("there are too many advisories for one file")
		}
	}
	out := bufio.NewWriterSize(w, 1<<20)
	_, _ = out.Write(encodeHeader(&sections)) // the writer keeps its first error for Flush
	for _, s := range sections {
		_, _ = out.Write(s)
	}
	return out.Flush()
}

// order sorts the advisories and the feeds, and counts the strings of the parts
// that are made at the end. It returns the new number of each feed.
func (b *Builder) order() []int {
	old := slices.Clone(b.stamps)
	slices.SortFunc(b.stamps, func(x, y Stamp) int { return cmp.Compare(x.Feed, y.Feed) })
	numbers := make([]int, len(old))
	for i := range old {
		numbers[i] = slices.IndexFunc(b.stamps, func(s Stamp) bool { return s.Feed == old[i].Feed })
	}
	for i := range b.stamps {
		slices.SortFunc(b.stamps[i].Releases, func(x, y string) int { // 9 before 10
			return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y))
		})
		slices.Sort(b.stamps[i].Licences)
	}
	slices.SortStableFunc(b.heads, func(x, y head) int {
		return cmp.Or(cmp.Compare(b.strings.texts[x.id], b.strings.texts[y.id]), cmp.Compare(numbers[x.feed], numbers[y.feed]))
	})
	b.dropReplaced(numbers)
	return numbers
}

// dropReplaced leaves the newest of the records that a feed has of one ID; of
// those of the same time, the one that came first.
func (b *Builder) dropReplaced(numbers []int) {
	kept := b.heads[:0]
	for _, h := range b.heads {
		n := len(kept)
		if n == 0 || kept[n-1].id != h.id || kept[n-1].feed != h.feed {
			kept = append(kept, h)
			continue
		}
		b.stamps[numbers[h.feed]].Records--
		if h.modified > kept[n-1].modified {
			kept[n-1] = h
		}
	}
	b.heads = kept
}

// posting is an advisory under a name.
type posting struct{ row, offset int }

// nameKey is a package, by numbers of the interner.
type nameKey struct{ base, name uint32 }

func (b *Builder) writeAdvisories(sections *[sectionCount][]byte, feeds []int) map[nameKey][]posting {
	names := map[nameKey][]posting{}
	for row := range b.heads {
		h := &b.heads[row]
		first := len(sections[packageSection])
		for _, p := range h.bodies {
			key := nameKey{p.base, p.name}
			names[key] = append(names[key], posting{row, len(sections[packageSection])})
			sections[packageSection] = b.strings.appendFinal(sections[packageSection], b.bodyTokens[p.from:p.to])
		}
		t := tokens{strings: b.strings}
		sections[advisoryTable] = appendOffset(sections[advisoryTable], sections[advisorySection])
		t.placed(h.id, feeds[h.feed], first, len(h.bodies))
		sections[advisorySection] = b.strings.appendFinal(sections[advisorySection], t.bytes)
		sections[advisorySection] = b.strings.appendFinal(sections[advisorySection], b.headTokens[h.from:h.to])
	}
	return names
}

// placed writes the ID of an advisory and its placement. The ID was numbered
// and counted when the advisory came.
func (t *tokens) placed(id uint32, feed, first, packages int) {
	t.known(id)
	t.number(uint64(feed))
	t.number(uint64(first))
	t.number(uint64(packages))
}

// known writes a string that has a number, and does not count it.
func (t *tokens) known(number uint32) { t.bytes = binary.AppendUvarint(t.bytes, uint64(number)<<1|1) }

func appendOffset(table, section []byte) []byte {
	return binary.LittleEndian.AppendUint32(table, uint32(len(section)))
}

func (b *Builder) writeNames(sections *[sectionCount][]byte, names map[nameKey][]posting) {
	texts := b.strings.texts
	keys := slices.SortedFunc(maps.Keys(names), func(x, y nameKey) int {
		return cmp.Or(cmp.Compare(texts[x.base], texts[y.base]), cmp.Compare(texts[x.name], texts[y.name]))
	})
	for _, key := range keys {
		t := tokens{strings: b.strings}
		t.known(key.base)
		t.known(key.name)
		t.number(uint64(len(names[key])))
		last := posting{}
		for _, p := range names[key] {
			t.number(uint64(p.row - last.row))
			t.number(uint64(p.offset - last.offset))
			last = p
		}
		sections[nameTable] = appendOffset(sections[nameTable], sections[nameSection])
		sections[nameSection] = b.strings.appendFinal(sections[nameSection], t.bytes)
	}
}

// exploitedTokens are the entries of the catalogue, by CVE.
func (b *Builder) exploitedTokens() [][]byte {
	var rows [][]byte
	for _, cve := range slices.Sorted(maps.Keys(b.exploited)) {
		e := b.exploited[cve]
		t := tokens{strings: b.strings}
		for _, s := range []string{cve, e.Since, e.Due, cutText(e.Name, longestSummary), cutText(e.Action, longestSummary)} {
			t.text(s)
		}
		t.number(maskOf(e.Ransomware))
		rows = append(rows, t.bytes)
	}
	return rows
}

// writeRows writes records that nothing but their table points to.
func (b *Builder) writeRows(rows [][]byte) (table, section []byte) {
	for _, r := range rows {
		table = appendOffset(table, section)
		section = b.strings.appendFinal(section, r)
	}
	return table, section
}

func (b *Builder) writeProbabilities() (rows []byte) {
	for _, n := range slices.Sorted(maps.Keys(b.probabilities)) {
		rows = appendProbability(rows, n, b.probabilities[n])
	}
	return rows
}
