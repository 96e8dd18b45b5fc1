package filelock_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/foilsec/foil/test/cluster/filelock"
)

func TestSecondWaitsForFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := filelock.Acquire(t.Context(), path, nil)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("SKIPPED: no file locks on this system")
	}
	if err != nil {
		t.Fatal(err)
	}
	waits := 0
	second, err := filelock.Acquire(t.Context(), path, func() {
		waits++
		first.Release()
	})
	if err != nil {
		t.Fatal(err)
	}
	second.Release()
	if waits != 1 {
		t.Errorf("the second was told %d times that it waits, want once", waits)
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := filelock.Acquire(t.Context(), path, nil)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("SKIPPED: no file locks on this system")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer first.Release()
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := filelock.Acquire(ctx, path, cancel); !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
}
