package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func buildDocument(t testing.TB, build func(b *DocumentBuilder)) *Document {
	t.Helper()
	var b DocumentBuilder
	build(&b)
	d, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// podLike has every kind of value, empty containers, repeated strings,
// positions that go back, and two files.
func podLike(b *DocumentBuilder) {
	at := func(line, column int) Position { return Position{File: "shop.yaml", Line: line, Column: column} }
	b.OpenMap("", at(3, 1))
	b.String("kind", "Pod", at(3, 1))
	b.OpenMap("metadata", at(4, 1))
	b.String("name", "kitchen", at(5, 3))
	b.OpenMap("labels", at(2, 70_000))
	b.Close()
	b.Close()
	b.OpenList("numbers", Position{File: "values.yaml", Line: 9, Column: 2})
	for _, n := range []int64{0, -1, 7, math.MaxInt64, math.MinInt64} {
		b.Int("", n, Position{})
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 0.1, math.MaxFloat64, math.Inf(1)} {
		b.Float("", f, at(1, 1))
	}
	b.Bool("", true, Position{})
	b.Bool("", false, Position{})
	b.Null("", Position{})
	b.String("", "", Position{})
	b.OpenList("", Position{})
	b.OpenList("", Position{})
	b.Close()
	b.Close()
	b.Close()
	b.String("", strings.Repeat("long ", 50), at(math.MaxUint32, 1))
	b.Close()
}

func TestDocumentRoundTrip(t *testing.T) {
	for name, build := range map[string]func(*DocumentBuilder){
		"every kind": podLike,
		"scalar":     func(b *DocumentBuilder) { b.String("", "alone", Position{}) },
		"empty map":  func(b *DocumentBuilder) { b.OpenMap("", Position{}); b.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			want := buildDocument(t, build)
			encoded := AppendDocument([]byte("before"), want)
			if again := AppendDocument([]byte("before"), want); !bytes.Equal(encoded, again) {
				t.Fatal("the same document gave different bytes")
			}
			got, rest, err := DecodeDocument(append(encoded[len("before"):], "after"...))
			if err != nil {
				t.Fatal(err)
			}
			if string(rest) != "after" {
				t.Errorf("rest = %q, want %q", rest, "after")
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestEmptyDocumentRoundTrip(t *testing.T) {
	got, rest, err := DecodeDocument(AppendDocument(nil, nil))
	if err != nil || len(rest) != 0 || got.Root().Exists() {
		t.Errorf("got %+v, %q, %v; want an empty document", got, rest, err)
	}
}

func TestDecodeDocumentTruncated(t *testing.T) {
	encoded := AppendDocument(nil, buildDocument(t, podLike))
	for n := range encoded {
		if _, _, err := DecodeDocument(encoded[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were accepted", n, len(encoded))
		}
	}
}

func TestDecodeDocumentHostile(t *testing.T) {
	huge := "\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
	oneFile := "\x01\x00" // one file with an empty name
	for name, test := range map[string]struct{ bytes, want string }{
		"nothing":              {"", "ends too early"},
		"node count":           {huge + oneFile + "\x00", "ends too early"},
		"file count":           {"\x01" + huge, "ends too early"},
		"file name length":     {"\x01\x01" + huge, "ends too early"},
		"text length":          {"\x01" + oneFile + huge, "ends too early"},
		"number without end":   {strings.Repeat("\x80", 20), "ends too early"},
		"node without file":    {"\x01\x00\x00\x01", "unknown file number"},
		"file number":          {"\x01" + oneFile + "\x00\x21\x01", "unknown file number"},
		"large file number":    {"\x01" + oneFile + "\x00\x21\x80\x80\x04", "unknown file number"},
		"absent value":         {"\x01" + oneFile + "\x00\x00", "unknown kind"},
		"children":             {"\x02" + oneFile + "\x00\x07\x02\x01", "more children than values"},
		"missing children":     {"\x02" + oneFile + "\x00\x07\x01\x07\x01", "more children than values"},
		"two roots":            {"\x02" + oneFile + "\x00\x01\x01", "more than one root"},
		"string offset":        {"\x01" + oneFile + "\x02ab\x05\x03\x00", "string outside the text"},
		"string length":        {"\x01" + oneFile + "\x02ab\x05\x01\x02", "string outside the text"},
		"string overflow":      {"\x01" + oneFile + "\x02ab\x05\x01" + huge, "string outside the text"},
		"key":                  {"\x02" + oneFile + "\x00\x06\x01\x01\x01\x00", "string outside the text"},
		"line below zero":      {"\x01" + oneFile + "\x00\x11\x01\x01", "position out of range"},
		"column":               {"\x01" + oneFile + "\x00\x11\x02\x80\x80\x04", "position out of range"},
		"fewer than announced": {"\x03" + oneFile + "\x00\x07\x02\x01", "ends too early"},
		"deep":                 {"\xa1\x8d\x06" + oneFile + "\x00" + strings.Repeat("\x07\x01", 100_001), "nested more than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := DecodeDocument([]byte(test.bytes))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func FuzzDecodeDocument(f *testing.F) {
	f.Add(AppendDocument(nil, buildDocument(f, podLike)))
	f.Add([]byte("\x02\x01\x00\x00\x07\x01\x01"))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, rest, err := DecodeDocument(src)
		if err != nil {
			return
		}
		if len(rest) > len(src) {
			t.Fatal("more left than there was")
		}
		walk(t, d.Root())
		encoded := AppendDocument(nil, d)
		again, _, err := DecodeDocument(encoded)
		if err != nil {
			t.Fatalf("own bytes refused: %v", err)
		}
		if !bytes.Equal(encoded, AppendDocument(nil, again)) {
			t.Fatal("encoding is not stable")
		}
	})
}

// walk reads every value and checks that each container holds as many as it
// says.
func walk(t *testing.T, v Value) {
	_, _, _ = v.Text(), v.Key(), v.Position()
	children := 0
	for _, item := range v.Items() {
		walk(t, item)
		children++
	}
	for _, field := range v.Fields() {
		walk(t, field)
		children++
	}
	if (v.Kind() == Map || v.Kind() == List) && children != v.Len() {
		t.Fatalf("%d children, Len says %d", children, v.Len())
	}
}

// shop has two nodes in one document, one without, edges with and without
// evidence (one to nothing) and gaps.
func shop(t testing.TB) *Snapshot {
	var b Builder
	list := buildDocument(t, func(b *DocumentBuilder) {
		b.OpenList("", Position{})
		podLike(b)
		podLike(b)
		b.Close()
	})
	seen := time.Date(2026, 3, 1, 12, 0, 0, 5, time.UTC)
	var ids []NodeID
	for i, item := range list.Root().Items() {
		origin := fmt.Sprintf("file%d.yaml", i)
		ids = append(ids, b.AddObject(item, "shop", Provenance{Source: "manifest", Origin: origin, Position: item.Position(), ObservedAt: seen}))
	}
	group := Node{ID: KeyedID("group", "cooks"), Kind: "group", Name: "cooks"}
	b.AddNode(group)
	b.AddEdges(
		Edge{From: group.ID, To: ids[0], Kind: "owns", Evidence: list.Root().Item(1).Get("kind")},
		Edge{From: ids[0], To: "k8s:ServiceAccount:shop/gone", Kind: "uses"},
	)
	b.AddGap(Gap{Subject: "secrets", Reason: "forbidden", Kinds: []Kind{"Secret", "ConfigMap"}})
	b.AddGap(Gap{Subject: "bad.yaml", Position: Position{File: "bad.yaml", Line: 4, Column: 2}, Reason: "broken"})
	return b.Snapshot()
}

func encodeSnapshot(t testing.TB, s *Snapshot) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteSnapshot(&out, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSnapshotRoundTrip(t *testing.T) {
	want := shop(t)
	encoded := encodeSnapshot(t, want)
	got, err := ReadSnapshot(bytes.NewReader(encoded), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !bytes.Equal(encoded, encodeSnapshot(t, got)) {
		t.Error("reading and writing again changed the bytes")
	}
	if d := Compare(want, got); len(d.Added)+len(d.Removed)+len(d.Changed)+len(d.EdgesAdded)+len(d.EdgesRemoved) != 0 {
		t.Errorf("difference after a round trip: %+v", d)
	}
}

func TestReadSnapshotTruncated(t *testing.T) {
	encoded := encodeSnapshot(t, shop(t))
	for n := range encoded {
		if _, err := ReadSnapshot(bytes.NewReader(encoded[:n]), 1<<20); !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, errTruncated) {
			t.Errorf("the first %d of %d bytes: error %v", n, len(encoded), err)
		}
	}
}

func TestReadSnapshotRefuses(t *testing.T) {
	encoded := encodeSnapshot(t, shop(t))
	newer := bytes.Clone(encoded)
	newer[len(snapshotMagic)] = 9
	for name, test := range map[string]struct {
		bytes  []byte
		memory int64
		want   string
	}{
		"other file":  {[]byte("kind: Pod\nmetadata: {}\n"), 1 << 20, "not the binary form"},
		"new version": {newer, 1 << 20, "version 9, this program reads version 1"},
		"more behind": {append(bytes.Clone(encoded), 0), 1 << 20, "bytes after the end"},
		"memory":      {encoded, 1000, "larger than the limit"},
		"node count":  {[]byte(snapshotMagic + "\x01\xff\xff\xff\xff\x7f"), 1 << 20, "unexpected EOF"},
		"string":      {[]byte(snapshotMagic + "\x01\x01\x01\xff\xff\xff\xff\x7f"), 1 << 20, "larger than the limit"},
		"string number": {
			[]byte(snapshotMagic + "\x01\x01\x02"), 1 << 20, "unknown string number",
		},
		"document number": {
			[]byte(snapshotMagic + "\x01\x01\x00\x00\x00\x00\x02\x00"), 1 << 20, "unknown document number",
		},
		"value outside": {
			[]byte(snapshotMagic + "\x01\x01\x00\x00\x00\x00\x01\x03\x00\x00\x00\x00"), 1 << 20, "outside its document",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadSnapshot(bytes.NewReader(test.bytes), test.memory)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestWriteSnapshotReportsFailedWriter(t *testing.T) {
	full := errors.New("disk full")
	err := WriteSnapshot(failingWriter{full}, shop(t))
	if !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func FuzzReadSnapshot(f *testing.F) {
	f.Add(encodeSnapshot(f, shop(f)))
	f.Add([]byte(snapshotMagic + "\x01\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := ReadSnapshot(bytes.NewReader(src), 1<<22)
		if err != nil {
			return
		}
		for n := range s.Nodes() {
			walk(t, n.Object)
			_ = n.Object.Path()
		}
		again, err := ReadSnapshot(bytes.NewReader(encodeSnapshot(t, s)), 1<<24)
		if err != nil {
			t.Fatalf("own bytes refused: %v", err)
		}
		if again.Len() != s.Len() {
			t.Fatalf("%d nodes became %d", s.Len(), again.Len())
		}
	})
}

func BenchmarkDecodeDocument(b *testing.B) {
	d := buildDocument(b, func(builder *DocumentBuilder) {
		builder.OpenList("", Position{})
		for range 20 {
			podLike(builder)
		}
		builder.Close()
	})
	encoded := AppendDocument(nil, d)
	b.ReportMetric(float64(len(encoded))/float64(d.Len()), "B/value")
	b.SetBytes(int64(d.Len() * costOfValue))
	for b.Loop() {
		if _, _, err := DecodeDocument(encoded); err != nil {
			b.Fatal(err)
		}
	}
}
