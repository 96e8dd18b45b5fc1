package image

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/imagetest"
	"github.com/foilsec/foil/internal/source/image/layer"
	"github.com/foilsec/foil/internal/source/image/tree"
)

const corpus = "../../../../shared/data/image/layers"

func needCorpus(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the shared images are not beside the repository: %v", err)
	}
}

// unite reads an image into a union, with every content.
func unite(t *testing.T, reference string) (*union, error) {
	t.Helper()
	o := Options{Reference: reference, Catalog: &imagetest.Catalog{Everything: true}}.withDefaults()
	opened, err := Open(t.Context(), o)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = opened.Close() })
	s := &stack{options: o, opened: opened, progress: newProgress(nil, opened)}
	u := newUnion()
	err = s.each(t.Context(), func(n int, r *layer.Result) error { return u.lay(n, "layer", r) })
	return u, err
}

// read follows links to a file and gives its content.
func (u *union) read(path string) (string, tree.Node, error) {
	id, err := u.tree.Lookup(path)
	if err != nil {
		return "", tree.Node{}, err
	}
	n := u.tree.Node(id)
	for _, i := range u.of[contentOf(n)] {
		for _, d := range u.files[i].Documents {
			return string(d.Content), n, nil
		}
	}
	return "", n, errors.New("no content")
}

func nameOf(err error) string {
	switch {
	case errors.Is(err, tree.ErrLoop):
		return "loop"
	case errors.Is(err, tree.ErrNotExist):
		return "not-exist"
	}
	return err.Error()
}

type expectedImage struct {
	Image, Layer string
	Layers       int
	Expect       struct {
		Sizes     map[string]int
		Errors    map[string]string
		Error     string
		Whiteouts []string
	}
}

func TestSharedImages(t *testing.T) {
	needCorpus(t)
	content, err := os.ReadFile(filepath.Join(corpus, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []expectedImage
	if err := json.Unmarshal(content, &list); err != nil {
		t.Fatal(err)
	}
	for _, want := range list {
		t.Run(want.Image+want.Layer, func(t *testing.T) {
			if want.Layer != "" {
				checkWhiteouts(t, want)
				return
			}
			checkImage(t, want)
		})
	}
}

func checkImage(t *testing.T, want expectedImage) {
	u, err := unite(t, filepath.Join(corpus, want.Image))
	if want.Expect.Error != "" {
		if err == nil || !strings.Contains(err.Error(), want.Expect.Error) {
			t.Errorf("error %v, want %q", err, want.Expect.Error)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for path, size := range want.Expect.Sizes {
		content, n, err := u.read(path)
		if err != nil || len(content) != size || int(n.Size) != size {
			t.Errorf("%s: %d bytes, error %v; want %d bytes", path, len(content), err, size)
		}
	}
	for path, name := range want.Expect.Errors {
		if _, _, err := u.read(path); err == nil || nameOf(err) != name {
			t.Errorf("%s: error %v, want %s", path, err, name)
		}
	}
	for _, g := range u.gaps {
		t.Errorf("gap %+v", g)
	}
}

func checkWhiteouts(t *testing.T, want expectedImage) {
	content, err := os.ReadFile(filepath.Join(corpus, want.Layer))
	if err != nil {
		t.Fatal(err)
	}
	r, err := layer.Read(t.Context(), layer.Options{Catalog: &imagetest.Catalog{}}, blobOf(want.Layer, content))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, w := range r.Index.Whiteouts {
		got[strings.TrimPrefix(w.Folder+"/"+w.Name, "/")] = true
	}
	for _, folder := range r.Index.Opaque {
		got[folder+" (opaque)"] = true
	}
	for _, path := range want.Expect.Whiteouts {
		if !got[path] {
			t.Errorf("%s is not seen as removed", path)
		}
		delete(got, path)
	}
	if len(got) > 0 {
		t.Errorf("also seen as removed: %v", got)
	}
}

type writtenCase struct {
	Case   string
	Layers [][]imagetest.Entry
	Expect struct {
		Files      map[string]string
		Absent     []string
		Errors     map[string]string
		Introduced map[string]int `json:"introduced_in"`
	}
}

func TestWrittenCases(t *testing.T) {
	needCorpus(t)
	file, err := os.Open(filepath.Join(corpus, "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	count := 0
	for lines.Scan() {
		var c writtenCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		count++
		t.Run(c.Case, func(t *testing.T) {
			checkCase(t, c, imagetest.New(t, c.Layers...).Layout().Archive(t))
			checkCase(t, c, imagetest.New(t, c.Layers...).Layout().Folder(t))
			checkCase(t, c, imagetest.New(t, c.Layers...).Saved("x:1").Archive(t))
		})
	}
	if lines.Err() != nil || count < 30 {
		t.Errorf("%d cases, error %v", count, lines.Err())
	}
}

func checkCase(t *testing.T, c writtenCase, reference string) {
	t.Helper()
	u, err := unite(t, reference)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range c.Expect.Files {
		if got, _, err := u.read(path); err != nil || got != want {
			t.Errorf("%s: %q, error %v; want %q", path, got, err, want)
		}
	}
	for _, path := range c.Expect.Absent {
		if _, err := u.tree.Lookup(path); !errors.Is(err, tree.ErrNotExist) {
			t.Errorf("%s: error %v, want that it does not exist", path, err)
		}
	}
	for path, name := range c.Expect.Errors {
		if _, _, err := u.read(path); err == nil || nameOf(err) != name {
			t.Errorf("%s: error %v, want %s", path, err, name)
		}
	}
	for path, want := range c.Expect.Introduced {
		if _, n, err := u.read(path); err != nil || int(n.Layer) != want {
			t.Errorf("%s: of layer %d, error %v; want %d", path, n.Layer, err, want)
		}
	}
}

func blobOf(name string, content []byte) layer.Blob {
	return layer.Blob{Name: name, Size: int64(len(content)), Open: func(context.Context) (readCloser, error) {
		return opened(content), nil
	}}
}
