package rust_test

import (
	"bytes"
	"compress/zlib"
	"debug/elf"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog/catalogtest"
	"github.com/foilsec/foil/internal/source/image/catalog/rust"
)

const list = `{"packages":[
 {"name":"shop","version":"0.1.0","source":"local","root":true,"dependencies":[1]},
 {"name":"smallvec","version":"0.6.9","source":"crates.io"},
 {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"},
 {"name":"fork","version":"1.0.0","source":"git"}]}`

func packed(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// program makes a program that has a section and nothing to run.
func program(t testing.TB, content []byte) []byte {
	t.Helper()
	const names = "\x00.dep-v0\x00.shstrtab\x00"
	var b bytes.Buffer
	write := func(v any) {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	start := uint64(64 + 3*64)
	write(elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_DYN), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT), Ehsize: 64, Shoff: 64, Shentsize: 64, Shnum: 3, Shstrndx: 2,
	})
	write(elf.Section64{})
	write(elf.Section64{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: start, Size: uint64(len(content))})
	write(elf.Section64{Name: 9, Type: uint32(elf.SHT_STRTAB), Off: start + uint64(len(content)), Size: uint64(len(names))})
	b.Write(content)
	b.WriteString(names)
	b.Write(make([]byte, 100<<10)) // as large as programs are
	return b.Bytes()
}

func TestProgram(t *testing.T) {
	for _, path := range []string{"usr/local/bin/shop", "opt/venv/lib/python3.11/site-packages/x/_rust.abi3.so"} {
		found := catalogtest.Read(t, rust.Reader(), catalogtest.Program(path, program(t, packed(t, list))))
		var got []string
		for _, p := range found.Packages {
			got = append(got, p.PURL+" "+p.Ecosystem)
		}
		want := "pkg:cargo/shop@0.1.0 |pkg:cargo/smallvec@0.6.9 crates.io|pkg:cargo/fork@1.0.0 "
		if strings.Join(got, "|") != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestDamage(t *testing.T) {
	bomb := `{"packages":[` + strings.Repeat(`{"name":"a","version":"1"},`, 3<<20)
	for name, content := range map[string][]byte{"no compression": []byte("x"), "no list": packed(t, "["), "too much": packed(t, bomb)} {
		if _, err := rust.Reader().Read(t.Context(), catalogtest.Program("x", program(t, content))); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	found, err := rust.Reader().Read(t.Context(), catalogtest.Program("x", []byte("\x7fELF and nothing")))
	if err != nil || len(found.Packages) > 0 {
		t.Errorf("what is no program: %+v, %v", found, err)
	}
}

func FuzzProgram(f *testing.F) {
	f.Add(program(f, packed(f, list))[:600])
	f.Fuzz(func(t *testing.T, content []byte) {
		found, _ := rust.Reader().Read(t.Context(), catalogtest.Program("x", content))
		for _, p := range found.Packages {
			if p.Name == "" || p.Version == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}
