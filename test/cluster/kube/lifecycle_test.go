package kube_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/kubetest"
)

// A cluster that is started again in its folder has its objects, its address
// and honours its tokens.
func TestRestartKeepsObjects(t *testing.T) {
	o := kube.Options{Dir: t.TempDir()}
	c := kubetest.Start(t, o)
	if _, err := c.Kubectl(t.Context(), "create", "configmap", "recipe", "--from-literal=salsa=verde"); err != nil {
		t.Fatal(err)
	}
	token, err := c.Kubectl(t.Context(), "create", "token", "default")
	if err != nil {
		t.Fatal(err)
	}
	_, err = kube.Start(t.Context(), o)
	if err == nil {
		t.Fatal("a second cluster was started in the same folder")
	}
	requireContains(t, err.Error(), "a cluster runs in "+o.Dir+" already", "down --dir")
	address := serverOf(t, c)
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	requireNothingLeft(t, o.Dir)
	if _, err := kube.Open(o.Dir, os.Stderr); err == nil {
		t.Error("a stopped cluster could be opened")
	}

	c = kubetest.Start(t, o)
	salsa, err := c.Kubectl(t.Context(), "get", "configmap", "recipe", "-o", "jsonpath={.data.salsa}")
	if err != nil || salsa != "verde" {
		t.Errorf("the object after a restart: %q, %v", salsa, err)
	}
	if again := serverOf(t, c); again != address {
		t.Errorf("the server is at %s after a restart, was at %s", again, address)
	}
	who, err := c.Kubectl(t.Context(), "auth", "whoami", "--token", strings.TrimSpace(token), "--kubeconfig", withoutUser(t, c), "-o", "jsonpath={.status.userInfo.username}")
	if err != nil || who != "system:serviceaccount:default:default" {
		t.Errorf("a token from before the restart belongs to %q, %v", who, err)
	}
}

func serverOf(t *testing.T, c *kube.Cluster) string {
	t.Helper()
	server, err := c.Kubectl(t.Context(), "config", "view", "-o", "jsonpath={.clusters[0].cluster.server}")
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// withoutUser returns a kubeconfig without credentials: a client certificate
// would win over the token that is to be tried.
func withoutUser(t *testing.T, c *kube.Cluster) string {
	t.Helper()
	config, err := c.UserKubeconfig("nobody")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Kubectl(t.Context(), "--kubeconfig", config, "config", "delete-user", "nobody"); err != nil {
		t.Fatal(err)
	}
	return config
}

func TestAuditWebhookReceivesEvents(t *testing.T) {
	received := make(chan string, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			received <- string(body)
		}
	}))
	t.Cleanup(server.Close)
	c := kubetest.Start(t, kube.Options{Audit: &kube.Audit{Webhook: server.URL, Policy: `
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- {level: Request, resources: [{resources: [configmaps]}], namespaces: [default]}
- {level: None}
`}})
	if _, err := c.Kubectl(t.Context(), "create", "configmap", "secret-sauce"); err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case body := <-received:
			if strings.Contains(body, `"secret-sauce"`) {
				requireContains(t, body, `"EventList"`, `"requestObject"`)
				return
			}
		case <-time.After(time.Minute):
			t.Fatal("the webhook received no event within a minute")
		}
	}
}

func TestFailedStartSaysWhyAndLeavesNothing(t *testing.T) {
	kubetest.RequireMachine(t, kube.Options{})
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, test := range []struct {
		name, flag string
		want       []string
	}{
		{"unknown flag", "--no-such-flag=1", []string{"start kube-apiserver: it ended", "unknown flag: --no-such-flag", "kube-apiserver.log"}},
		{"port taken", fmt.Sprintf("--secure-port=%d", taken.Addr().(*net.TCPAddr).Port), []string{"start kube-apiserver: its port is taken by another program"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			var progress strings.Builder
			c, err := kube.Start(t.Context(), kube.Options{Dir: dir, APIServerFlags: []string{test.flag}, Progress: &progress})
			if err == nil {
				c.Stop()
				t.Fatal("the cluster started")
			}
			requireContains(t, err.Error(), test.want...)
			retried := strings.Contains(progress.String(), "trying others")
			if want := test.name == "port taken"; retried != want {
				t.Errorf("retried on other ports: %t, want %t", retried, want)
			}
			requireNothingLeft(t, dir)
		})
	}
}

// cancelWriter cancels when it is told that a certain program is ready.
type cancelWriter struct {
	program string
	cancel  context.CancelFunc
}

func (w cancelWriter) Write(p []byte) (int, error) {
	if strings.HasPrefix(string(p), w.program) {
		w.cancel()
	}
	return len(p), nil
}

func TestCancelledStartLeavesNothing(t *testing.T) {
	kubetest.RequireMachine(t, kube.Options{})
	for _, program := range []string{"etcd", "kube-apiserver"} {
		ctx, cancel := context.WithCancel(t.Context())
		dir := t.TempDir()
		_, err := kube.Start(ctx, kube.Options{Dir: dir, Progress: cancelWriter{program, cancel}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %s: error %v", program, err)
		}
		requireNothingLeft(t, dir)
		cancel()
	}
}

func TestWaitReportsAProgramThatEnded(t *testing.T) {
	c := kubetest.Start(t, kube.Options{})
	scheduler, err := os.FindProcess(c.ProcessID("kube-scheduler"))
	if err != nil {
		t.Fatal(err)
	}
	if err := scheduler.Kill(); err != nil {
		t.Fatal(err)
	}
	err = c.Wait(t.Context())
	if err == nil {
		t.Fatal("Wait reported nothing")
	}
	requireContains(t, err.Error(), "kube-scheduler ended", "kube-scheduler.log")
}

// abandonVariable makes the test binary start a cluster and wait to be ended.
const abandonVariable = "FOIL_TEST_ABANDON_CLUSTER"

func abandonCluster() {
	c, err := kube.Start(context.Background(), kube.Options{Node: os.Geteuid() == 0})
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println(c.Dir())
	select {}
}

// A test binary that is ended by force takes its cluster with it, and what
// remains is cleaned up by the next start.
func TestAbandonedClusterIsCleanedUp(t *testing.T) {
	kubetest.RequireMachine(t, kube.Options{Node: os.Geteuid() == 0})
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(self)
	victim.Env = append(os.Environ(), abandonVariable+"=1")
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	dir := strings.TrimSpace(line)
	killed := victim.Process.Kill()
	victim.Wait()
	if err != nil || killed != nil || !strings.HasPrefix(dir, "/") {
		t.Fatalf("start a cluster to abandon: %q, %v, %v", line, err, killed)
	}

	kubetest.Start(t, kube.Options{})
	requireNothingLeft(t, dir)
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the abandoned cluster is still there: %v", err)
	}
}
