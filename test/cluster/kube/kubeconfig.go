package kube

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/test/cluster/pki"
)

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: test
  cluster:
    server: %s
    certificate-authority-data: %s
users:
- name: %q
  user:
    client-certificate-data: %s
    client-key-data: %s
contexts:
- name: test
  context: {cluster: test, user: %[3]q}
current-context: test
`

// UserKubeconfig returns the path of a new kubeconfig file for any user and
// groups, for tests of what somebody with few rights sees. The user has the
// rights that the cluster's role bindings give to the names.
func (c *Cluster) UserKubeconfig(user string, groups ...string) (string, error) {
	authority, err := c.authority()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(c.dir, "users")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of users: %w", err)
	}
	f, err := os.CreateTemp(folder, "*.kubeconfig")
	if err != nil {
		return "", fmt.Errorf("make the kubeconfig of %s: %w", user, err)
	}
	f.Close()
	return f.Name(), c.writeKubeconfig(authority, f.Name(), user, groups...)
}

func (c *Cluster) writeKubeconfig(authority *pki.Authority, path, user string, groups ...string) error {
	pair, err := authority.Client(user, groups...)
	if err != nil {
		return err
	}
	encode := base64.StdEncoding.EncodeToString
	content := fmt.Sprintf(kubeconfig, c.serverURL(), encode(authority.Certificate()), user, encode(pair.Certificate), encode(pair.Key))
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return fmt.Errorf("write the kubeconfig of %s: %w", user, err)
	}
	return nil
}
