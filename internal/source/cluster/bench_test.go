package cluster

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	quantity "k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/cluster/decode"
	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/kubetest"
)

// BenchmarkFiveThousandObjects reads a live cluster of 5,000 objects: the same
// requests as a scan sends with the answers thrown away, which is the bare time
// of listing; a whole Collect; and both in turn for their ratio.
func BenchmarkFiveThousandObjects(b *testing.B) {
	c := kubetest.Start(b, kube.Options{})
	o := testOptions(c.Kubeconfig())
	o.QPS, o.Burst = 10_000, 10_000 // not the limit of requests is measured
	source, err := New(o)
	if err != nil {
		b.Fatal(err)
	}
	fillCluster(b, source.connection.config)
	b.Run("bare", func(b *testing.B) {
		size, before := 0, cpuTime(b)
		for b.Loop() {
			size = bareListing(b, source)
		}
		b.ReportMetric(float64(size)/1e6, "MB")
		b.ReportMetric((cpuTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/op")
	})
	b.Run("collect", func(b *testing.B) {
		objects, before := 0, cpuTime(b)
		for b.Loop() {
			objects = collectAll(b, source)
		}
		b.ReportMetric(float64(objects), "objects")
		b.ReportMetric((cpuTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/op")
	})
	b.Run("ratio", func(b *testing.B) {
		var bare, collect time.Duration
		for b.Loop() {
			begin := time.Now()
			bareListing(b, source)
			between := time.Now()
			collectAll(b, source)
			bare, collect = bare+between.Sub(begin), collect+time.Since(between)
		}
		b.ReportMetric(float64(collect)/float64(bare), "collect/bare")
	})
	b.Run("scan", func(b *testing.B) { benchmarkScan(b, c) })
}

// benchmarkScan runs the whole program, from start to report, and kubectl that
// lists the same five kinds, in turn.
func benchmarkScan(b *testing.B, c *kube.Cluster) {
	foil := filepath.Join(b.TempDir(), "foil")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", foil, "github.com/foilsec/foil/cmd/foil").CombinedOutput(); err != nil {
		b.Fatalf("build foil: %v\n%s", err, out)
	}
	kinds := "pods,configmaps,secrets,rolebindings,networkpolicies"
	var scan, list time.Duration
	for b.Loop() {
		begin := time.Now()
		mustRun(b, c.KubectlPath(), "--kubeconfig", c.Kubeconfig(), "get", kinds, "-A", "-o", "json")
		between := time.Now()
		mustRun(b, foil, "scan", "cluster", "--kubeconfig", c.Kubeconfig(), "-o", "json")
		list, scan = list+between.Sub(begin), scan+time.Since(between)
	}
	b.ReportMetric(scan.Seconds()/float64(b.N), "scan-s")
	b.ReportMetric(list.Seconds()/float64(b.N), "kubectl-s")
	b.ReportMetric(float64(scan)/float64(list), "scan/kubectl")
}

func mustRun(b *testing.B, program string, args ...string) {
	b.Helper()
	var stderr strings.Builder
	cmd := exec.CommandContext(b.Context(), program, args...)
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		b.Fatalf("%s: %v\n%s", program, err, stderr.String())
	}
}

// cpuTime is what this process has used, the API server not included. Unlike
// the time that passes it does not depend on what else the machine does.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func collectAll(b *testing.B, s *Source) int {
	b.Helper()
	var builder graph.Builder
	if err := s.Collect(b.Context(), &builder); err != nil {
		b.Fatal(err)
	}
	snapshot := builder.Snapshot()
	if gaps := snapshot.Gaps(); len(gaps) > 0 {
		b.Fatalf("gaps: %+v", gaps)
	}
	return snapshot.Len()
}

// bareListing sends the requests of a scan with as many workers, and looks at
// nothing of the answers but the token of the next page.
func bareListing(b *testing.B, s *Source) (size int) {
	b.Helper()
	discoverer, err := discovery.NewDiscoveryClientForConfig(s.connection.config)
	if err != nil {
		b.Fatal(err)
	}
	resources, _, err := discover(b.Context(), discoverer)
	if err != nil {
		b.Fatal(err)
	}
	config := rest.CopyConfig(s.connection.config)
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		b.Fatal(err)
	}
	l := &lister{schemas: decode.NewSchemas(scheme.Scheme)}
	queue := make(chan resource)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range s.options.Workers {
		workers.Go(func() {
			for r := range queue {
				n := barePages(b, client, r.path(""), l.accept(r), s.options.PageSize)
				mu.Lock()
				size += n
				mu.Unlock()
			}
		})
	}
	for _, r := range resources {
		queue <- r
	}
	close(queue)
	workers.Wait()
	return size
}

// continueToken is how such tokens begin.
var continueToken = regexp.MustCompile(`eyJ2IjoibWV0YS5rOHMuaW8vdjEi[A-Za-z0-9_=-]+`)

func barePages(b *testing.B, client rest.Interface, path, accept string, pageSize int) (size int) {
	for token := ""; ; {
		request := client.Get().AbsPath(path).SetHeader("Accept", accept).Param("limit", strconv.Itoa(pageSize))
		if token != "" {
			request.Param("continue", token)
		}
		body, err := fetch(b.Context(), request)
		if err != nil {
			b.Error(err)
			return size
		}
		size += len(body)
		const ends = 2000
		if token = continueToken.FindString(body[:min(ends, len(body))]); token == "" {
			token = continueToken.FindString(body[max(0, len(body)-ends):])
		}
		if token == "" {
			return size
		}
	}
}

// fillCluster makes 5,000 objects of the kinds that clusters have most of.
func fillCluster(b *testing.B, config *rest.Config) {
	b.Helper()
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		b.Fatal(err)
	}
	const namespace = "default"
	makers := []struct {
		count int
		make  func(ctx context.Context, meta metav1.ObjectMeta) error
	}{
		{2000, func(ctx context.Context, meta metav1.ObjectMeta) error {
			_, err := clients.CoreV1().Pods(namespace).Create(ctx, benchPod(meta), metav1.CreateOptions{})
			return err
		}},
		{1000, func(ctx context.Context, meta metav1.ObjectMeta) error {
			_, err := clients.CoreV1().ConfigMaps(namespace).Create(ctx, &corev1.ConfigMap{ObjectMeta: meta, Data: map[string]string{"menu": "burrito: 9.50\ntaco: 4.20\n"}}, metav1.CreateOptions{})
			return err
		}},
		{800, func(ctx context.Context, meta metav1.ObjectMeta) error {
			_, err := clients.CoreV1().Secrets(namespace).Create(ctx, &corev1.Secret{ObjectMeta: meta, Data: map[string][]byte{"key": []byte("value")}}, metav1.CreateOptions{})
			return err
		}},
		{600, func(ctx context.Context, meta metav1.ObjectMeta) error {
			_, err := clients.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{
				ObjectMeta: meta, RoleRef: rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "view"},
				Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: meta.Name, Namespace: namespace}},
			}, metav1.CreateOptions{})
			return err
		}},
		{400, func(ctx context.Context, meta metav1.ObjectMeta) error {
			_, err := clients.NetworkingV1().NetworkPolicies(namespace).Create(ctx, &networkingv1.NetworkPolicy{
				ObjectMeta: meta, Spec: networkingv1.NetworkPolicySpec{PodSelector: metav1.LabelSelector{MatchLabels: meta.Labels}},
			}, metav1.CreateOptions{})
			return err
		}},
	}
	for _, m := range makers {
		work := make(chan int)
		var workers sync.WaitGroup
		for range 16 {
			workers.Go(func() {
				for i := range work {
					meta := metav1.ObjectMeta{Name: fmt.Sprintf("object-%d", i), Labels: map[string]string{"app": fmt.Sprintf("app-%d", i), "app.kubernetes.io/part-of": "shop"}}
					if err := m.make(b.Context(), meta); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for i := range m.count {
			work <- i
		}
		close(work)
		workers.Wait()
	}
}

func benchPod(meta metav1.ObjectMeta) *corev1.Pod {
	no := false
	container := func(name string) corev1.Container {
		limits := corev1.ResourceList{"cpu": quantity.MustParse("500m"), "memory": quantity.MustParse("256Mi")}
		return corev1.Container{
			Name: name, Image: "registry.example.com/shop/" + name + ":1.2.3", Args: []string{"--listen=:8080"},
			Ports:           []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}},
			Env:             []corev1.EnvVar{{Name: "MENU", Value: "/etc/menu"}},
			Resources:       corev1.ResourceRequirements{Limits: limits, Requests: limits},
			SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: &no},
		}
	}
	return &corev1.Pod{
		ObjectMeta: meta,
		// Nobody schedules it, so that nothing goes on beside the measurement.
		Spec: corev1.PodSpec{SchedulerName: "nobody", Containers: []corev1.Container{container("kitchen"), container("proxy")}},
	}
}
