package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/osv"
)

// form tells documents apart by the fields that they begin with.
type form struct {
	ID              json.RawMessage `json:"id"`
	Affected        json.RawMessage `json:"affected"`
	Modified        json.RawMessage `json:"modified"`
	CatalogVersion  json.RawMessage `json:"catalogVersion"`
	DistroVersion   json.RawMessage `json:"distroversion"`
	Packages        json.RawMessage `json:"packages"`
	Document        json.RawMessage `json:"document"`
	Vulnerabilities json.RawMessage `json:"vulnerabilities"`
	Format          json.RawMessage `json:"format"`
}

var (
	errUnknownForm = errors.New("it has no form of advisories that foil knows")
	errCPE         = errors.New("it is data of NVD, which names products by CPE and no packages: foil matches packages only")
)

// document reads a file that is no zip.
func (r *Reader) document(path string, data []byte, o Origin) error {
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(path)), ".gz")
	switch filepath.Ext(name) {
	case ".csv":
		return r.probabilities(data, o)
	case ".yaml", ".yml":
		return r.secdbYAML(data, o)
	case ".json":
		return r.json(data, o)
	}
	switch start := bytes.TrimSpace(data[:min(len(data), 4096)]); {
	case isDebianList(path):
		return r.debianList(data, o)
	case bytes.HasPrefix(start, []byte("#model_version")):
		return r.probabilities(data, o)
	case bytes.HasPrefix(start, []byte("{")):
		return r.json(data, o)
	}
	return errUnknownForm
}

func (r *Reader) json(data []byte, o Origin) error {
	var f form
	if err := json.Unmarshal(data, &f); err != nil {
		return fmt.Errorf("it is no JSON object: %w", err)
	}
	switch {
	case f.CatalogVersion != nil && f.Vulnerabilities != nil:
		return r.catalogue(data, o)
	case f.DistroVersion != nil && f.Packages != nil:
		return r.secdbJSON(data, o)
	case f.Document != nil:
		return r.csaf(data, o)
	case f.ID != nil && (f.Affected != nil || f.Modified != nil):
		return r.record(data, o)
	case f.Format != nil && f.Vulnerabilities != nil:
		return errCPE
	case looksLikeTracker(data):
		return r.tracker(data, o)
	}
	return errUnknownForm
}

// record reads a file that is one OSV record. Where the feed is not known, it is
// named after the ecosystem and the database that the ID names.
func (r *Reader) record(data []byte, o Origin) error {
	a, err := osv.Parse(data)
	if err != nil {
		return err
	}
	if o.Feed != "" {
		t := r.feed(o.Feed, vuln.BaseOf(o.Feed), o)
		t.sum.Write(data)
		return r.builder.Add(t.number, &a)
	}
	database, _, _ := strings.Cut(a.ID, "-")
	return r.advisory(&a, data, o, func(base string) string { return base + " (" + database + ")" })
}
