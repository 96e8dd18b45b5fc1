package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/osv"
)

// Problem is a file, or a record in it, that could not be read.
type Problem struct {
	File string `json:"file"`
	Err  error  `json:"-"`
}

func (p Problem) Error() string { return fmt.Sprintf("%s: %v", p.File, p.Err) }

// Origin is what is known of an input beside its content.
type Origin struct {
	Source string // shown to the user; empty: the path
	// Feed is the name of the feed that an export is, "npm"; empty: the folder
	// that holds it.
	Feed               string
	AsOf               time.Time // zero: the time of the newest record
	ETag, LastModified string
	// Part says that the input is a part of its feed, and adds to it.
	Part bool

	written time.Time // when the file was written, for forms that hold no date
}

// Reader puts inputs into a builder.
type Reader struct {
	builder  *vuln.Builder
	now      time.Time
	touched  map[string]*touch
	problems []Problem
	dropped  int // problems beyond those that are kept
	secfixes map[string]*osv.Advisory
}

// touch is what this reader did to a feed.
type touch struct {
	number  int
	sum     hash.Hash
	written time.Time
}

// mostProblems are kept; more are counted.
const mostProblems = 1000

// New returns a reader that fills a builder. Now is the time of the import.
func New(b *vuln.Builder, now time.Time) *Reader {
	return &Reader{builder: b, now: now.UTC().Truncate(time.Second), touched: map[string]*touch{}, secfixes: map[string]*osv.Advisory{}}
}

// Problems lists what could not be read, and how much more there was.
func (r *Reader) Problems() (list []Problem, more int) { return r.problems, r.dropped }

// Feeds lists the feeds that records came for.
func (r *Reader) Feeds() []string {
	var names []string
	for name := range r.touched {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Replaces reports whether the feed of that name, in the database that was there
// before, is replaced by what was read.
func (r *Reader) Replaces(feed string) bool {
	t, ok := r.touched[feed]
	return ok && !r.builder.Stamp(t.number).Partial
}

// Finish puts in what could only be known at the end. It is called once, after
// the last input.
func (r *Reader) Finish() {
	r.finishSecfixes()
	for _, t := range r.touched {
		s := r.builder.Stamp(t.number)
		if s.AsOf.IsZero() {
			s.AsOf = s.Newest
		}
		if s.AsOf.IsZero() {
			s.AsOf = t.written
		}
		if s.AsOf.After(r.now) {
			s.AsOf = r.now
		}
		if s.Checksum == "" {
			s.Checksum = fmt.Sprintf("%x", t.sum.Sum(nil))
		}
	}
}

// Read reads a file or a folder. What is wrong with a file becomes a problem;
// the error is for what ends the whole import.
func (r *Reader) Read(ctx context.Context, path string, o Origin) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		r.problem(path, err)
	case info.IsDir():
		return r.folder(ctx, path, o)
	default:
		r.file(ctx, path, o, true)
	}
	return ctx.Err()
}

func (r *Reader) problem(file string, err error) {
	if len(r.problems) >= mostProblems {
		r.dropped++
		return
	}
	r.problems = append(r.problems, Problem{File: file, Err: err})
}

// feed is the number of a feed, which is new in this import.
func (r *Reader) feed(name, ecosystem string, o Origin) *touch {
	t, ok := r.touched[name]
	if !ok {
		t = &touch{sum: sha256.New(), number: r.builder.Feed(vuln.Stamp{
			Feed: name, Ecosystem: ecosystem, Source: o.Source, AsOf: o.AsOf, Imported: r.now,
			ETag: o.ETag, LastModified: o.LastModified, Partial: o.Part,
		})}
		r.touched[name] = t
	}
	if o.written.After(t.written) {
		t.written = o.written
	}
	return t
}

// advisory puts a record into the feed of each ecosystem that it names. The
// name of the feed is made from the ecosystem.
func (r *Reader) advisory(a *osv.Advisory, raw []byte, o Origin, name func(ecosystem string) string) error {
	bases := basesOf(a)
	if len(bases) == 0 {
		return errNoPackage
	}
	for _, base := range bases {
		t := r.feed(name(base), base, o)
		if err := r.builder.Add(t.number, a); err != nil {
			return err
		}
		t.sum.Write(raw)
	}
	return nil
}

// errNoPackage is the reason when a record names no package: it can match none.
var errNoPackage = errors.New("it names no package of an ecosystem")

// basesOf lists the ecosystems of an advisory, after it has put right the names
// of two that old exports spell otherwise.
func basesOf(a *osv.Advisory) []string {
	var bases []string
	for i := range a.Affected {
		switch p := &a.Affected[i]; p.Ecosystem {
		case "bitnami":
			p.Ecosystem = "Bitnami"
		case "kubernetes":
			p.Ecosystem = "Kubernetes"
		}
		if base := vuln.BaseOf(a.Affected[i].Ecosystem); base != "" && !slices.Contains(bases, base) {
			bases = append(bases, base)
		}
	}
	return bases
}

// named is the name of the folder that a file lies in: the ecosystem, in the
// layout of OSV exports.
func named(path string, o Origin) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		absolute = path
	}
	return cmp.Or(o.Feed, filepath.Base(filepath.Dir(absolute)))
}
