package harden_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/image/harden/stage"
)

// TestMain lets the test binary be the stage, as foil is.
func TestMain(m *testing.M) {
	if slices.Equal(os.Args[1:], stage.Arguments()) {
		if err := stage.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
