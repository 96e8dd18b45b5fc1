package version

import (
	"errors"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// TestDebianAgreesWithDpkg asks the program itself.
func TestDebianAgreesWithDpkg(t *testing.T) {
	dpkg, err := exec.LookPath("dpkg")
	if err != nil {
		t.Skipf("SKIPPED: no dpkg on this machine to compare with: %v", err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 150 {
		a := "1" + randomVersion(r)
		b := "1" + near(r, a[1:])
		got, err := Debian(a, b)
		want, ok := askDpkg(t, dpkg, a, b)
		switch {
		case (err == nil) != ok:
			t.Errorf("%q and %q: error %v, dpkg can read them: %t", a, b, err, ok)
		case ok && got != want:
			t.Errorf("%q and %q: got %d, dpkg says %d", a, b, got, want)
		}
	}
}

// askDpkg returns what dpkg says of two versions, false if it can't read them.
func askDpkg(t *testing.T, dpkg, a, b string) (int, bool) {
	t.Helper()
	holds := func(relation string) (bool, bool) {
		output, err := exec.Command(dpkg, "--compare-versions", a, relation, b).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return err == nil, !strings.Contains(string(output), "error:")
	}
	older, ok := holds("lt")
	if older || !ok {
		return -1, ok
	}
	if same, _ := holds("eq"); same {
		return 0, true
	}
	return 1, true
}
