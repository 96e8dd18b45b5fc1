package rpm

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/purl"
)

// tag names an entry of a header, as rpm's own list of tags numbers them.
type tag uint32

const (
	tagName        tag = 1000
	tagVersion     tag = 1001
	tagRelease     tag = 1002
	tagEpoch       tag = 1003
	tagLicense     tag = 1014
	tagArch        tag = 1022
	tagSourceRPM   tag = 1044
	tagProvideName tag = 1047
	tagRequireName tag = 1049
	tagDirIndexes  tag = 1116
	tagBaseNames   tag = 1117
	tagDirNames    tag = 1118
	tagModularity  tag = 5096
)

// header is a header of a package: an index of entries, and the data that they
// point into. Numbers are big-endian.
type header struct {
	index []byte
	data  []byte
}

const entrySize = 16 // tag, type, offset, count

func parseHeader(content []byte) (header, error) {
	if len(content) < 8 {
		return header{}, fmt.Errorf("%w: a header of %d bytes", errDamaged, len(content))
	}
	entries, size := uint64(binary.BigEndian.Uint32(content)), uint64(binary.BigEndian.Uint32(content[4:]))
	if rest := uint64(len(content) - 8); entries*entrySize+size > rest {
		return header{}, fmt.Errorf("%w: a header claims %d entries and %d bytes, and has %d bytes", errDamaged, entries, size, rest)
	}
	return header{index: content[8 : 8+entries*entrySize], data: content[8+entries*entrySize:]}, nil
}

// find is the data of an entry, which goes on to the end, and how many values
// it has.
func (h *header) find(want tag) (data []byte, count int) {
	for e := h.index; len(e) >= entrySize; e = e[entrySize:] {
		if tag(binary.BigEndian.Uint32(e)) != want {
			continue
		}
		offset := binary.BigEndian.Uint32(e[8:])
		if uint64(offset) >= uint64(len(h.data)) {
			return nil, 0
		}
		data = h.data[offset:]
		return data, int(min(uint64(binary.BigEndian.Uint32(e[12:])), uint64(len(data)))) // each value has a byte at least
	}
	return nil, 0
}

func (h *header) text(t tag) string {
	data, _ := h.find(t)
	text, _, _ := bytes.Cut(data, []byte{0})
	return string(text)
}

// texts are the values of a list.
func (h *header) texts(t tag) []string {
	data, count := h.find(t)
	var out []string
	for range min(count, mostValues) {
		value, rest, found := bytes.Cut(data, []byte{0})
		if !found {
			break
		}
		out, data = append(out, string(value)), rest
	}
	return out
}

func (h *header) numbers(t tag) []uint32 {
	data, count := h.find(t)
	count = min(count, len(data)/4)
	out := make([]uint32, count)
	for i := range out {
		out[i] = binary.BigEndian.Uint32(data[4*i:])
	}
	return out
}

// pkg makes a package of a header; false for a key, which rpm files among
// packages.
func (h *header) pkg(path string) (artifact.Package, bool) {
	name, version, release := h.text(tagName), h.text(tagVersion), h.text(tagRelease)
	if name == "" || version == "" || name == "gpg-pubkey" {
		return artifact.Package{}, false
	}
	p := artifact.Package{Name: name, Architecture: h.text(tagArch), Module: h.text(tagModularity), Locations: []string{path}, Layer: -1}
	full := joinRelease(version, release)
	u := purl.URL{Type: "rpm", Name: name, Version: full}
	u.SetQualifier("arch", p.Architecture)
	epoch := ""
	if e := h.numbers(tagEpoch); len(e) > 0 && e[0] > 0 {
		number := strconv.FormatUint(uint64(e[0]), 10)
		epoch = number + ":"
		u.SetQualifier("epoch", number)
	}
	p.Version, p.PURL = epoch+full, u.String()
	p.SourceName, p.SourceVersion = sourceOfPackage(h.text(tagSourceRPM))
	if p.SourceVersion != "" {
		p.SourceVersion = epoch + p.SourceVersion
	}
	if l := h.text(tagLicense); l != "" {
		p.Licenses = []string{l}
	}
	return p, true
}

func joinRelease(version, release string) string {
	if release == "" {
		return version
	}
	return version + "-" + release
}

// sourceOfPackage reads "bash-5.1.8-6.el9.src.rpm".
func sourceOfPackage(file string) (name, version string) {
	file, isRPM := strings.CutSuffix(file, ".rpm")
	dot := strings.LastIndexByte(file, '.') // before src or nosrc
	if !isRPM || dot < 0 {
		return "", ""
	}
	file = file[:dot]
	release := strings.LastIndexByte(file, '-')
	if release < 0 {
		return "", ""
	}
	start := strings.LastIndexByte(file[:release], '-')
	if start < 0 {
		return "", ""
	}
	return file[:start], file[start+1:]
}

// files are the paths of a package: names, and for each the number of its
// folder.
func (h *header) files() []string {
	names, folders, of := h.texts(tagBaseNames), h.texts(tagDirNames), h.numbers(tagDirIndexes)
	files := make([]string, 0, min(len(names), len(of)))
	for i, name := range names {
		if i >= len(of) || uint64(of[i]) >= uint64(len(folders)) {
			break
		}
		files = append(files, strings.TrimPrefix(folders[of[i]], "/")+name)
	}
	return files
}
