package cluster

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/flowcontrol"

	// Kubeconfig files may name the OpenID Connect provider, which registers
	// itself; other providers are programs of the user's own.
	_ "k8s.io/client-go/plugin/pkg/client/auth/oidc"
)

// Options say which cluster to read, how much of it and how fast.
type Options struct {
	// Kubeconfig is a file to use alone. When empty, the usual rules hold: the
	// files of $KUBECONFIG, then ~/.kube/config, then the service account of
	// the pod that this program runs in.
	Kubeconfig string
	// Context of the kubeconfig; the current one when empty.
	Context string
	// Namespaces to read; all when empty, whatever namespace the context
	// names. Objects outside of namespaces are read in any case.
	Namespaces []string
	// QPS and Burst limit the requests that are sent.
	QPS   float32
	Burst int
	// Workers is how many lists are read at a time.
	Workers int
	// PageSize is how many objects are asked for at a time.
	PageSize int
	// Timeout bounds each request.
	Timeout time.Duration
	// Version of this program, for the user agent.
	Version string
	// Now is the clock.
	Now func() time.Time
}

// DefaultOptions are the options for a cluster of any size. A cluster has about
// 60 kinds, so that the limit of requests is not felt below 100,000 objects.
func DefaultOptions() Options {
	return Options{QPS: 50, Burst: 300, Workers: 6, PageSize: 500, Timeout: time.Minute, Now: time.Now}
}

// inCluster is the name of the context of a program that runs in a pod.
const inCluster = "in-cluster"

// ErrNoCluster says that nothing names a cluster to read.
var ErrNoCluster = errors.New("no cluster is configured: set --kubeconfig or KUBECONFIG, create ~/.kube/config, or run in a pod")

// connection is a cluster that can be asked.
type connection struct {
	config  *rest.Config
	context string
}

// connect finds the cluster that the options name. It sends no request.
func connect(o Options) (connection, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = o.Kubeconfig
	rules.WarnIfAllMissing = false
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{CurrentContext: o.Context})
	config, err := loader.ClientConfig()
	switch {
	case clientcmd.IsEmptyConfig(err):
		return connection{}, ErrNoCluster
	case err != nil:
		return connection{}, fmt.Errorf("kubeconfig: %w", err)
	}
	raw, err := loader.RawConfig()
	if err != nil {
		return connection{}, fmt.Errorf("kubeconfig: %w", err)
	}
	c := connection{config: rest.CopyConfig(config), context: raw.CurrentContext}
	if o.Context != "" {
		c.context = o.Context
	}
	if len(raw.Contexts) == 0 {
		c.context = inCluster
	}
	c.tune(o)
	return c, nil
}

func (c *connection) tune(o Options) {
	c.config.UserAgent = "foil/" + o.Version
	c.config.Timeout = o.Timeout
	c.config.RateLimiter = flowcontrol.NewTokenBucketRateLimiter(o.QPS, o.Burst)
	c.config.WarningHandlerWithContext = rest.NoWarnings{}
	// To compress costs more than to send when the way is short.
	if c.context == inCluster || isLoopback(c.config.Host) {
		c.config.DisableCompression = true
	}
}

func isLoopback(host string) bool {
	if u, err := url.Parse(host); err == nil && u.Host != "" {
		host = u.Hostname()
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
