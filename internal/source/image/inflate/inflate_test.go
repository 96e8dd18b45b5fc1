package inflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

func samples() map[string][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 300<<10)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	var words bytes.Buffer
	for words.Len() < 2<<20 {
		words.WriteString([]string{"the ", "layer ", "of an image ", "x", "\n", "0123456789abcdef"}[random.IntN(6)])
		if random.IntN(20) == 0 {
			words.WriteByte(byte(random.Uint32()))
		}
	}
	skewed := make([]byte, 1<<20) // codes of all lengths
	for i := range skewed {
		for skewed[i] < 200 && random.IntN(2) == 0 {
			skewed[i]++
		}
	}
	return map[string][]byte{
		"nothing": {}, "one": {1}, "noise": noise, "words": words.Bytes(), "skewed": skewed, "zeros": make([]byte, 3<<20),
		"short period": bytes.Repeat([]byte("abc"), 1<<18), "far": append(append(noise[:32768:32768], "gap"...), noise[:32768]...),
	}
}

func pack(t testing.TB, content []byte, level int) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Name, w.Comment, w.Extra = "name", "comment", []byte("extra")
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func TestEveryLevel(t *testing.T) {
	for name, content := range samples() {
		for _, level := range []int{gzip.NoCompression, gzip.BestSpeed, 6, gzip.BestCompression, gzip.HuffmanOnly} {
			packed := pack(t, content, level)
			for kind, source := range map[string]io.Reader{"whole": bytes.NewReader(packed), "halves": iotest.HalfReader(bytes.NewReader(packed))} {
				got, err := io.ReadAll(NewReader(source))
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("%s, level %d, %s: %d of %d bytes, error %v", name, level, kind, len(got), len(content), err)
				}
			}
		}
	}
}

func TestSeveralMembers(t *testing.T) {
	packed := append(pack(t, []byte("one "), 6), pack(t, []byte("two"), 9)...)
	got, err := io.ReadAll(NewReader(iotest.OneByteReader(bytes.NewReader(packed))))
	if err != nil || string(got) != "one two" {
		t.Errorf("%q, error %v", got, err)
	}
}

func TestWhatIsCut(t *testing.T) {
	content := samples()["words"][:5000]
	packed := pack(t, content, 6)
	for cut := 1; cut < len(packed); cut++ {
		got, err := io.ReadAll(NewReader(bytes.NewReader(packed[:cut])))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut to %d of %d bytes: error %v", cut, len(packed), err)
		}
		if !bytes.HasPrefix(content, got) && len(got) > 0 {
			if overlap := min(len(got), len(content)); !bytes.Equal(got[:overlap-min(overlap, 64)], content[:overlap-min(overlap, 64)]) {
				t.Fatalf("cut to %d bytes: other content", cut)
			}
		}
	}
}

func TestErrorsOfTheSource(t *testing.T) {
	broken := errors.New("broken")
	source := io.MultiReader(bytes.NewReader(pack(t, samples()["words"], 6)[:1000]), iotest.ErrReader(broken))
	if _, err := io.ReadAll(NewReader(source)); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// expected is what the standard library makes of raw deflate.
func expected(raw []byte) ([]byte, error) {
	return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), 1<<22))
}

// member wraps raw deflate as gzip, without a right checksum.
func member(raw []byte) []byte {
	return append(append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0}, raw...), make([]byte, 8)...)
}

func FuzzAgainstTheStandardLibrary(f *testing.F) {
	for _, content := range samples() {
		content = content[:min(len(content), 3000)]
		for _, level := range []int{0, 1, 9, flate.HuffmanOnly} {
			var raw bytes.Buffer
			w, err := flate.NewWriter(&raw, level)
			if err != nil {
				f.Fatal(err)
			}
			if _, err := w.Write(content); err != nil {
				f.Fatal(err)
			}
			if err := w.Close(); err != nil {
				f.Fatal(err)
			}
			f.Add(raw.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		want, wantErr := expected(raw)
		if len(want) == 1<<22 {
			return
		}
		// Bytes behind the deflate are no gzip trailer: look at the content alone.
		got, err := io.ReadAll(io.LimitReader(NewReader(bytes.NewReader(member(raw))), 1<<22))
		if wantErr == nil && !bytes.HasPrefix(got, want) {
			t.Fatalf("%d bytes, error %v; want %d bytes", len(got), err, len(want))
		}
		if wantErr != nil && !errors.Is(wantErr, io.ErrUnexpectedEOF) && err == nil {
			t.Fatalf("no error; the standard library says %v", wantErr)
		}
	})
}

// BenchmarkExpand expands the file that FOIL_BENCH_GZIP names, or words.
func BenchmarkExpand(b *testing.B) {
	packed := pack(b, []byte(strings.Repeat(string(samples()["words"]), 8)), 6)
	if path := os.Getenv("FOIL_BENCH_GZIP"); path != "" {
		var err error
		if packed, err = os.ReadFile(path); err != nil {
			b.Fatal(err)
		}
	}
	size, err := io.Copy(io.Discard, NewReader(bytes.NewReader(packed)))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	buffer := make([]byte, 128<<10)
	for b.Loop() {
		r := NewReader(bytes.NewReader(packed))
		for err = nil; err == nil; {
			_, err = r.Read(buffer)
		}
	}
}
