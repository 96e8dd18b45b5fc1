package layer

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/source/image/imagetest"
	"github.com/foilsec/foil/internal/source/image/tree"
)

func blobOf(content []byte) Blob {
	return Blob{Name: "layer", Size: int64(len(content)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

func everything() Options { return Options{Catalog: &imagetest.Catalog{Everything: true}} }

func mustRead(t testing.TB, o Options, content []byte) *Result {
	t.Helper()
	r, err := Read(t.Context(), o, blobOf(content))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKeptResultsAreTheSame(t *testing.T) {
	content := imagetest.Tar(t, []imagetest.Entry{
		{Path: "a/b", Type: "file", Content: "text"}, {Path: "a/c", Type: "hardlink", Target: "a/b"}, {Path: "a/d", Type: "hardlink", Target: "lower"},
		{Path: "l", Type: "symlink", Target: "/a"}, {Path: "d", Type: "dir", Mode: 0o1777}, {Path: "s", Type: "file", Mode: 0o4755, Content: "s"}, {Path: "p", Type: "fifo"},
		{Path: ".wh.gone", Type: "file"}, {Path: "d/.wh..wh..opq", Type: "file"}, {Path: "../x", Type: "file"},
	})
	first := mustRead(t, everything(), imagetest.Gzip(t, content))
	kept, err := first.Encode()
	if err != nil {
		t.Fatal(err)
	}
	second, err := Decode(kept)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := described(second.Index.Tree), described(first.Index.Tree); !slices.Equal(got, want) || len(got) < 8 {
		t.Errorf("names %q, want %q", got, want)
	}
	first.Index.Tree, second.Index.Tree = nil, nil
	if !reflect.DeepEqual(first, second) {
		t.Errorf("got  %+v\nwant %+v", second, first)
	}
	for cut := range kept {
		if _, err := Decode(kept[:cut]); err == nil {
			t.Fatalf("cut to %d of %d bytes: no error", cut, len(kept))
		}
	}
}

// described are all nodes of a tree.
func described(t *tree.Tree) []string {
	var list []string
	for id := range t.All() {
		n := t.Node(id)
		line := t.Path(id) + " " + n.Mode.String() + " " + t.Target(id)
		list = append(list, line+string(rune('0'+n.Kind))+string(rune('0'+n.Entry)))
	}
	slices.Sort(list)
	return list
}

func TestFilesOverTheSizeOfMemoryAreSpilled(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcdef"), mostInMemory/16+1)
	content := imagetest.Tar(t, []imagetest.Entry{
		{Path: "large", Type: "file", Content: string(large)}, {Path: "small", Type: "file", Content: "x"}, {Path: "again", Type: "file", Content: string(large)},
	})
	r := mustRead(t, everything(), content)
	if len(r.Files) != 3 || !bytes.Equal(r.Files[0].Documents[0].Content, large) || !bytes.Equal(r.Files[2].Documents[0].Content, large) {
		t.Errorf("%d files, gaps %v", len(r.Files), r.Gaps)
	}
}

func TestNoRoomToSpillIsNoFaultOfTheLayer(t *testing.T) {
	o := everything()
	o.Spill = "/nowhere/at/all"
	content := imagetest.Tar(t, []imagetest.Entry{{Path: "large", Type: "file", Content: string(make([]byte, mostInMemory+1))}})
	if _, err := Read(t.Context(), o, blobOf(content)); err == nil {
		t.Error("no error")
	}
}

func TestOnlyWhatIsWantedIsRead(t *testing.T) {
	content := imagetest.Tar(t, []imagetest.Entry{
		{Path: "key", Type: "file", Content: "SECRET"}, {Path: "text", Type: "file", Content: "no SECRET"}, {Path: "os-release", Type: "file", Content: "x"},
	})
	r := mustRead(t, Options{Catalog: &imagetest.Catalog{}}, content)
	if len(r.Files) != 2 || r.Files[0].Path != "key" || r.Files[1].OS == nil || len(r.Silent) != 0 {
		t.Errorf("files %+v, silent %v", r.Files, r.Silent)
	}
}

func TestAgain(t *testing.T) {
	content := imagetest.Tar(t, []imagetest.Entry{{Path: "a", Type: "file", Content: "1"}, {Path: "b", Type: "file", Content: "2"}})
	files, err := Again(t.Context(), everything(), blobOf(content), map[uint32][]string{1: {"x/y"}})
	if err != nil || len(files) != 1 || files[0].Path != "x/y" || string(files[0].Documents[0].Content) != "2" {
		t.Errorf("%+v, error %v", files, err)
	}
}

// FuzzRead holds that any bytes give a result or a gap, that names stay inside,
// and that what is kept comes back.
func FuzzRead(f *testing.F) {
	plain := imagetest.Tar(f, []imagetest.Entry{
		{Path: "a/b", Type: "file", Content: "text"}, {Path: "a/c", Type: "hardlink", Target: "a/b"}, {Path: "l", Type: "symlink", Target: "../a"},
		{Path: "l/x", Type: "file"}, {Path: ".wh.gone", Type: "file"}, {Path: "a/.wh..wh..opq", Type: "file"},
	})
	f.Add(plain)
	f.Add(imagetest.Gzip(f, plain))
	f.Add(imagetest.Zstd(f, plain))
	o := everything()
	o.Limits = Limits{File: 1 << 20, Entries: 1000, Expanded: 8 << 20}
	f.Fuzz(func(t *testing.T, content []byte) {
		r := mustRead(t, o, content)
		kept, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		second, err := Decode(kept)
		if err != nil {
			t.Fatalf("kept and not read: %v", err)
		}
		if got, want := described(second.Index.Tree), described(r.Index.Tree); !slices.Equal(got, want) {
			t.Fatalf("names %q, want %q", got, want)
		}
		union := tree.New()
		for range 2 {
			if _, err := union.Lay(r.Index, 1, nil); err != nil {
				t.Fatal(err)
			}
		}
		for id := range union.All() {
			if path := union.Path(id); path != "" && slices.Contains([]string{".", ".."}, union.Name(id)) {
				t.Fatalf("the name %q is in the tree", path)
			}
			_, _ = union.Lookup(union.Path(id)) // it must end
		}
	})
}

// FuzzDecode holds that damaged results are errors.
func FuzzDecode(f *testing.F) {
	r := mustRead(f, everything(), imagetest.Tar(f, []imagetest.Entry{{Path: "a/b", Type: "file", Content: "x"}, {Path: "l", Type: "symlink", Target: "a"}}))
	plain := r.Index.Append([]byte{2, '{', '}'})
	f.Add(plain)
	f.Fuzz(func(t *testing.T, plain []byte) {
		r, err := decodePlain(plain)
		if err == nil {
			described(r.Index.Tree)
		}
	})
}
