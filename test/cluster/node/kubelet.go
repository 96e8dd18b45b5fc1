package node

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/foilsec/foil/test/cluster/machine"
	"github.com/foilsec/foil/test/cluster/process"
)

// Kubelet describes one kubelet.
type Kubelet struct {
	Program    string
	Kubeconfig string
	// The files that it proves itself with and knows the API server by.
	ServingCertificate, ServingKey, ClientAuthority string
	Port, HealthPort                                int
}

// Command writes the kubelet's configuration and returns the command that
// runs it.
func (k Kubelet) Command(l Layout, n Network) (process.Command, error) {
	cgroup, err := n.makeCgroup()
	if err != nil {
		return process.Command{}, err
	}
	data, err := json.MarshalIndent(k.configuration(l, n, cgroup), "", "  ")
	if err != nil {
		return process.Command{}, fmt.Errorf("encode the kubelet's configuration: %w", err)
	}
	file := filepath.Join(l.kubelet(), "config.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return process.Command{}, fmt.Errorf("write the kubelet's configuration: %w", err)
	}
	return process.Command{
		Name: "kubelet", Path: k.Program,
		Args: []string{
			"--config=" + file,
			"--kubeconfig=" + k.Kubeconfig,
			"--root-dir=" + l.kubelet(),
			"--hostname-override=" + Name,
			"--node-ip=" + n.Gateway(),
		},
		Env: []string{"PATH=" + machine.SearchPath()},
	}, nil
}

func (k Kubelet) configuration(l Layout, n Network, cgroup string) map[string]any {
	return map[string]any{
		"apiVersion":               "kubelet.config.k8s.io/v1beta1",
		"kind":                     "KubeletConfiguration",
		"address":                  n.Gateway(),
		"port":                     k.Port,
		"healthzBindAddress":       "127.0.0.1",
		"healthzPort":              k.HealthPort,
		"tlsCertFile":              k.ServingCertificate,
		"tlsPrivateKeyFile":        k.ServingKey,
		"containerRuntimeEndpoint": "unix://" + l.socket(),
		"podLogsDir":               l.podLogs(),
		"volumePluginDir":          l.volumePlugins(),
		"authentication": map[string]any{
			"anonymous": map[string]any{"enabled": false},
			"webhook":   map[string]any{"enabled": true},
			"x509":      map[string]any{"clientCAFile": k.ClientAuthority},
		},
		"authorization": map[string]any{"mode": "Webhook"},
		// Machines that mount cgroup v1 or both are welcome.
		"failCgroupV1":           false,
		"cgroupDriver":           "cgroupfs",
		"cgroupRoot":             cgroup,
		"enforceNodeAllocatable": []string{},
		"failSwapOn":             false,
		// The machine's firewall is left alone, and so is the score by which
		// the kernel picks processes to end.
		"makeIPTablesUtilChains": false,
		"oomScoreAdj":            0,
		// The machine's disk is the developer's business: images are never
		// collected and pods only evicted when it is about to be full.
		"imageGCHighThresholdPercent": 100,
		"evictionHard": map[string]string{
			"memory.available": "50Mi", "nodefs.available": "1%", "nodefs.inodesFree": "1%", "imagefs.available": "1%",
		},
		// Tests should not wait for a minute until a changed volume is seen.
		"syncFrequency":             "10s",
		"fileCheckFrequency":        "10s",
		"nodeStatusUpdateFrequency": "5s",
	}
}
