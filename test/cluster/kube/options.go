package kube

import "io"

// Options say what kind of cluster to start. The zero value is a control plane
// without a node in a new folder, which Stop removes.
type Options struct {
	// Dir is the cluster's folder. A folder that held a cluster before starts
	// that cluster again, with its objects. Empty means a new folder, which
	// Stop removes.
	Dir string
	// Node adds a real node that runs real pods; that needs root.
	Node bool
	// FakeNodes is how many nodes without a kubelet to add. Pods that are
	// scheduled to them are shown as running for as long as this process
	// lives.
	FakeNodes int
	// Audit turns the audit log on.
	Audit *Audit
	// APIServerFlags and ControllerManagerFlags are appended to the command
	// lines, in the form --name=value; the last one of a name counts.
	APIServerFlags         []string
	ControllerManagerFlags []string
	// Detached lets the cluster outlive this process. Otherwise its processes
	// end with this one, however it ends.
	Detached bool
	// Progress is told what happens; nil means nobody is. With fake nodes it is
	// also written to after Start has returned.
	Progress io.Writer
}

// Audit says what the API server records of its requests.
type Audit struct {
	// Policy is an audit.k8s.io/v1 Policy as YAML. Empty records the metadata
	// of every request.
	Policy string
	// Webhook is a URL that batches of events are posted to, in addition to
	// the log file. Empty means none.
	Webhook string
}
