package docs

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/kubetest"
)

// shared is the cluster of all blocks that want one.
var shared = kubetest.Share(kube.Options{FakeNodes: 1})

func TestMain(m *testing.M) {
	code := shared.Run(m)
	if folder, err := builtFoil(); err == nil {
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// builtFoil is the folder of a foil that was built for the tests.
var builtFoil = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "foil-docs")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-buildvcs=false", "-o", folder, "./cmd/foil") // no page shows a commit
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("build foil: %w\n%s", err, output), os.RemoveAll(folder))
	}
	return folder, nil
})

// newShell is a shell for the commands of one page. Nothing of the user's
// settings reaches them but the Go caches.
func newShell(t *testing.T, p *page, folder string) *shell {
	t.Helper()
	programs, err := builtFoil()
	if err != nil {
		t.Fatal(err)
	}
	locale := "C.UTF-8"
	if strings.HasSuffix(p.name, ".zh.md") {
		locale = "zh_CN.UTF-8"
	}
	goSettings, err := goEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	return &shell{folder: folder, environment: append([]string{
		"HOME=" + home, "PATH=" + programs + ":" + os.Getenv("PATH"), "LANG=" + locale, "COLUMNS=80",
		"KUBECONFIG=" + filepath.Join(home, "none"),
	}, goSettings...)}
}

// goEnvironment are the settings of the go command that commands of a page
// need to build from the caches.
var goEnvironment = sync.OnceValues(func() ([]string, error) {
	names := []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GOFLAGS", "GOSUMDB", "GOTOOLCHAIN"}
	output, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	values := strings.Split(string(output), "\n")
	settings := make([]string, len(names))
	for i, name := range names {
		settings[i] = name + "=" + values[i]
	}
	return settings, nil
})

// withCluster is the shell with a test cluster and its kubectl.
func (s *shell) withCluster(t *testing.T) *shell {
	t.Helper()
	cluster := shared.Cluster(t)
	path := "PATH=" + filepath.Dir(cluster.KubectlPath())
	environment := append([]string{}, s.environment...)
	for i, setting := range environment {
		if rest, ok := strings.CutPrefix(setting, "PATH="); ok {
			environment[i] = path + ":" + rest
		}
	}
	return &shell{s.folder, append(environment, "KUBECONFIG="+cluster.Kubeconfig())}
}
