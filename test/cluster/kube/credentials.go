package kube

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/test/cluster/node"
	"github.com/foilsec/foil/test/cluster/pki"
)

const (
	adminUser  = "admin"
	adminGroup = "system:masters"
)

// key returns the path of a certificate or key file.
func (c *Cluster) key(name string) string { return filepath.Join(c.dir, "pki", name) }

// kubeconfigOf returns the path of a program's own kubeconfig.
func (c *Cluster) kubeconfigOf(program string) string {
	return filepath.Join(c.dir, "pki", program+".kubeconfig")
}

func (c *Cluster) serverURL() string {
	return fmt.Sprintf("https://%s:%d", c.apiHost(), c.state.Ports.APIServer)
}

// writeCredentials keeps the authority and the service account keys that the
// folder has, so that a restarted cluster honours old tokens, and issues all
// else anew, because addresses may have changed.
func (c *Cluster) writeCredentials(context.Context) error {
	if err := os.MkdirAll(filepath.Join(c.dir, "pki"), 0o700); err != nil {
		return fmt.Errorf("make the folder of keys: %w", err)
	}
	if err := c.makeOnce("ca", func() (pki.Pair, error) {
		a, err := pki.NewAuthority("test cluster")
		if err != nil {
			return pki.Pair{}, err
		}
		return a.Pair(), nil
	}); err != nil {
		return err
	}
	if err := c.makeOnce("serviceaccount", pki.ServiceAccountKeys); err != nil {
		return err
	}
	authority, err := c.authority()
	if err != nil {
		return err
	}
	return errors.Join(c.writeServerKeys(authority), c.writeKubeconfigs(authority))
}

// makeOnce makes a pair unless the folder has it.
func (c *Cluster) makeOnce(name string, fresh func() (pki.Pair, error)) error {
	if _, err := os.Stat(c.key(name + ".key")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	pair, err := fresh()
	if err != nil {
		return err
	}
	return c.writePair(name, pair)
}

func (c *Cluster) writePair(name string, pair pki.Pair) error {
	return errors.Join(c.writeKey(name+".crt", pair.Certificate), c.writeKey(name+".key", pair.Key))
}

func (c *Cluster) writeKey(name string, content []byte) error {
	if err := os.WriteFile(c.key(name), content, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// authority reads the cluster's certificate authority.
func (c *Cluster) authority() (*pki.Authority, error) {
	certificate, err := os.ReadFile(c.key("ca.crt"))
	if err != nil {
		return nil, fmt.Errorf("read the cluster's certificate authority: %w", err)
	}
	key, err := os.ReadFile(c.key("ca.key"))
	if err != nil {
		return nil, fmt.Errorf("read the cluster's certificate authority: %w", err)
	}
	return pki.ParseAuthority(pki.Pair{Certificate: certificate, Key: key})
}

func (c *Cluster) writeServerKeys(authority *pki.Authority) error {
	server, err := authority.Server("kube-apiserver", []string{
		"localhost", loopback, c.apiHost(), c.advertisedAddress(), apiService,
		"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
	})
	if err != nil {
		return err
	}
	toKubelet, err := authority.Client("kube-apiserver-kubelet-client", adminGroup)
	if err != nil {
		return err
	}
	kubelet, err := authority.Server(node.Name, []string{node.Name, c.apiHost()})
	if err != nil {
		return err
	}
	return errors.Join(
		c.writePair("apiserver", server), c.writePair("apiserver-kubelet", toKubelet), c.writePair("kubelet", kubelet))
}

func (c *Cluster) writeKubeconfigs(authority *pki.Authority) error {
	return errors.Join(
		c.writeKubeconfig(authority, c.Kubeconfig(), adminUser, adminGroup),
		c.writeKubeconfig(authority, c.kubeconfigOf("kube-controller-manager"), "system:kube-controller-manager"),
		c.writeKubeconfig(authority, c.kubeconfigOf("kube-scheduler"), "system:kube-scheduler"),
		c.writeKubeconfig(authority, c.kubeconfigOf("kubelet"), "system:node:"+node.Name, "system:nodes"),
	)
}
