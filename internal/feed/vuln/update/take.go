package update

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/fetch"
	"github.com/foilsec/foil/internal/feed/vuln/intake"
)

// Import takes in files, folders, addresses and artifacts (oci://…).
func Import(ctx context.Context, o Options, inputs []string) (Result, error) {
	result, err := change(ctx, o, func(r *run) error {
		for _, input := range inputs {
			r.progress("reading " + input)
			if err := r.take(ctx, input); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && len(result.Changed)+len(result.Problems) == 0 {
		err = errors.New("there is nothing to import: give zips of OSV records, KEV, EPSS, or a database that foil exported")
	}
	return result, err
}

func (r *run) take(ctx context.Context, input string) error {
	switch {
	case strings.HasPrefix(input, "oci://"):
		return r.takeArtifact(ctx, input)
	case strings.Contains(input, "://"):
		return r.takeAddress(ctx, input)
	}
	return r.read(ctx, input, intake.Origin{})
}

// read reads what is on disk.
func (r *run) read(ctx context.Context, path string, o intake.Origin) error {
	if isDatabase(path) {
		if err := r.takeDatabase(path); err != nil {
			r.problem(path, err)
		}
		return nil
	}
	return r.reader.Read(ctx, path, o)
}

// isDatabase reports whether a file begins as a database does.
func isDatabase(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, len(vuln.Magic))
	n, _ := f.Read(head)
	return string(head[:n]) == vuln.Magic
}

// takeDatabase takes the feeds of another database, after it was compared with
// its checksum, and with that which lies beside it if there is one.
func (r *run) takeDatabase(path string) error {
	db, err := vuln.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := db.Verify(); err != nil {
		return err
	}
	if err := compareBeside(path); err != nil {
		return err
	}
	if err := r.builder.AddAll(db, func(*vuln.Stamp) bool { return true }); err != nil {
		return err
	}
	for _, s := range db.Stamps() {
		r.replaced[s.Feed] = true
		r.result.Changed = append(r.result.Changed, s.Feed)
	}
	slices.Sort(r.result.Changed)
	return nil
}

// compareBeside compares a file with the checksum in FILE.sha256.
func compareBeside(path string) error {
	data, err := os.ReadFile(path + ".sha256")
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	fields := strings.Fields(string(data))
	if len(fields) == 0 {
		return fmt.Errorf("%s.sha256 holds no checksum", path)
	}
	sum, err := sumOf(path)
	if err != nil {
		return err
	}
	if want := strings.ToLower(fields[0]); want != hex.EncodeToString(sum) {
		return fmt.Errorf("the file is not the one that %s.sha256 is about: its SHA-256 is %x", path, sum)
	}
	return nil
}

// takeAddress fetches a file, and reads it under the name that it has there.
func (r *run) takeAddress(ctx context.Context, address string) error {
	f, err := r.Client.Get(ctx, address, r.folder, fetch.Version{})
	if err != nil {
		r.problem(address, err)
		return ctx.Err()
	}
	defer func() { _ = os.Remove(f.Path) }()
	named, feed, err := r.name(f.Path, address)
	if err != nil {
		return err
	}
	o := intake.Origin{Source: address, Feed: feed, ETag: f.ETag, LastModified: f.LastModified, AsOf: r.Now}
	return r.read(ctx, named, o)
}

// name gives a fetched file the last part of its address, whose ending says what
// it is, and tells the part before it, which is the ecosystem of an export.
func (r *run) name(file, address string) (named, feed string, err error) {
	address, _, _ = strings.Cut(address, "?")
	address = strings.TrimRight(address, "/")
	folder, err := os.MkdirTemp(r.folder, "named-*")
	if err != nil {
		return "", "", err
	}
	named = filepath.Join(folder, path.Base(address))
	if path.Ext(named) == ".zip" {
		feed, err = url.PathUnescape(path.Base(path.Dir(address)))
	}
	return named, feed, errors.Join(err, os.Rename(file, named))
}

// takeArtifact fetches the files of an artifact and reads them as a folder.
func (r *run) takeArtifact(ctx context.Context, reference string) error {
	folder, err := os.MkdirTemp(r.folder, "artifact-*")
	if err != nil {
		return err
	}
	a, err := r.Client.Artifact(ctx, reference, folder, "")
	if err != nil {
		r.problem(reference, err)
		return ctx.Err()
	}
	o := intake.Origin{Source: reference, AsOf: a.Created, ETag: a.Digest}
	databases, err := filepath.Glob(filepath.Join(folder, "*.db"))
	if err != nil {
		return err
	}
	for _, file := range databases {
		if err := r.read(ctx, file, o); err != nil {
			return err
		}
	}
	return r.read(ctx, folder, o)
}
