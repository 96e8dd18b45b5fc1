// Package binaries builds the Kubernetes programs of the test cluster from
// their Go modules and keeps them in the user's cache folder, keyed by
// version.
//
// The programs come from the nested module test/cluster/kubernetes, so that
// the product's go.mod stays clean. Nothing is downloaded but Go modules.
package binaries

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/foilsec/foil/test/cluster/filelock"
)

// Version is the Kubernetes version that the nested module requires. A test
// holds the two equal; it is a constant so that cached programs are found
// without the sources.
const Version = "v1.36.3"

// ControlPlane lists the programs that a cluster without a node needs.
func ControlPlane() []string {
	return []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"}
}

// Node lists the programs that a cluster with a node needs.
func Node() []string { return append(ControlPlane(), "kubelet") }

// Base returns the folder that everything of the test clusters is kept in,
// and makes it.
func Base() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder: %w; set XDG_CACHE_HOME", err)
	}
	base := filepath.Join(cache, "foil-test-cluster")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return "", fmt.Errorf("make the cache folder: %w", err)
	}
	return base, nil
}

// Folder returns the folder of this version's programs below the base folder.
func Folder(base string) string {
	return filepath.Join(base, "bin", Version+"-"+runtime.GOOS+"-"+runtime.GOARCH)
}

// Ensure returns the folder that holds the named programs. It builds those
// that are absent, one builder at a time on a machine; others wait for it.
func Ensure(ctx context.Context, out io.Writer, names []string) (string, error) {
	base, err := Base()
	if err != nil {
		return "", err
	}
	folder := Folder(base)
	if len(absent(folder, names)) == 0 {
		return folder, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make the folder for the Kubernetes programs: %w", err)
	}
	lock, err := filelock.Acquire(ctx, filepath.Join(folder, "lock"), func() {
		fmt.Fprintln(out, "another process is building Kubernetes, waiting for it")
	})
	if err != nil {
		return "", err
	}
	defer lock.Release()
	// The builder that was waited for may have done the work.
	if missing := absent(folder, names); len(missing) > 0 {
		return folder, build(ctx, out, folder, missing)
	}
	return folder, nil
}

func absent(folder string, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := os.Stat(filepath.Join(folder, name))
		return !errors.Is(err, os.ErrNotExist)
	})
}
