package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	// maxNumber bounds how many nodes a machine can have side by side.
	maxNumber    = 200
	bridgePrefix = "foil-"
)

// Network is the pod network of one node: a bridge of its own and a subnet.
// The number that makes it unique also names the node's cgroup.
type Network struct {
	Number int `json:"number"`
}

// Bridge is the name of the network interface.
func (n Network) Bridge() string { return bridgePrefix + strconv.Itoa(n.Number) }

// Gateway is the machine's address on the bridge. The node uses it as its own
// address: the machine and its pods reach it, and no route leads other machines
// there.
func (n Network) Gateway() string { return fmt.Sprintf("10.244.%d.1", n.Number) }

// Subnet is where pods get their addresses from.
func (n Network) Subnet() string { return fmt.Sprintf("10.244.%d.0/24", n.Number) }

func (n Network) table() string { return "foil_" + strconv.Itoa(n.Number) }

// ClaimNetwork makes a bridge that no other cluster has, beginning with the
// preferred number. Making the interface is the claim: the kernel lets only
// one caller succeed.
func ClaimNetwork(ctx context.Context, preferred int) (Network, error) {
	for i := range maxNumber {
		n := Network{Number: (preferred + i) % maxNumber}
		if n.taken() {
			continue
		}
		if _, err := run(ctx, "ip", "link", "add", n.Bridge(), "type", "bridge"); err != nil {
			if n.taken() {
				continue
			}
			return Network{}, fmt.Errorf("make the bridge of the pod network: %w", err)
		}
		return n, n.configure(ctx)
	}
	return Network{}, fmt.Errorf("all %d pod networks are taken; stop clusters with: go run ./test/cluster down --dir DIR", maxNumber)
}

// taken reports whether the bridge, an address of the subnet or the cgroup is
// in use already.
func (n Network) taken() bool {
	if _, err := net.InterfaceByName(n.Bridge()); err == nil {
		return true
	}
	if n.cgroupExists() {
		return true
	}
	_, subnet, err := net.ParseCIDR(n.Subnet())
	if err != nil {
		return true
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range addresses {
		if ip, _, err := net.ParseCIDR(a.String()); err == nil && subnet.Contains(ip) {
			return true
		}
	}
	return false
}

func (n Network) configure(ctx context.Context) error {
	_, err := run(ctx, "ip", "address", "add", n.Gateway()+"/24", "dev", n.Bridge())
	if err == nil {
		_, err = run(ctx, "ip", "link", "set", n.Bridge(), "up")
	}
	if err != nil {
		return errors.Join(fmt.Errorf("set up the bridge %s: %w", n.Bridge(), err), n.Release(context.WithoutCancel(ctx)))
	}
	return nil
}

// LeadToAPIServer makes the API server's service address work inside pods.
// That is the only service a cluster without kube-proxy has to offer, and the
// one that every in-cluster client needs.
func (n Network) LeadToAPIServer(ctx context.Context, serviceAddress string, port int) error {
	rules := fmt.Sprintf(`table ip %[1]s
delete table ip %[1]s
table ip %[1]s {
	chain prerouting {
		type nat hook prerouting priority dstnat;
		iifname "%[2]s" ip daddr %[3]s tcp dport 443 dnat to %[4]s:%[5]d
	}
}
`, n.table(), n.Bridge(), serviceAddress, n.Gateway(), port)
	if _, err := runWithInput(ctx, strings.NewReader(rules), "nft", "-f", "-"); err != nil {
		return fmt.Errorf("lead pods to the API server: %w", err)
	}
	return nil
}

// Release removes the bridge and the rules; what is gone already is no error.
func (n Network) Release(ctx context.Context) error {
	var failures []error
	rules := fmt.Sprintf("table ip %[1]s\ndelete table ip %[1]s\n", n.table())
	if _, err := runWithInput(ctx, strings.NewReader(rules), "nft", "-f", "-"); err != nil {
		failures = append(failures, fmt.Errorf("remove the nftables table %s: %w", n.table(), err))
	}
	if _, err := net.InterfaceByName(n.Bridge()); err == nil {
		if _, err := run(ctx, "ip", "link", "delete", n.Bridge()); err != nil {
			failures = append(failures, fmt.Errorf("remove the bridge %s: %w", n.Bridge(), err))
		}
	}
	return errors.Join(failures...)
}

// writeCNI tells containerd how to connect pods: to the bridge, with an
// address from the subnet, all in the node's own folder.
func (n Network) writeCNI(l Layout) error {
	config := map[string]any{
		"cniVersion": "0.4.0",
		"name":       n.Bridge(),
		"plugins": []any{
			map[string]any{
				"type":             "bridge",
				"bridge":           n.Bridge(),
				"isGateway":        true,
				"isDefaultGateway": true,
				// A pod may reach its own service address.
				"hairpinMode": true,
				"ipam": map[string]any{
					"type":    "host-local",
					"subnet":  n.Subnet(),
					"gateway": n.Gateway(),
					"dataDir": l.cniLeases(),
				},
			},
			map[string]any{"type": "loopback"},
		},
	}
	data, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the CNI configuration: %w", err)
	}
	if err := os.WriteFile(filepath.Join(l.cniConfig(), "10-bridge.conflist"), data, 0o600); err != nil {
		return fmt.Errorf("write the CNI configuration: %w", err)
	}
	return nil
}
