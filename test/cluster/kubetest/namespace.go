package kubetest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/foilsec/foil/test/cluster/kube"
)

// maxName leaves room for the random end of a namespace's name.
const maxName = 40

// Namespace makes a namespace for one test and removes it when the test ends.
// It is ready for pods when the function returns.
func Namespace(t testing.TB, c *kube.Cluster) string {
	t.Helper()
	name := namespaceName(t.Name())
	if err := c.CreateNamespace(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// Whether it is gone yet does not matter to anybody: no name is used twice.
		_, err := c.Kubectl(context.Background(), "delete", "namespace", name, "--wait=false")
		if err != nil {
			t.Errorf("remove the test's namespace: %v", err)
		}
	})
	return name
}

// namespaceName turns a test's name into one that Kubernetes accepts and that
// nobody else has.
func namespaceName(test string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(test))
	if len(clean) > maxName {
		clean = clean[:maxName]
	}
	return strings.Trim(clean, "-") + "-" + strings.ToLower(rand.Text()[:8])
}
