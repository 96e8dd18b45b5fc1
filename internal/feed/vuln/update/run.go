package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/fetch"
	"github.com/foilsec/foil/internal/feed/vuln/intake"
)

// Options are choices of the user.
type Options struct {
	// Path is the database to write.
	Path string
	// Fresh begins with nothing, and not with the database that is there or, when
	// there is none, the one that is built in.
	Fresh  bool
	Now    time.Time
	Client *fetch.Client
	// Progress is told what is done next; it may be nil.
	Progress func(string)
}

// Result says what came of it.
type Result struct {
	Path      string   `json:"path"`
	Changed   []string `json:"changed"`             // feeds with new data
	Unchanged []string `json:"unchanged,omitempty"` // feeds of which the publisher has nothing new
	// Problems are what could not be fetched or read, and MoreProblems how many
	// more there were.
	Problems     []intake.Problem `json:"problems,omitempty"`
	MoreProblems int              `json:"more_problems,omitempty"`
}

// run is one change of the database.
type run struct {
	Options

	builder  *vuln.Builder
	reader   *intake.Reader
	folder   string   // for what is fetched
	base     *vuln.DB // nil for none
	result   Result
	replaced map[string]bool // feeds that whole databases brought
	current  []string        // feeds that are as the publisher has them
	pieces   []pieces
}

// pieces are records that were added to a feed, which is now of a version.
type pieces struct {
	feed     string
	version  fetch.Version
	rejected int
}

// change runs work on an empty builder, adds the feeds of the present database
// that it did not replace, and writes the whole.
func change(ctx context.Context, o Options, work func(*run) error) (Result, error) {
	r := &run{Options: o, builder: vuln.NewBuilder(), replaced: map[string]bool{}}
	r.result.Path, r.reader = o.Path, intake.New(r.builder, o.Now)
	err := alone(o.Path, func() error {
		if err := r.begin(); err != nil {
			return err
		}
		defer r.end()
		if err := work(r); err != nil {
			return err
		}
		return r.write(ctx)
	})
	return r.result, err
}

func (r *run) begin() (err error) {
	if r.folder, err = os.MkdirTemp(filepath.Dir(r.Path), ".vuln-fetch-*"); err != nil {
		return fmt.Errorf("make a folder for what is fetched: %w", err)
	}
	if r.Fresh {
		return nil
	}
	r.base, err = vuln.Open(r.Path)
	if errors.Is(err, fs.ErrNotExist) {
		r.base, err = vuln.Starter()
	}
	if err != nil {
		r.end()
		return fmt.Errorf("%w: --fresh makes a new one", err)
	}
	return nil
}

func (r *run) end() {
	_ = os.RemoveAll(r.folder)
	if r.base != nil {
		_ = r.base.Close()
	}
}

func (r *run) problem(file string, err error) {
	r.result.Problems = append(r.result.Problems, intake.Problem{File: file, Err: err})
}

func (r *run) progress(text string) {
	if r.Progress != nil {
		r.Progress(text)
	}
}

// write makes the new database, if there is anything new.
func (r *run) write(ctx context.Context) error {
	r.reader.Finish()
	read, more := r.reader.Problems()
	r.result.Problems, r.result.MoreProblems = append(r.result.Problems, read...), more
	r.result.Changed = append(r.result.Changed, r.reader.Feeds()...)
	if len(r.result.Changed) == 0 && len(r.current) == 0 {
		return nil
	}
	if r.base != nil {
		err := r.builder.AddAll(r.base, func(s *vuln.Stamp) bool { return !r.replaced[s.Feed] && !r.reader.Replaces(s.Feed) })
		if err != nil {
			return err
		}
	}
	r.stampCurrent()
	r.progress("writing the database")
	return replace(ctx, r.Path, func(w io.Writer) error { return r.builder.Write(w) })
}

// stampCurrent notes that feeds are as the publisher has them now.
func (r *run) stampCurrent() {
	stamp := func(feed string) *vuln.Stamp { return r.builder.Stamp(r.builder.Feed(vuln.Stamp{Feed: feed})) }
	for _, feed := range r.current {
		stamp(feed).AsOf = r.Now
	}
	for _, p := range r.pieces {
		s := stamp(p.feed)
		s.AsOf, s.Imported, s.ETag, s.LastModified, s.Checksum = r.Now, r.Now, p.version.ETag, p.version.LastModified, ""
		s.Rejected += p.rejected
	}
}
