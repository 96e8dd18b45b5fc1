//go:build unix

package manifest_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest"
	"github.com/foilsec/foil/internal/source/manifest/helmchart"
)

// packed makes a .tgz with one file of zeros beside a Chart.yaml.
func packed(t *testing.T, zeros int64) string {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	add := func(name string, size int64, write func()) {
		if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: size, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		write()
	}
	const chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n"
	template := fmt.Sprintf(pod, "{{ .Release.Name }}")
	add("c/Chart.yaml", int64(len(chart)), func() { _, _ = archive.Write([]byte(chart)) })
	add("c/templates/pod.yaml", int64(len(template)), func() { _, _ = archive.Write([]byte(template)) })
	add("c/zeros", zeros, func() {
		block := make([]byte, 1<<20)
		for left := zeros; left > 0; left -= int64(len(block)) {
			_, _ = archive.Write(block[:min(left, int64(len(block)))])
		}
	})
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestHostileFolder scans a folder full of traps: each becomes a gap, and what
// lies beside them is read.
func TestHostileFolder(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret.tpl"), []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	const chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n"
	write(t, map[string]string{
		"ok.yaml":         fmt.Sprintf(pod, "ok"),
		"loop/Chart.yaml": chart, "loop/templates/x.yaml": "a: 1\n{{ range 1000000000 }}{{ end }}",
		"links/Chart.yaml": chart, "links/templates/pod.yaml": fmt.Sprintf(pod, "fromlinks"),
		"ok.tgz": packed(t, 10), "bomb.tgz": packed(t, 200<<20), "photos.tgz": "no archive", "cut.tgz": packed(t, 1000)[:150],
		"chartless/values.yaml": "a: 1\n",
	})
	huge, err := os.Create("huge.yaml")
	if err == nil {
		err = huge.Truncate(1 << 30)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = huge.Close()
	for name, target := range map[string]string{
		"links/templates/out.tpl": filepath.Join(outside, "secret.tpl"), "links/templates/circle": "..", "dev.yaml": "/dev/zero", "up": "..",
	} {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo("pipe.yaml", 0o600); err != nil {
		t.Fatal(err)
	}
	snapshot, _ := collect(t, manifest.Options{Paths: []string{"."}, Limits: manifest.Limits{Chart: helmchart.Limits{Steps: 10_000}}})
	want := []string{
		"k8s:Pod:default/fromlinks links/templates/pod.yaml:1:1", "k8s:Pod:default/ok ok.yaml:1:1", "k8s:Pod:default/release-name ok.tgz/templates/pod.yaml:1:1",
	}
	if diff := cmp.Diff(want, nodes(snapshot)); diff != "" {
		t.Error(diff)
	}
	want = []string{
		"bomb.tgz:0: the chart can't be read: the unpacked chart is larger than allowed; it was not rendered",
		"cut.tgz:0: the chart can't be read: the archive is broken: unexpected EOF",
		"dev.yaml:0: a symbolic link out of the scanned folder; it was not followed; scan its target by its own path",
		"huge.yaml:0: 1073741824 bytes, more than the 268435456 that a file may have; it was not scanned; split it",
		"links/templates/out.tpl:0: a symbolic link out of the scanned folder; it was not followed",
		"loop/templates/x.yaml:2: the chart can't be rendered: rendering was ended after 10000 steps; a template loops or calls itself without end",
		"pipe.yaml:0: not a regular file but a pipe; it was not opened; pass it through standard input if it is meant",
		"up:0: a symbolic link out of the scanned folder; it was not followed; scan its target by its own path",
	}
	if diff := cmp.Diff(want, gaps(snapshot)); diff != "" {
		t.Error(diff)
	}
}

func TestNamedPipe(t *testing.T) {
	write(t, nil)
	if err := syscall.Mkfifo("pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("nobody writes", func(t *testing.T) {
		snapshot, _ := collect(t, manifest.Options{Paths: []string{"pipe"}})
		if diff := cmp.Diff([]string{"pipe:0: an empty pipe; nothing wrote into it"}, gaps(snapshot)); diff != "" {
			t.Error(diff)
		}
	})
	keep, err := os.OpenFile("pipe", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = keep.Close() }()
	t.Run("the writer keeps silent", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		var b graph.Builder
		if err := manifest.New(manifest.Options{Paths: []string{"pipe"}}).Collect(ctx, &b); err == nil {
			t.Error("no error")
		}
	})
	t.Run("a writer", func(t *testing.T) {
		if err := syscall.Mkfifo("pipe2", 0o600); err != nil {
			t.Fatal(err)
		}
		both, err := os.OpenFile("pipe2", os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := both.WriteString(fmt.Sprintf(pod, "piped")); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(50*time.Millisecond, func() { _ = both.Close() })
		snapshot, _ := collect(t, manifest.Options{Paths: []string{"pipe2"}})
		if diff := cmp.Diff([]string{"k8s:Pod:default/piped pipe2:1:1"}, nodes(snapshot)); diff != "" {
			t.Error(diff, gaps(snapshot))
		}
	})
}

// TestManyFilesInLittleMemory scans files that hold no objects: however many they
// are, no more than a few of them are in memory.
func TestManyFilesInLittleMemory(t *testing.T) {
	text := strings.Repeat("key: some value that is no object\n---\n", 2000)
	files := make(map[string]string)
	for i := range 300 {
		files[fmt.Sprintf("%d.yaml", i)] = text
	}
	write(t, files)
	before := heap()
	_, summary := collect(t, manifest.Options{Paths: []string{"."}})
	if grown, most := heap()-before, int64(20<<20); grown > most || summary.Others != 300*2000 {
		t.Errorf("%d others, the heap has grown by %d MiB", summary.Others, grown>>20)
	}
}

// heap is the memory that is in use once the garbage is gone.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
