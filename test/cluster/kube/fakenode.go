package kube

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"time"
)

const (
	nodesPath = "/api/v1/nodes"
	// FakeNodeLabel marks nodes that exist as objects only.
	FakeNodeLabel = "foil.test/fake-node"
)

// startFakeNodes makes the fake nodes and, unless the cluster outlives this
// process, shows their pods as running until Stop.
func (c *Cluster) startFakeNodes(ctx context.Context) error {
	for i := range c.options.FakeNodes {
		if err := c.AddFakeNode(ctx, fmt.Sprintf("fake-%d", i+1), nil); err != nil {
			return err
		}
	}
	if c.options.FakeNodes == 0 || c.options.Detached {
		return nil
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c.endBackground = cancel
	c.background.Go(func() { c.RunFakePods(running) })
	return nil
}

// AddFakeNode makes a node that no kubelet stands behind: the scheduler gives
// it pods, and RunFakePods shows them as running. A node that exists is
// updated.
func (c *Cluster) AddFakeNode(ctx context.Context, name string, labels map[string]string) error {
	all := map[string]string{
		FakeNodeLabel: "true", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": runtime.GOARCH,
	}
	for key, value := range labels {
		all[key] = value
	}
	object := map[string]any{"apiVersion": "v1", "kind": "Node", "metadata": map[string]any{"name": name, "labels": all}}
	err := c.api.call(ctx, http.MethodPost, nodesPath, jsonBody, object, nil)
	var status *statusError
	if err != nil && !(errors.As(err, &status) && status.code == http.StatusConflict) {
		return fmt.Errorf("make the fake node %s: %w", name, err)
	}
	path := nodesPath + "/" + name
	if err := c.api.call(ctx, http.MethodPatch, path+"/status", mergePatch, map[string]any{"status": c.fakeNodeStatus(name)}, nil); err != nil {
		return fmt.Errorf("make the fake node %s ready: %w", name, err)
	}
	// New nodes are tainted until a controller sees that they are ready.
	untainted := map[string]any{"spec": map[string]any{"taints": nil}}
	if err := c.api.call(ctx, http.MethodPatch, path, mergePatch, untainted, nil); err != nil {
		return fmt.Errorf("open the fake node %s to pods: %w", name, err)
	}
	return nil
}

func (c *Cluster) fakeNodeStatus(name string) map[string]any {
	now := time.Now().UTC().Format(time.RFC3339)
	resources := map[string]string{"cpu": "64", "memory": "256Gi", "ephemeral-storage": "1Ti", "pods": "2000"}
	return map[string]any{
		"capacity": resources, "allocatable": resources,
		"addresses": []any{
			map[string]string{"type": "InternalIP", "address": fakeAddress("node", name).String()},
			map[string]string{"type": "Hostname", "address": name},
		},
		"conditions": []any{map[string]string{
			"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "fake node",
			"lastHeartbeatTime": now, "lastTransitionTime": now,
		}},
		"nodeInfo": map[string]string{
			"kubeletVersion": c.state.Kubernetes, "kubeProxyVersion": c.state.Kubernetes, "operatingSystem": "linux",
			"architecture": runtime.GOARCH, "osImage": "fake", "kernelVersion": "6.1.0", "containerRuntimeVersion": "containerd://2.0.0",
			"machineID": name, "systemUUID": name, "bootID": name,
		},
	}
}
