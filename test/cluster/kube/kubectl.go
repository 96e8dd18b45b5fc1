package kube

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
)

// Kubectl runs kubectl as administrator and returns its standard output. The
// error of a failure carries what kubectl said.
func (c *Cluster) Kubectl(ctx context.Context, args ...string) (string, error) {
	return c.kubectl(ctx, nil, args...)
}

// Apply creates or updates the objects of a manifest.
func (c *Cluster) Apply(ctx context.Context, manifest string) error {
	_, err := c.kubectl(ctx, strings.NewReader(manifest), "apply", "-f", "-")
	return err
}

func (c *Cluster) kubectl(ctx context.Context, input io.Reader, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, c.KubectlPath(), append([]string{"--kubeconfig=" + c.Kubeconfig()}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = input, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.String(), nil
}

// CreateNamespace makes a namespace and waits until pods can be made in it.
func (c *Cluster) CreateNamespace(ctx context.Context, name string) error {
	object := map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]string{"name": name}}
	if err := c.api.call(ctx, http.MethodPost, "/api/v1/namespaces", jsonBody, object, nil); err != nil {
		return fmt.Errorf("make the namespace %s: %w", name, err)
	}
	return c.waitForAccount(ctx, name)
}

// waitForAccount waits for the account that pods of a namespace use; pods are
// refused until the controller manager has made it.
func (c *Cluster) waitForAccount(ctx context.Context, namespace string) error {
	err := poll(ctx, func(ctx context.Context) error {
		return c.api.get(ctx, "/api/v1/namespaces/"+namespace+"/serviceaccounts/default", nil)
	})
	if err != nil {
		return fmt.Errorf("wait for the default service account of namespace %s: %w", namespace, err)
	}
	return nil
}
