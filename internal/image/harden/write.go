package harden

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/foilsec/foil/internal/image/harden/archive"
)

// Labels that say where a hardened image comes from.
const (
	LabelFrom    = "foil.dev/hardened-from"
	LabelVersion = "foil.dev/version"
	LabelProfile = "foil.dev/profile"
	LabelLevel   = "foil.dev/level"

	labelBaseName   = "org.opencontainers.image.base.name"
	labelBaseDigest = "org.opencontainers.image.base.digest"
)

// write writes the image, counts its flaws, and gives it its name only then.
func (w *work) write(ctx context.Context) error {
	latest := w.time()
	layer, err := archive.Compress(filepath.Join(w.folder, "layer.tar.gz"), func(out io.Writer) error { return w.tree.WriteLayer(out, latest) })
	if err != nil {
		return err
	}
	output := archive.Output{Reference: w.options.Reference, Config: w.config(latest), Layer: layer}
	output.Annotations = provenance(output.Config.Run.Labels)
	temporary, err := os.CreateTemp(filepath.Dir(w.options.Output), ".foil-harden-*")
	if err != nil {
		return fmt.Errorf("write the image: %w", err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	written, err := archive.Write(temporary, output)
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", w.options.Output, err)
	}
	w.report.Created, w.report.Reference = latest, w.options.Reference
	w.report.Written, w.report.After.Stored = written.Digest, written.Size
	if err := w.countAfter(ctx, temporary.Name()); err != nil {
		return err
	}
	return w.publish(temporary.Name())
}

// publish gives the finished file its name.
func (w *work) publish(temporary string) error {
	if err := free(w.options.Output, w.options.Force); err != nil {
		return err
	}
	if err := os.Chmod(temporary, 0o644); err != nil { //nolint:gosec // an image, as others are
		return err
	}
	if err := os.Rename(temporary, w.options.Output); err != nil {
		return fmt.Errorf("write the image: %w", err)
	}
	return nil
}

// time is that of the result.
func (w *work) time() time.Time {
	switch created := w.image.Config.Created; {
	case w.options.Epoch != nil:
		return w.options.Epoch.UTC()
	case created != nil && created.Unix() > 0:
		return created.UTC().Truncate(time.Second)
	}
	return time.Unix(0, 0).UTC()
}

// config is the configuration of the result.
func (w *work) config(created time.Time) archive.Config {
	c := w.image.Config
	c.Created = &created
	c.Run.User = w.report.User.After
	c.Run.Labels = w.labels()
	c.History = []archive.History{{Created: &created, CreatedBy: "foil image harden", Comment: "hardened from " + w.origin()}}
	return c
}

// origin is the digest of the image that was read.
func (w *work) origin() string {
	if w.image.Digest != "" {
		return w.image.Digest
	}
	return w.image.ConfigID
}

// labels are those of the image and those that say where it comes from.
func (w *work) labels() map[string]string {
	labels := maps.Clone(w.run().Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	if labels[labelBaseName] == "" && labels[labelBaseDigest] == "" {
		if w.image.Reference != "" {
			labels[labelBaseName] = w.image.Reference
		}
		if w.image.Digest != "" {
			labels[labelBaseDigest] = w.image.Digest
		}
	}
	labels[LabelFrom], labels[LabelVersion], labels[LabelLevel] = w.origin(), w.options.Version, string(w.options.Level)
	if w.profile != nil {
		w.report.Profile = w.profile.Digest()
		labels[LabelProfile] = w.report.Profile
	}
	return labels
}

// provenance is what of the labels stands on the manifest too, where it is read
// without the configuration.
func provenance(labels map[string]string) map[string]string {
	some := map[string]string{}
	for _, name := range []string{LabelFrom, labelBaseName, labelBaseDigest} {
		if labels[name] != "" {
			some[name] = labels[name]
		}
	}
	return some
}

// countBefore counts the flaws of the image that is read.
func (w *work) countBefore(ctx context.Context) error {
	return w.count(ctx, w.options.Image, &w.report.Before, &w.flaws)
}

// countAfter counts those of the result, and lists what went.
func (w *work) countAfter(ctx context.Context, file string) error {
	var left []Flaw
	if err := w.count(ctx, file, &w.report.After, &left); err != nil {
		return err
	}
	for _, f := range w.flaws {
		if !slices.Contains(left, f) {
			w.report.Gone = append(w.report.Gone, f)
		}
	}
	return nil
}

func (w *work) count(ctx context.Context, file string, s *State, flaws *[]Flaw) error {
	if w.options.Findings == nil {
		return nil
	}
	list, err := w.options.Findings(ctx, file)
	if err != nil {
		return fmt.Errorf("count the flaws of %s: %w", file, err)
	}
	n := len(list)
	s.Findings, *flaws = &n, list
	return nil
}
