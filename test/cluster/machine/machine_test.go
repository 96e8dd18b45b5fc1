package machine

import (
	"slices"
	"strings"
	"testing"
)

func TestInstallArgumentsNameEachPackageOnce(t *testing.T) {
	got := installArguments(append(controlPlanePrograms(), nodePrograms()...))
	want := []string{"install", "-y", "--no-install-recommends", "etcd-server", "containerd", "runc", "busybox-static", "iproute2", "nftables", "gcc", "libc6-dev"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// On a machine with nothing, the error names every program and the one command
// that helps.
func TestMissingNamesTheCommand(t *testing.T) {
	err := missing([]program{{"etcd", "etcd-server", "keeps objects"}, {"ctr", "containerd", "imports images"}})
	want := "not installed: etcd (keeps objects), ctr (imports images); install it as root: " +
		"apt-get update && apt-get install -y --no-install-recommends etcd-server containerd"
	if err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

func TestFindLooksBesidePath(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find("no-such-program-anywhere"); err == nil || !strings.Contains(err.Error(), "no-such-program-anywhere is not installed") {
		t.Errorf("error: %v", err)
	}
	if !strings.HasSuffix(SearchPath(), "/usr/sbin:/sbin:/usr/local/sbin") {
		t.Errorf("search path: %s", SearchPath())
	}
}
