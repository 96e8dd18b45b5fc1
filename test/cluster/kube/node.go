package kube

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/foilsec/foil/test/cluster/node"
)

func nodeFolder(dir string) string { return filepath.Join(dir, "node") }

// claimNetwork takes a pod network before anything else, because the API
// server listens on its address.
func (c *Cluster) claimNetwork(ctx context.Context) error {
	if !c.state.Node {
		return nil
	}
	network, err := node.ClaimNetwork(ctx, c.state.Network.Number)
	if err != nil {
		return err
	}
	c.state.Network, c.state.Claimed = network, true
	if err := c.state.write(c.dir); err != nil {
		return err
	}
	return node.RememberParameters(ctx)
}

func (c *Cluster) startNode(ctx context.Context) error {
	if !c.state.Node {
		return nil
	}
	layout, err := node.NewLayout(nodeFolder(c.dir))
	if err != nil {
		return err
	}
	if err := c.state.Network.LeadToAPIServer(ctx, apiService, c.state.Ports.APIServer); err != nil {
		return err
	}
	if err := c.startContainerd(ctx, layout); err != nil {
		return err
	}
	return c.startKubelet(ctx, layout)
}

func (c *Cluster) startContainerd(ctx context.Context, layout node.Layout) error {
	command, err := node.Containerd(layout, c.state.Network)
	if err != nil {
		return err
	}
	ready := func(ctx context.Context) error { return node.ContainerdReady(ctx, layout) }
	if err := c.launch(ctx, command, ready); err != nil {
		return err
	}
	images, err := node.StockImages(ctx, layout)
	if err != nil {
		return err
	}
	for _, image := range images {
		if err := c.LoadImage(ctx, image); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) startKubelet(ctx context.Context, layout node.Layout) error {
	command, err := node.Kubelet{
		Program:            filepath.Join(c.programs, "kubelet"),
		Kubeconfig:         c.kubeconfigOf("kubelet"),
		ServingCertificate: c.key("kubelet.crt"), ServingKey: c.key("kubelet.key"), ClientAuthority: c.key("ca.crt"),
		Port: c.state.Ports.Kubelet, HealthPort: c.state.Ports.KubeletHealth,
	}.Command(layout, c.state.Network)
	if err != nil {
		return err
	}
	// A restarted cluster still shows the node as it was; what the kubelet
	// says now is newer than this moment. The API counts in whole seconds.
	began := time.Now().Truncate(time.Second)
	return c.launch(ctx, command, func(ctx context.Context) error { return c.nodeReady(ctx, began) })
}

// nodeReady fails until pods can be scheduled to the real node.
func (c *Cluster) nodeReady(ctx context.Context, since time.Time) error {
	var n nodeObject
	if err := c.api.get(ctx, nodesPath+"/"+node.Name, &n); err != nil {
		return err
	}
	if len(n.Spec.Taints) > 0 {
		return fmt.Errorf("node %s still has %d taints", node.Name, len(n.Spec.Taints))
	}
	for _, condition := range n.Status.Conditions {
		if condition.Type == "Ready" && condition.Status == "True" && !condition.LastHeartbeatTime.Before(since) {
			return nil
		}
	}
	return fmt.Errorf("node %s is not ready", node.Name)
}

// LoadImage makes an image available to the real node.
func (c *Cluster) LoadImage(ctx context.Context, image node.Image) error {
	archive, w := io.Pipe()
	// The import ends early when it fails; closing the reader then ends the
	// writer.
	defer archive.Close()
	go func() { w.CloseWithError(image.Archive(w)) }()
	return c.LoadArchive(ctx, archive)
}

// LoadArchive makes the images of an archive, as `docker save` writes it,
// available to the real node.
func (c *Cluster) LoadArchive(ctx context.Context, archive io.Reader) error {
	if !c.state.Node {
		return errors.New("load an image: the cluster has no real node; start it with one")
	}
	layout, err := node.NewLayout(nodeFolder(c.dir))
	if err != nil {
		return err
	}
	return node.LoadImage(ctx, layout, archive)
}
