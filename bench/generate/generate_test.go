package generate

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
)

func generated(t *testing.T, options Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, options); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSameSeedSameBytes(t *testing.T) {
	options := Defaults(300)
	first := generated(t, options)
	if !bytes.Equal(first, generated(t, options)) {
		t.Error("two runs of the same options differ")
	}
	options.Seed++
	if bytes.Equal(first, generated(t, options)) {
		t.Error("another seed gave the same cluster")
	}
}

func TestCountIsExact(t *testing.T) {
	for _, objects := range []int{1, 2, 3, 59, 60, 199, 200, 1000} {
		count := 0
		err := Each(Defaults(objects), func(Document) error { count++; return nil })
		if err != nil || count != objects {
			t.Errorf("asked for %d objects, got %d, error %v", objects, count, err)
		}
	}
}

func TestBadOptions(t *testing.T) {
	for name, options := range map[string]Options{
		"no objects":       {},
		"mistakes above 1": {Objects: 1, MistakeRate: 1.5},
		"copies below 0":   {Objects: 1, CopyRate: -0.1},
	} {
		if err := Each(options, func(Document) error { return nil }); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestEachStopsAtTheFirstError(t *testing.T) {
	full := errors.New("disk full")
	calls := 0
	err := Each(Defaults(50), func(Document) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

// The strict decoder refuses unknown and repeated fields of every built-in type.
func TestEveryDocumentDecodesStrictly(t *testing.T) {
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	for _, friendly := range []bool{false, true} {
		options := Defaults(1500)
		options.MistakeRate, options.ApplyFriendly = 1, friendly
		err := Each(options, func(d Document) error {
			object, _, err := decoder.Decode(d.YAML, nil, nil)
			if err == nil {
				err = checkNames(object, d)
			}
			return err
		})
		if err != nil {
			t.Errorf("apply-friendly %v: %v", friendly, err)
		}
	}
}

func checkNames(object runtime.Object, d Document) error {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return err
	}
	if accessor.GetName() != d.Name || accessor.GetNamespace() != d.Namespace {
		return errors.New("the document is announced under another name")
	}
	return nil
}

func TestNamesAreUniqueAndNamespacesComeFirst(t *testing.T) {
	seen, namespaces := map[string]bool{}, map[string]bool{"default": true}
	err := Each(Defaults(3000), func(d Document) error {
		key := d.Kind + " " + d.Namespace + "/" + d.Name
		if seen[key] {
			t.Errorf("%s comes twice", key)
		}
		seen[key] = true
		if d.Kind == "Namespace" {
			namespaces[d.Name] = true
		}
		if d.Namespace != "" && !namespaces[d.Namespace] {
			t.Errorf("%s comes before its namespace", key)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Two thousand objects are about 8 MB, the size that the published figures are for.
func TestSize(t *testing.T) {
	const want = 8_000_000
	size := len(generated(t, Defaults(2000)))
	if size < want*85/100 || size > want*115/100 {
		t.Errorf("2,000 objects are %d bytes, want %d within 15 %%", size, want)
	}
}

func TestWriteDirHoldsTheSameDocuments(t *testing.T) {
	dir, options := filepath.Join(t.TempDir(), "cluster"), Defaults(25)
	if err := WriteDir(dir, 10, options); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, error %v; want 3", len(files), err)
	}
	var together []byte
	for _, file := range files { // Glob sorts
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		together = append(together, content...)
	}
	if !bytes.Equal(together, generated(t, options)) {
		t.Error("the files together are not the stream")
	}
}

func TestApplyFriendlyLeavesOutWhatTheServerWrites(t *testing.T) {
	options := Defaults(500)
	options.ApplyFriendly = true
	text := string(generated(t, options))
	for _, key := range []string{"\n  uid:", "\nstatus:", "resourceVersion:", "ownerReferences:", "ephemeralContainers:", "nodeName:"} {
		if strings.Contains(text, key) {
			t.Errorf("found %q", strings.TrimSpace(key))
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	options := Defaults(2000)
	var size countingWriter
	for b.Loop() {
		if err := Write(&size, options); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(size) / int64(b.N))
}

type countingWriter int64

func (w *countingWriter) Write(p []byte) (int, error) {
	*w += countingWriter(len(p))
	return len(p), nil
}

var _ io.Writer = (*countingWriter)(nil)
