package update

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/fetch"
	"github.com/foilsec/foil/internal/feed/vuln/intake"
)

// Publishers are the addresses that are asked for news.
type Publishers struct {
	Exports     string // OSV exports: ADDRESS/ECOSYSTEM/all.zip
	Exploited   string // empty: not asked
	Probability string // empty: not asked
	// Ecosystems are those that are fetched.
	Ecosystems []string
}

// DefaultPublishers are those that publish for everybody. Ecosystems that forbid
// to keep their data in another form are not among them.
func DefaultPublishers() Publishers {
	return Publishers{
		Exports:     "https://osv-vulnerabilities.storage.googleapis.com",
		Exploited:   "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
		Probability: "https://epss.cyentia.com/epss_scores-current.csv.gz",
		Ecosystems: []string{
			"AlmaLinux", "Alpine", "Bitnami", "crates.io", "Debian", "Go", "Hex", "Maven", "npm", "NuGet", "openSUSE",
			"Packagist", "Pub", "PyPI", "Red Hat", "Rocky Linux", "RubyGems", "SUSE", "Ubuntu",
		},
	}
}

// Update asks the publishers for news.
func Update(ctx context.Context, o Options, p Publishers) (Result, error) {
	asked := 0
	result, err := change(ctx, o, func(r *run) error {
		for _, ecosystem := range p.Ecosystems {
			asked++
			if err := r.updateExport(ctx, p.Exports, ecosystem); err != nil {
				return err
			}
		}
		for _, signal := range []struct{ feed, address string }{{vuln.ExploitedFeed, p.Exploited}, {vuln.ProbabilityFeed, p.Probability}} {
			if signal.address == "" {
				continue
			}
			asked++
			if err := r.updateFile(ctx, signal.feed, signal.address); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && asked > 0 && len(result.Changed)+len(result.Unchanged) == 0 {
		return result, fmt.Errorf("no feed could be fetched: %w: on a machine without network, use foil db import with a file that foil db export made elsewhere", firstProblem(&result))
	}
	return result, err
}

func firstProblem(r *Result) error {
	if len(r.Problems) == 0 {
		return errors.New("no publisher answered")
	}
	return r.Problems[0].Err
}

// stampOf is the stamp of a feed of the present database, when it came from the
// same address.
func (r *run) stampOf(feed, address string) (s vuln.Stamp, same bool) {
	if r.base == nil {
		return s, false
	}
	for _, s := range r.base.Stamps() {
		if s.Feed == feed && s.Source == address && s.Rejected == 0 {
			return s, true
		}
	}
	return s, false
}

// updateFile fetches a file that is a feed, if it is not the one that is there.
func (r *run) updateFile(ctx context.Context, feed, address string) error {
	r.progress("fetching " + feed)
	have, _ := r.stampOf(feed, address)
	f, err := r.Client.Get(ctx, address, r.folder, fetch.Version{ETag: have.ETag, LastModified: have.LastModified})
	if err != nil {
		r.problem(feed, err)
		return ctx.Err()
	}
	if f.Unchanged {
		r.unchanged(feed)
		return nil
	}
	named, _, err := r.name(f.Path, address)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(named) }()
	return r.reader.Read(ctx, named, intake.Origin{Source: address, Feed: feed, ETag: f.ETag, LastModified: f.LastModified, AsOf: r.Now})
}

func (r *run) unchanged(feed string) {
	r.current = append(r.current, feed)
	r.result.Unchanged = append(r.result.Unchanged, feed)
}

// updateExport fetches the records of an ecosystem that are newer than what is
// there, or all of them when there are many.
func (r *run) updateExport(ctx context.Context, exports, ecosystem string) error {
	folder := strings.TrimRight(exports, "/") + "/" + url.PathEscape(ecosystem)
	address := folder + "/all.zip"
	have, same := r.stampOf(ecosystem, address)
	if !same || have.Newest.IsZero() {
		return r.updateFile(ctx, ecosystem, address)
	}
	version, size, changed, err := r.Client.Changed(ctx, address, fetch.Version{ETag: have.ETag, LastModified: have.LastModified})
	switch {
	case err != nil:
		r.problem(ecosystem, err)
		return ctx.Err()
	case !changed:
		r.unchanged(ecosystem)
		return nil
	case size >= 0 && size < worthPieces:
		return r.updateFile(ctx, ecosystem, address)
	}
	ids, err := r.newer(ctx, folder+"/modified_id.csv", have.Newest)
	if err != nil || len(ids) > mostPieces {
		return r.updateFile(ctx, ecosystem, address)
	}
	return r.updatePieces(ctx, ecosystem, folder, ids, version, address)
}

// An export smaller than worthPieces bytes is fetched whole, and so is one with
// more news than mostPieces.
const (
	worthPieces = 1 << 20
	mostPieces  = 300
)

// newer lists the records that changed after a time. The list of a publisher is
// in the order of changes, the last one first.
func (r *run) newer(ctx context.Context, address string, than time.Time) ([]string, error) {
	f, err := r.Client.Get(ctx, address, r.folder, fetch.Version{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(f.Path) }()
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var ids []string
	for lines := bufio.NewScanner(file); lines.Scan() && len(ids) <= mostPieces; {
		text, id, ok := strings.Cut(lines.Text(), ",")
		when, err := time.Parse(time.RFC3339, text)
		if !ok || err != nil || id == "" {
			return nil, fmt.Errorf("%s: %.60q is not a time and an ID", address, lines.Text())
		}
		if when.Truncate(time.Second).Before(than) {
			break
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, nil
}

// updatePieces fetches single records of an export and adds them to the feed.
// They are read when all are there, or else the export is fetched: a record that
// is missing would never be asked for again, since later ones are newer than it.
func (r *run) updatePieces(ctx context.Context, ecosystem, folder string, ids []string, now fetch.Version, address string) error {
	r.progress(fmt.Sprintf("fetching %d records of %s", len(ids), ecosystem))
	var files []string
	for _, id := range ids {
		piece := folder + "/" + url.PathEscape(id) + ".json"
		f, err := r.Client.Get(ctx, piece, r.folder, fetch.Version{})
		if err != nil {
			return r.updateFile(ctx, ecosystem, address)
		}
		named, _, err := r.name(f.Path, piece)
		if err != nil {
			return err
		}
		files = append(files, named)
	}
	before, _ := r.reader.Problems()
	for _, file := range files {
		if err := r.reader.Read(ctx, file, intake.Origin{Source: address, Feed: ecosystem, Part: true}); err != nil {
			return err
		}
	}
	after, _ := r.reader.Problems()
	r.pieces = append(r.pieces, pieces{feed: ecosystem, version: now, rejected: len(after) - len(before)})
	return nil
}
