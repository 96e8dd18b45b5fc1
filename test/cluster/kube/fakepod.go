package kube

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"time"
)

const podsPath = "/api/v1/pods"

// RunFakePods does for pods on fake nodes what a kubelet would make visible:
// scheduled pods become running and get an address, deleted ones go away. It
// blocks until the context ends. Failures are told as progress and tried
// again, as a kubelet does: the API server may be restarting.
func (c *Cluster) RunFakePods(ctx context.Context) {
	f := fakeKubelet{api: c.api, nodes: map[string]string{}, addresses: map[netip.Addr]string{}}
	told := ""
	for {
		err := f.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		// The server closes every watch after a while, which is no failure.
		if err != nil && !errors.Is(err, io.EOF) && err.Error() != told {
			told = err.Error()
			fmt.Fprintf(c.options.Progress, "run the pods of fake nodes: %v\n", err)
		}
		select {
		case <-time.After(500 * time.Millisecond):
		case <-ctx.Done():
			return
		}
	}
}

// fakeKubelet stands for the kubelets of all fake nodes.
type fakeKubelet struct {
	api *api
	// nodes holds the address of each fake node, and an empty string for each
	// node that is none of ours.
	nodes map[string]string
	// addresses holds which pod has an address.
	addresses map[netip.Addr]string
}

// follow handles all pods that exist, then every change until the server
// closes the stream.
func (f *fakeKubelet) follow(ctx context.Context) error {
	var list struct {
		Metadata metadata    `json:"metadata"`
		Items    []podObject `json:"items"`
	}
	if err := f.api.get(ctx, podsPath, &list); err != nil {
		return err
	}
	clear(f.addresses)
	for _, pod := range list.Items {
		f.learn(pod)
	}
	for _, pod := range list.Items {
		if err := f.settle(ctx, pod); err != nil {
			return err
		}
	}
	stream, err := f.api.open(ctx, http.MethodGet, podsPath+"?watch=1&resourceVersion="+list.Metadata.ResourceVersion, "", nil)
	if err != nil {
		return err
	}
	defer stream.Close()
	return f.watch(ctx, stream)
}

func (f *fakeKubelet) watch(ctx context.Context, stream io.Reader) error {
	events := json.NewDecoder(stream)
	for {
		var event struct {
			Type   string          `json:"type"`
			Object json.RawMessage `json:"object"`
		}
		if err := events.Decode(&event); err != nil {
			return err
		}
		if event.Type == "ERROR" {
			// The watch fell too far behind; all pods are listed again.
			return nil
		}
		var pod podObject
		if err := json.Unmarshal(event.Object, &pod); err != nil {
			return fmt.Errorf("read a changed pod: %w", err)
		}
		if event.Type == "DELETED" {
			f.forget(pod)
			continue
		}
		f.learn(pod)
		if err := f.settle(ctx, pod); err != nil {
			return err
		}
	}
}

// learn remembers the address of a pod, whoever gave it.
func (f *fakeKubelet) learn(pod podObject) {
	if a, err := netip.ParseAddr(pod.Status.PodIP); err == nil && !pod.Spec.HostNetwork {
		f.addresses[a] = pod.Metadata.UID
	}
}

func (f *fakeKubelet) forget(pod podObject) {
	if a, err := netip.ParseAddr(pod.Status.PodIP); err == nil && f.addresses[a] == pod.Metadata.UID {
		delete(f.addresses, a)
	}
}

// settle brings one pod to where a kubelet would have brought it by now.
func (f *fakeKubelet) settle(ctx context.Context, pod podObject) error {
	host, err := f.hostAddress(ctx, pod.Spec.NodeName)
	if err != nil || host == "" {
		return err
	}
	path := "/api/v1/namespaces/" + pod.Metadata.Namespace + "/pods/" + pod.Metadata.Name
	switch {
	case pod.Metadata.DeletionTimestamp != nil:
		err = f.api.call(ctx, http.MethodDelete, path, jsonBody, map[string]any{
			"gracePeriodSeconds": 0, "preconditions": map[string]string{"uid": pod.Metadata.UID},
		}, nil)
	case pod.Status.Phase == "Pending":
		// The uid makes the patch fail when another pod has the name by now.
		err = f.api.call(ctx, http.MethodPatch, path+"/status", mergePatch, map[string]any{
			"metadata": map[string]string{"uid": pod.Metadata.UID}, "status": f.runningStatus(pod, host),
		}, nil)
	}
	var status *statusError
	if errors.As(err, &status) && (status.code == http.StatusNotFound || status.code == http.StatusConflict) {
		return nil
	}
	return err
}

// hostAddress returns the address of a fake node, empty for any other node and
// for pods that have none yet.
func (f *fakeKubelet) hostAddress(ctx context.Context, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if address, known := f.nodes[name]; known {
		return address, nil
	}
	var n nodeObject
	if err := f.api.get(ctx, nodesPath+"/"+name, &n); err != nil {
		var status *statusError
		if errors.As(err, &status) && status.code == http.StatusNotFound {
			return "", nil
		}
		return "", err
	}
	address := ""
	if n.Metadata.Labels[FakeNodeLabel] != "" && len(n.Status.Addresses) > 0 {
		address = n.Status.Addresses[0].Address
	}
	f.nodes[name] = address
	return address, nil
}

// address gives a pod an address that no other pod has.
func (f *fakeKubelet) address(pod podObject) string {
	a := fakeAddress("pod", pod.Metadata.UID)
	for f.addresses[a] != "" && f.addresses[a] != pod.Metadata.UID {
		a = fakeAddress("pod", a.String())
	}
	f.addresses[a] = pod.Metadata.UID
	return a.String()
}

// fakeAddress derives an address from a name: pods are in 10.128.0.0/9, nodes
// in 172.16.0.0/12. Neither is routed anywhere.
func fakeAddress(kind, name string) netip.Addr {
	sum := sha256.Sum256([]byte(kind + "/" + name))
	bits := binary.BigEndian.Uint32(sum[:4])
	base, mask := uint32(10<<24|128<<16), uint32(1<<23-1)
	if kind == "node" {
		base, mask = uint32(172<<24|16<<16), uint32(1<<20-1)
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], base|bits&mask)
	return netip.AddrFrom4(b)
}

// fakeID makes what looks like the digest of a container or an image.
func fakeID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}
