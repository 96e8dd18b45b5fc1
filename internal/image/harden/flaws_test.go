package harden_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/feed/vex"
	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/feed/vuln/intake"
	"github.com/foilsec/foil/internal/image/harden"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/source/image"
	"github.com/foilsec/foil/internal/source/image/catalog/builtin"
)

// flawCounter lists the flaws of images with the advisories of Debian that are
// beside the repository; it is nil when there are none.
func flawCounter(t *testing.T) func(context.Context, string) ([]harden.Flaw, error) {
	t.Helper()
	corpus := filepath.Join("..", "..", "..", "..", "shared", "data", "vuln", "osv", "Debian")
	if _, err := os.Stat(corpus); err != nil {
		t.Logf("flaws are not counted: there are no advisories: %v", err)
		return nil
	}
	b := vuln.NewBuilder()
	r := intake.New(b, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	if err := r.Read(t.Context(), corpus, intake.Origin{}); err != nil {
		t.Fatal(err)
	}
	r.Finish()
	var out bytes.Buffer
	file := filepath.Join(t.TempDir(), "vuln.db")
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := vuln.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func(ctx context.Context, reference string) ([]harden.Flaw, error) {
		source := image.New(image.Options{Reference: reference, Catalog: builtin.New()})
		found, err := pipeline.ImageFlaws(ctx, source, pipeline.Flaws(db, time.Now(), 0))
		list := []harden.Flaw{}
		for _, f := range found {
			list = append(list, harden.Flaw{ID: f.ID, PURL: f.PURL})
		}
		return list, err
	}
}

// holdsFlaws compares the flaws that went with what is promised, and reads what
// is stated about them.
func holdsFlaws(t *testing.T, r *harden.Report) {
	t.Helper()
	if r.Before.Findings == nil || r.After.Findings == nil {
		return
	}
	t.Logf("flaws %d → %d", *r.Before.Findings, *r.After.Findings)
	if *r.Before.Findings == 0 || harden.Share(int64(*r.Before.Findings), int64(*r.After.Findings)) < 0.5 {
		t.Error("fewer flaws went than promised")
	}
	var out bytes.Buffer
	if err := r.WriteVEX(&out, "test"); err != nil {
		t.Fatal(err)
	}
	statements, skipped, err := vex.Read(out.Bytes(), "result")
	if err != nil || skipped > 0 {
		t.Fatalf("the statements can't be read back: %v, %d skipped", err, skipped)
	}
	set := vex.NewSet(statements)
	for _, f := range r.Gone {
		s, found := set.Find([]string{f.ID}, vex.Ref{Reference: r.Reference, Digests: []string{r.Written}}, f.PURL)
		if !found || s.Justification != vex.ComponentNotPresent {
			t.Errorf("nothing is stated about %s in %s: %+v", f.ID, f.PURL, s)
		}
	}
}

// scan reads an image as foil scan does.
func scan(t *testing.T, file string) *artifact.Artifact {
	t.Helper()
	a, err := image.Read(t.Context(), image.Options{Reference: file, Catalog: builtin.New()})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// keepsVersions scans both images: the packages of the result are those of the
// image, at the same versions, without what went; and those that lost files say
// so.
func keepsVersions(t *testing.T, before, after string, r *harden.Report) {
	t.Helper()
	had := map[string]bool{}
	for _, p := range scan(t, before).Packages {
		had[p.PURL] = true
	}
	result, stripped, names := scan(t, after), 0, map[string]bool{}
	for _, p := range result.Packages {
		names[p.PURL] = true
		if !had[p.PURL] {
			t.Errorf("%s is in the result and was not in the image", p.PURL)
		}
		if p.Stripped {
			stripped++
		}
	}
	if stripped != len(r.Stripped) {
		t.Errorf("%d packages say that they lost files, want %d: %v", stripped, len(r.Stripped), r.Stripped)
	}
	kept := slices.DeleteFunc(packagesOf(t, before), func(p string) bool { return slices.Contains(r.Removed, p) })
	if got := packagesOf(t, after); !slices.Equal(got, kept) {
		t.Errorf("the result holds %v, want %v", got, kept)
	}
	if len(names) != len(kept) {
		t.Errorf("a scan of the result finds %d packages, want %d", len(names), len(kept))
	}
}
