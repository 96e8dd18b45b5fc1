package tape

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func archive(t testing.TB, headers ...*tar.Header) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := tar.NewWriter(&buffer)
	for _, h := range headers {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write(bytes.Repeat([]byte("c"), int(h.Size))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func samples(t testing.TB) [][]byte {
	long := strings.Repeat("long-name/", 40)
	var list [][]byte
	for _, format := range []tar.Format{tar.FormatUnknown, tar.FormatPAX, tar.FormatGNU} {
		list = append(list, archive(t,
			&tar.Header{Name: "a", Size: 600, Mode: 0o4755, Format: format}, &tar.Header{Name: "d/", Typeflag: tar.TypeDir, Mode: 0o755, Format: format},
			&tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "../a", Format: format}, &tar.Header{Name: "h", Typeflag: tar.TypeLink, Linkname: "a", Format: format},
			&tar.Header{Name: long + "x", Size: 3, Format: format}, &tar.Header{Name: "k", Typeflag: tar.TypeSymlink, Linkname: long, Format: format},
			&tar.Header{Name: "日本", Size: 512, Format: format}, &tar.Header{Name: "empty", Format: format},
		))
	}
	list = append(list, archive(t, &tar.Header{Name: strings.Repeat("p/", 60) + "in-the-prefix", Size: 1, Format: tar.FormatUSTAR}))
	list = append(list, archive(t, &tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"path": "no"}}, &tar.Header{Name: "a", Size: 1}))
	return list
}

type entry struct {
	header  Header
	content string
}

// strict is a source that does not skip what is not there.
type strict struct{ *bytes.Reader }

func (s strict) Seek(offset int64, whence int) (int64, error) {
	if offset > int64(s.Len()) {
		return 0, io.ErrUnexpectedEOF
	}
	return s.Reader.Seek(offset, whence)
}

// both reads an archive here and with the standard library.
func both(content []byte) (got, want []entry, gotErr, wantErr error) {
	r := NewReader(strict{bytes.NewReader(content)})
	for gotErr == nil {
		var h *Header
		if h, gotErr = r.Next(); gotErr != nil {
			break
		}
		e := entry{header: *h}
		var text []byte
		text, gotErr = io.ReadAll(io.LimitReader(r, 1<<16))
		e.content = string(text)
		got = append(got, e)
	}
	standard := tar.NewReader(bytes.NewReader(content))
	for wantErr == nil {
		var h *tar.Header
		if h, wantErr = standard.Next(); wantErr != nil {
			break
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		e := entry{header: Header{Type: h.Typeflag, Name: h.Name, Link: h.Linkname, Mode: h.Mode, Size: h.Size}}
		if h.Typeflag == tar.TypeGNUSparse {
			e.header.Type = tar.TypeReg
		}
		var text []byte
		text, wantErr = io.ReadAll(io.LimitReader(standard, 1<<16))
		e.content = string(text)
		want = append(want, e)
	}
	return got, want, gotErr, wantErr
}

// compare holds that what the standard library reads is read in the same way.
func compare(t *testing.T, content []byte) int {
	t.Helper()
	got, want, gotErr, wantErr := both(content)
	for i, w := range want {
		if i == len(want)-1 && wantErr != nil && !errors.Is(wantErr, io.EOF) {
			break // of a content that was cut each may give another part
		}
		if i >= len(got) {
			t.Fatalf("entry %d is missing: error %v; want %+v", i, gotErr, w.header)
		}
		if got[i] != w {
			t.Fatalf("entry %d: %+v, %d bytes\nwant %+v, %d bytes", i, got[i].header, len(got[i].content), w.header, len(w.content))
		}
	}
	if errors.Is(wantErr, io.EOF) && (len(got) != len(want) || !errors.Is(gotErr, io.EOF)) {
		t.Fatalf("%d entries, error %v; want %d", len(got), gotErr, len(want))
	}
	return len(want)
}

func TestAgainstTheStandardLibrary(t *testing.T) {
	for _, content := range samples(t) {
		if compare(t, content) == 0 {
			t.Error("no entries")
		}
		for cut := 0; cut < len(content); cut += 100 {
			compare(t, content[:cut])
		}
	}
}

// TestArchivesOfOthers reads what the Go toolchain tests its own package with:
// star, BSD, GNU and PAX, sparse files, damaged ones.
func TestArchivesOfOthers(t *testing.T) {
	list, err := filepath.Glob(filepath.Join(goRoot(t), "src", "archive", "tar", "testdata", "*.tar"))
	if err != nil || len(list) == 0 {
		t.Skipf("the test data of the Go toolchain is not installed: %v", err)
	}
	for _, path := range list {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if filepath.Base(path) == "invalid-go17.tar" {
				t.Skip("a fault of Go before 1.8 that archive/tar makes up for, and this package does not")
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, content)
		})
	}
}

func FuzzAgainstTheStandardLibrary(f *testing.F) {
	for _, content := range samples(f) {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		compare(t, repaired(content))
	})
}

// repaired sets the checksums right, without which nothing else would be tried.
func repaired(content []byte) []byte {
	content = bytes.Clone(content)
	for at := 0; at+blockSize <= len(content); at += blockSize {
		block := content[at : at+blockSize]
		if string(block[257:262]) != "ustar" {
			continue
		}
		if string(block[257:263]) != "ustar\x00" {
			clear(block[345:369]) // times: damaged ones make archive/tar think of an old fault of its own
		}
		copy(block[148:], "        ")
		var sum int64
		for _, b := range block {
			sum += int64(b)
		}
		copy(block[148:], octal(sum, 6)+"\x00 ")
	}
	return content
}

// goRoot is where the toolchain is.
func goRoot(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Skipf("the Go toolchain can't be asked where it is: %v", err)
	}
	return strings.TrimSpace(string(out))
}
