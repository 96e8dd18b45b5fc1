package kubetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/machine"
)

// recorder notes how a test was ended. Skip and Fatal end the goroutine, as
// those of a real test do.
type recorder struct {
	testing.TB
	skipped, failed string
}

func (r *recorder) Helper() {}

func (r *recorder) Skipf(format string, args ...any) {
	r.skipped = fmt.Sprintf(format, args...)
	panic(r)
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failed = fmt.Sprintf(format, args...)
	panic(r)
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%v", args...) }

func end(err error) (r *recorder) {
	r = &recorder{}
	defer func() {
		if recovered := recover(); recovered != r {
			panic(recovered)
		}
	}()
	giveUp(r, err)
	return r
}

func TestWhatTheMachineLacksSkips(t *testing.T) {
	lacking := &machine.Missing{What: "no etcd", Help: "install it"}
	t.Setenv(RequireVariable, "")
	if r := end(errors.Join(errors.New("start"), lacking)); !strings.Contains(r.skipped, "no etcd; install it") {
		t.Errorf("skipped with %q, failed with %q", r.skipped, r.failed)
	}
	if r := end(errors.New("etcd crashed")); !strings.Contains(r.failed, "etcd crashed") {
		t.Errorf("skipped with %q, failed with %q", r.skipped, r.failed)
	}
	t.Setenv(RequireVariable, "1")
	if r := end(lacking); !strings.Contains(r.failed, "no etcd") {
		t.Errorf("with %s, skipped with %q, failed with %q", RequireVariable, r.skipped, r.failed)
	}
}

func TestNamespaceNames(t *testing.T) {
	for _, test := range []string{"TestA", "TestA/with spaces_and#signs", "Test" + strings.Repeat("Long", 40)} {
		name := namespaceName(test)
		if len(name) > 63 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(name, "-") {
			t.Errorf("%s gives the namespace %q", test, name)
		}
		if name == namespaceName(test) {
			t.Errorf("%s gives the same namespace twice", test)
		}
	}
}

// The code of a test run is passed on, and a cluster that nobody asked for is
// neither started nor stopped.
func TestRunPassesTheCodeOn(t *testing.T) {
	if code := Share(kube.Options{}).Run(runner(3)); code != 3 {
		t.Errorf("code %d, want 3", code)
	}
}

type runner int

func (r runner) Run() int { return int(r) }
