package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const twoContexts = `apiVersion: v1
kind: Config
clusters:
- {name: near, cluster: {server: "https://127.0.0.1:1"}}
- {name: far, cluster: {server: "https://far.example.com"}}
users: [{name: u, user: {token: t}}]
contexts:
- {name: first, context: {cluster: near, user: u, namespace: kitchen}}
- {name: second, context: {cluster: far, user: u}}
current-context: first
`

func kubeconfigFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestChoiceOfCluster(t *testing.T) {
	path := kubeconfigFile(t, twoContexts)
	other := kubeconfigFile(t, strings.NewReplacer("first", "third", "127.0.0.1:1", "127.0.0.1:3").Replace(twoContexts))
	for name, test := range map[string]struct {
		options         Options
		environment     string
		context, server string
		want            error
		text            string
	}{
		"current context":      {options: Options{Kubeconfig: path}, context: "first", server: "https://127.0.0.1:1"},
		"named context":        {options: Options{Kubeconfig: path, Context: "second"}, context: "second", server: "https://far.example.com"},
		"environment":          {environment: path, context: "first", server: "https://127.0.0.1:1"},
		"several files":        {environment: path + ":" + other, options: Options{Context: "third"}, context: "third", server: "https://127.0.0.1:1"},
		"flag before variable": {environment: path, options: Options{Kubeconfig: other}, context: "third", server: "https://127.0.0.1:3"},
		"unknown context":      {options: Options{Kubeconfig: path, Context: "fourth"}, text: `context "fourth" does not exist`},
		"missing file":         {options: Options{Kubeconfig: path + ".gone"}, text: "no such file"},
		"malformed file":       {options: Options{Kubeconfig: kubeconfigFile(t, "{")}, text: "kubeconfig"},
		"nothing":              {environment: path + ".gone", want: ErrNoCluster, text: "KUBECONFIG"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KUBECONFIG", test.environment)
			t.Setenv("HOME", t.TempDir())
			source, err := New(test.options)
			if test.text != "" {
				if err == nil || !strings.Contains(err.Error(), test.text) || test.want != nil && !errors.Is(err, test.want) {
					t.Errorf("error %v, want %v with %q", err, test.want, test.text)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if source.Context() != test.context || source.Server() != test.server {
				t.Errorf("context %s at %s, want %s at %s", source.Context(), source.Server(), test.context, test.server)
			}
		})
	}
}

func TestTuning(t *testing.T) {
	for server, compressed := range map[string]bool{"https://127.0.0.1:1": true, "https://localhost:1": true, "https://[::1]:1": true, "https://far.example.com": false} {
		o := DefaultOptions()
		o.Kubeconfig, o.Version = kubeconfigFile(t, strings.ReplaceAll(twoContexts, "https://127.0.0.1:1", server)), "1.2.3"
		c, err := connect(o)
		if err != nil {
			t.Fatal(err)
		}
		if c.config.DisableCompression != compressed {
			t.Errorf("%s: compression is off: %v, want %v", server, c.config.DisableCompression, compressed)
		}
		if got := fmt.Sprint(c.config.UserAgent, c.config.Timeout); got != "foil/1.2.31m0s" {
			t.Errorf("user agent and timeout %s", got)
		}
	}
}

func TestUnreachableClusterIsAnError(t *testing.T) {
	source, err := New(testOptions(kubeconfigFile(t, twoContexts)))
	if err != nil {
		t.Fatal(err)
	}
	err = source.Collect(t.Context(), nil)
	for _, want := range []string{"cluster first at https://127.0.0.1:1", "connection refused", "is the cluster running"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
