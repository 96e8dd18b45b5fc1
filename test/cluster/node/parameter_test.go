package node

import (
	"os"
	"path/filepath"
	"testing"
)

// Two nodes start, each kubelet changes a setting, and only the end of the
// last one puts it back.
func TestLastNodePutsSettingsBack(t *testing.T) {
	left := 2
	k := kernelParameters{root: t.TempDir(), folder: t.TempDir(), inUse: func() bool { return left > 0 }}
	set := func(value string) {
		t.Helper()
		for _, name := range k.names() {
			path := filepath.Join(k.root, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(value), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	require := func(want string) {
		t.Helper()
		for _, name := range k.names() {
			if got, err := os.ReadFile(filepath.Join(k.root, name)); err != nil || string(got) != want {
				t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
			}
		}
	}
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	set("7\n")
	step(k.remember(t.Context()))
	set("10\n")
	step(k.remember(t.Context()))
	left--
	step(k.restore(t.Context()))
	require("10\n")
	left--
	step(k.restore(t.Context()))
	require("7")

	// The next node remembers afresh.
	set("8")
	step(k.remember(t.Context()))
	set("10")
	step(k.restore(t.Context()))
	require("8")
	step(k.restore(t.Context()))
	require("8")
}
