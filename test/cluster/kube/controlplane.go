package kube

import (
	"context"
	"fmt"
	"net"
	"path/filepath"

	"github.com/foilsec/foil/test/cluster/machine"
	"github.com/foilsec/foil/test/cluster/process"
)

const (
	serviceRange = "10.96.0.0/16"
	// apiService is the first address of the range; it always belongs to the
	// API server.
	apiService = "10.96.0.1"
)

func (c *Cluster) startControlPlane(ctx context.Context) error {
	if err := c.startEtcd(ctx); err != nil {
		return err
	}
	if err := c.startAPIServer(ctx); err != nil {
		return err
	}
	if err := c.startControllerManager(ctx); err != nil {
		return err
	}
	if err := c.startScheduler(ctx); err != nil {
		return err
	}
	return c.waitForAccount(ctx, "default")
}

func (c *Cluster) startEtcd(ctx context.Context) error {
	path, err := machine.Find("etcd")
	if err != nil {
		return err
	}
	client, peer := localURL("http", c.state.Ports.Etcd), localURL("http", c.state.Ports.EtcdPeer)
	cmd := process.Command{Name: "etcd", Path: path, Args: []string{
		"--name=test",
		"--data-dir=" + filepath.Join(c.dir, "etcd"),
		// The data of a test need not survive a power cut.
		"--unsafe-no-fsync",
		"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer,
		"--initial-cluster=test=" + peer,
	}}
	return c.launch(ctx, cmd, healthy(client+"/health"))
}

func (c *Cluster) startAPIServer(ctx context.Context) error {
	args := []string{
		"--etcd-servers=" + localURL("http", c.state.Ports.Etcd),
		"--secure-port=" + fmt.Sprint(c.state.Ports.APIServer),
		"--bind-address=" + c.apiHost(),
		"--advertise-address=" + c.advertisedAddress(),
		"--client-ca-file=" + c.key("ca.crt"),
		"--tls-cert-file=" + c.key("apiserver.crt"), "--tls-private-key-file=" + c.key("apiserver.key"),
		"--service-account-key-file=" + c.key("serviceaccount.crt"),
		"--service-account-signing-key-file=" + c.key("serviceaccount.key"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--authorization-mode=Node,RBAC",
		"--service-cluster-ip-range=" + serviceRange,
		"--allow-privileged=true",
		// The kubelet is reached by its address: no name of it resolves.
		"--kubelet-preferred-address-types=InternalIP",
		"--kubelet-certificate-authority=" + c.key("ca.crt"),
		"--kubelet-client-certificate=" + c.key("apiserver-kubelet.crt"),
		"--kubelet-client-key=" + c.key("apiserver-kubelet.key"),
	}
	audit, err := c.auditFlags()
	if err != nil {
		return err
	}
	args = append(append(args, audit...), c.options.APIServerFlags...)
	if err := c.connect(); err != nil {
		return err
	}
	return c.launchProgram(ctx, "kube-apiserver", args, func(ctx context.Context) error {
		return c.api.get(ctx, "/readyz", nil)
	})
}

func (c *Cluster) startControllerManager(ctx context.Context) error {
	args := append(c.clientFlags("kube-controller-manager", c.state.Ports.ControllerManager),
		// Without its own accounts it lacks rights and creates nothing.
		"--use-service-account-credentials=true",
		"--service-account-private-key-file="+c.key("serviceaccount.key"),
		"--root-ca-file="+c.key("ca.crt"),
		"--cluster-signing-cert-file="+c.key("ca.crt"), "--cluster-signing-key-file="+c.key("ca.key"),
		// Fake nodes have nobody who reports that they are alive.
		"--node-monitor-grace-period=24h",
		"--kube-api-qps=200", "--kube-api-burst=400",
	)
	args = append(args, c.options.ControllerManagerFlags...)
	return c.launchProgram(ctx, "kube-controller-manager", args, healthy(localURL("https", c.state.Ports.ControllerManager)+"/healthz"))
}

func (c *Cluster) startScheduler(ctx context.Context) error {
	args := append(c.clientFlags("kube-scheduler", c.state.Ports.Scheduler),
		"--kube-api-qps=200", "--kube-api-burst=400")
	return c.launchProgram(ctx, "kube-scheduler", args, healthy(localURL("https", c.state.Ports.Scheduler)+"/healthz"))
}

// clientFlags are what the programs that talk to the API server share.
func (c *Cluster) clientFlags(name string, port int) []string {
	config := c.kubeconfigOf(name)
	return []string{
		"--kubeconfig=" + config, "--authentication-kubeconfig=" + config, "--authorization-kubeconfig=" + config,
		"--bind-address=" + loopback, "--secure-port=" + fmt.Sprint(port),
		// There is one of each; with election on, a lost lease ends the program.
		"--leader-elect=false",
	}
}

func (c *Cluster) launchProgram(ctx context.Context, name string, args []string, ready func(context.Context) error) error {
	return c.launch(ctx, process.Command{Name: name, Path: filepath.Join(c.programs, name), Args: args}, ready)
}

// advertisedAddress is what the endpoints of the API server's service show.
// Kubernetes refuses loopback there, so without a node it is an address that
// the server does not listen on; a machine without any gets loopback, which
// only costs an error in the log.
func (c *Cluster) advertisedAddress() string {
	if c.state.Node {
		return c.apiHost()
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return loopback
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return n.IP.String()
		}
	}
	return loopback
}

func localURL(scheme string, port int) string {
	return fmt.Sprintf("%s://%s:%d", scheme, loopback, port)
}
