package cache

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestFolder(t *testing.T) {
	f, err := Open(filepath.Join(t.TempDir(), "new", "cache"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := f.Get("a"); ok {
		t.Error("an empty cache gives a value")
	}
	f.Put("a", []byte("one"))
	f.Put("../../a", []byte("two"))
	f.Put("a", []byte("three"))
	for key, want := range map[string]string{"a": "three", "../../a": "two"} {
		if got, ok := f.Get(key); !ok || !bytes.Equal(got, []byte(want)) {
			t.Errorf("Get(%q) = %q, %t; want %q", key, got, ok, want)
		}
	}
	info, err := os.Stat(f.path("a"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("entry is %v (%v), want it private", info.Mode(), err)
	}
}

func TestSweepDeletesWhatIsUnused(t *testing.T) {
	f, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f.Put("old", nil)
	f.Put("new", nil)
	long := time.Now().Add(-2 * maxAge)
	if err := os.Chtimes(f.path("old"), long, long); err != nil {
		t.Fatal(err)
	}
	f.Sweep(time.Now())
	if _, ok := f.Get("old"); ok {
		t.Error("an entry that nobody used for two months is still there")
	}
	if _, ok := f.Get("new"); !ok {
		t.Error("a new entry is gone")
	}
}

func TestOpenSaysWhatFailed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "cache")); err == nil {
		t.Error("a cache below a file opens")
	}
}
