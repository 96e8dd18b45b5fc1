package gobinary

import (
	"bytes"
	"testing"
)

func FuzzSymbols(f *testing.F) {
	f.Add([]byte("\x7fELF"), "main.main")
	f.Add(append(make([]byte, 72), 'a', '.', 'b', 0), "a[b].(*c.d-fm")
	f.Add([]byte("MZ"), ".00")
	f.Fuzz(func(t *testing.T, content []byte, name string) {
		path, function := Split(name)
		if path == "" && function != "" {
			t.Fatalf("%q: a function without a package", name)
		}
		_ = Enclosing(function)
		_, _ = Symbols(bytes.NewReader(content), "")
		for _, head := range []string{"\xf1\xff\xff\xff\x00\x00\x01\x08", "\xff\xff\xff\xfa\x00\x00\x04\x04"} {
			table := append([]byte(head), content...)
			s := span{0, int64(len(table)) * 2}
			for offset := range tableHeads(bytes.NewReader(table), s) {
				if names, err := namesAt(bytes.NewReader(table), s, offset); err == nil && len(names) > len(table) {
					t.Fatalf("%d bytes of names in %d", len(names), len(table))
				}
			}
		}
	})
}

func TestLyingSize(t *testing.T) {
	head := append([]byte("\xf1\xff\xff\xff\x00\x00\x01\x08"), make([]byte, 72)...)
	head[8+3*8] = 80  // names begin
	head[8+4*8+3] = 1 // and end 16 MB later
	if _, err := namesAt(bytes.NewReader(head), span{0, 1 << 40}, 0); err == nil {
		t.Error("names that are not there were read")
	}
}
