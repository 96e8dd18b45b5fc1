package snapshot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/foilsec/foil/internal/graph"
)

var taken = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)

func kitchen(t testing.TB, pods int) *graph.Snapshot {
	t.Helper()
	var documents graph.DocumentBuilder
	var b graph.Builder
	var none graph.Position
	for i := range pods {
		documents.OpenMap("", none)
		documents.String("apiVersion", "v1", none)
		documents.String("kind", "Pod", none)
		documents.OpenMap("metadata", none)
		documents.String("name", fmt.Sprintf("cook-%d", i), none)
		documents.Close()
		documents.Close()
		d, err := documents.Finish()
		if err != nil {
			t.Fatal(err)
		}
		b.AddObject(d.Root(), "shop", graph.Provenance{Source: "cluster", Origin: "kubernetes/test/v1/pods", ObservedAt: taken})
	}
	b.AddEdges(graph.Edge{From: "k8s:Pod:shop/cook-0", To: "k8s:Node:oven", Kind: "runsOn"})
	b.AddGap(graph.Gap{Subject: "secrets", Reason: "forbidden", Kinds: []graph.Kind{"Secret"}})
	return b.Snapshot()
}

func saved(t testing.TB) (path string, content []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "shop.foil")
	info := Info{FoilVersion: "1.2.3", CreatedAt: taken, Target: "context test"}
	if err := Write(path, kitchen(t, 3), info); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, content
}

func TestWriteAndCollect(t *testing.T) {
	path, _ := saved(t)
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Info{FoilVersion: "1.2.3", CreatedAt: taken, Target: "context test"}); file.Info() != want {
		t.Errorf("info %+v, want %+v", file.Info(), want)
	}
	var b graph.Builder
	if err := file.Collect(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if got, want := b.Snapshot(), kitchen(t, 3); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestWriteIsPrivateDeterministicAndLeavesNothingBehind(t *testing.T) {
	path, first := saved(t)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	info := Info{FoilVersion: "1.2.3", CreatedAt: taken, Target: "context test"}
	if err := Write(path, kitchen(t, 3), info); err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same snapshot gave different files")
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("files in the folder: %v, want one", entries)
	}
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if stat.Mode() != 0o600 {
		t.Errorf("mode %v, want -rw-------", stat.Mode())
	}
}

func TestWriteFailureKeepsTheOldFile(t *testing.T) {
	path, before := saved(t)
	err := Write(path, kitchen(t, 1), Info{Target: strings.Repeat("x", maxInfo)})
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names the file", err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) || len(entries) != 1 {
		t.Errorf("old file kept: %v, files in the folder: %d", bytes.Equal(before, after), len(entries))
	}
	if err := Write(filepath.Join(path, "below-a-file"), kitchen(t, 1), Info{}); err == nil {
		t.Error("writing below a file gave no error")
	}
}

func TestReadRefuses(t *testing.T) {
	_, good := saved(t)
	changed := func(offset int, value byte) []byte {
		b := bytes.Clone(good)
		b[offset] = value
		return b
	}
	newer := changed(8, formatVersion+1)
	for name, test := range map[string]struct {
		content []byte
		want    error
		text    string
	}{
		"empty":              {nil, ErrNotSnapshot, "not a foil snapshot"},
		"manifest":           {[]byte("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"), ErrNotSnapshot, "not a foil snapshot"},
		"sent as text":       {bytes.ReplaceAll(good, []byte("\r\n"), []byte("\n")), ErrNotSnapshot, "not a foil snapshot"},
		"header only":        {good[:20], ErrTruncated, "cut off"},
		"description only":   {good[:headerSize+10], ErrTruncated, "cut off"},
		"cut off":            {good[:len(good)-1], ErrTruncated, "cut off"},
		"longer":             {append(bytes.Clone(good), 'x'), ErrDamaged, "damaged"},
		"bit in payload":     {changed(len(good)-5, good[len(good)-5]^1), ErrDamaged, "damaged"},
		"bit in description": {changed(headerSize+20, good[headerSize+20]^1), ErrDamaged, "damaged"},
		"bit in checksum":    {changed(30, good[30]^1), ErrDamaged, "damaged"},
		"description length": {changed(15, 0xff), ErrDamaged, "damaged"},
		"negative length":    {changed(23, 0xff), ErrDamaged, "damaged"},
		"newer":              {newer, nil, "written by foil 1.2.3 in format 2, this foil reads format 1; update foil"},
		"older":              {changed(8, 0), nil, "written by foil 1.2.3 in format 0, this foil reads format 1; take the snapshot again"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decode(t.Context(), bytes.NewReader(test.content), int64(len(test.content)), DefaultMaxMemory)
			if err == nil || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error %v, want one with %q", err, test.text)
			}
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func TestReadNewerVersionWithUnknownDescription(t *testing.T) {
	h := &header{version: 7, info: []byte("not json")}
	content := append(h.bytes(), h.info...)
	_, err := decode(t.Context(), bytes.NewReader(content), int64(len(content)), DefaultMaxMemory)
	var version *VersionError
	if !errors.As(err, &version) || version.Format != 7 {
		t.Errorf("error %v, want a VersionError of format 7", err)
	}
}

func TestCollectHoldsTheMemoryLimit(t *testing.T) {
	path, _ := saved(t)
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	file.MaxMemory = 1000
	var b graph.Builder
	if err := file.Collect(t.Context(), &b); !errors.Is(err, graph.ErrTooLarge) {
		t.Errorf("error %v, want %v", err, graph.ErrTooLarge)
	}
	if s := b.Snapshot(); s.Len() != 0 || len(s.Gaps()) != 0 {
		t.Error("a refused file added facts")
	}
}

// A file of a few kilobytes can decompress to gigabytes.
func TestDecompressionBomb(t *testing.T) {
	var payload bytes.Buffer
	z, err := zstd.NewWriter(&payload)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = z.Write([]byte("foil graph\x00\x01\x01\x01\x80\x80\x80\x80\x10"))
	if _, err := io.CopyN(z, zeros{}, 64<<20); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	content := assemble([]byte("{}"), payload.Bytes())
	_, err = decode(t.Context(), bytes.NewReader(content), int64(len(content)), 8<<20)
	if !errors.Is(err, graph.ErrTooLarge) {
		t.Errorf("error %v, want %v", err, graph.ErrTooLarge)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestCollectStopsWithItsContext(t *testing.T) {
	path, _ := saved(t)
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var b graph.Builder
	if err := file.Collect(ctx, &b); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestIsSnapshot(t *testing.T) {
	path, _ := saved(t)
	folder := filepath.Dir(path)
	text := filepath.Join(folder, "pod.yaml")
	pipe := filepath.Join(folder, "pipe")
	if err := os.WriteFile(text, []byte("kind: Pod"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{path: true, text: false, folder: false, pipe: false, path + ".gone": false} {
		if got := IsSnapshot(path); got != want {
			t.Errorf("IsSnapshot(%s) = %v, want %v", filepath.Base(path), got, want)
		}
	}
	if _, err := Open(path + ".gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want %v", err, fs.ErrNotExist)
	}
	if _, err := Open(pipe); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("error %v, want that it is no regular file", err)
	}
}

// assemble makes a file with a right header around any payload.
func assemble(info, payload []byte) []byte {
	h := &header{version: formatVersion, info: info, payload: int64(len(payload))}
	sum := sha256.New()
	_, _ = sum.Write(payload)
	h.checksum = h.sum(sum)
	return append(append(h.bytes(), info...), payload...)
}

func FuzzFile(f *testing.F) {
	_, good := saved(f)
	f.Add(good)
	f.Add(good[:headerSize])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := decode(t.Context(), bytes.NewReader(content), int64(len(content)), 1<<22)
		if (s == nil) == (err == nil) {
			t.Fatalf("snapshot %v, error %v", s, err)
		}
	})
}

// FuzzPayload fuzzes what the checksum would hide: the compressed form when
// packed is set, the graph in it otherwise.
func FuzzPayload(f *testing.F) {
	_, good := saved(f)
	infoSize := binary.LittleEndian.Uint32(good[12:])
	packed := good[headerSize+infoSize:]
	f.Add(packed, true)
	z, err := zstd.NewReader(bytes.NewReader(packed))
	if err != nil {
		f.Fatal(err)
	}
	defer z.Close()
	plain, err := io.ReadAll(z)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(plain, false)
	writer, err := zstd.NewWriter(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, payload []byte, packed bool) {
		if !packed {
			payload = writer.EncodeAll(payload, nil)
		}
		content := assemble([]byte("{}"), payload)
		s, err := decode(t.Context(), bytes.NewReader(content), int64(len(content)), 1<<22)
		if (s == nil) == (err == nil) {
			t.Fatalf("snapshot %v, error %v", s, err)
		}
	})
}

func BenchmarkCollect(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.foil")
	if err := Write(path, kitchen(b, 20_000), Info{}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		file, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		var builder graph.Builder
		if err := file.Collect(b.Context(), &builder); err != nil {
			b.Fatal(err)
		}
	}
}
