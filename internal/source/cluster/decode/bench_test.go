package decode

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/foilsec/foil/internal/graph"
)

// kitchenPod is a pod of the size that a controller makes: two containers with
// probes, a token volume, status and managed fields.
func kitchenPod(i int) corev1.Pod {
	yes, no, uid := true, false, int64(1000)
	now := metav1.NewTime(time.Date(2026, 1, 2, 3, 4, i%60, 0, time.UTC))
	name := fmt.Sprintf("kitchen-5d4f8c7b9d-%05d", i)
	container := func(name string) corev1.Container {
		probe := &corev1.Probe{
			ProbeHandler:   corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz", Port: intstr.FromInt32(8080), Scheme: "HTTP"}},
			TimeoutSeconds: 1, PeriodSeconds: 10, SuccessThreshold: 1, FailureThreshold: 3,
		}
		limits := corev1.ResourceList{"cpu": resource.MustParse("500m"), "memory": resource.MustParse("256Mi")}
		return corev1.Container{
			Name: name, Image: "registry.example.com/shop/" + name + ":1.2.3",
			Args:      []string{"--listen=:8080", "--verbose"},
			Ports:     []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: "TCP"}},
			Env:       []corev1.EnvVar{{Name: "MENU", Value: "/etc/menu"}, {Name: "POD", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: "metadata.name"}}}},
			Resources: corev1.ResourceRequirements{Limits: limits, Requests: limits},
			VolumeMounts: []corev1.VolumeMount{
				{Name: "menu", MountPath: "/etc/menu", ReadOnly: true},
				{Name: "kube-api-access", MountPath: "/var/run/secrets/kubernetes.io/serviceaccount", ReadOnly: true},
			},
			LivenessProbe: probe, ReadinessProbe: probe,
			TerminationMessagePath: "/dev/termination-log", TerminationMessagePolicy: "File", ImagePullPolicy: "IfNotPresent",
			SecurityContext: &corev1.SecurityContext{RunAsNonRoot: &yes, AllowPrivilegeEscalation: &no, Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}},
		}
	}
	return corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, GenerateName: "kitchen-5d4f8c7b9d-", Namespace: "shop", UID: "0b5c6c9e-6a0e-4c2c-8f0e-7f1d1d1d1d1d",
			ResourceVersion: fmt.Sprint(1000 + i), CreationTimestamp: now,
			Labels:          map[string]string{"app": "kitchen", "pod-template-hash": "5d4f8c7b9d", "app.kubernetes.io/part-of": "shop"},
			Annotations:     map[string]string{"checksum/config": "7b0c6d3c3f1e"},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: "kitchen-5d4f8c7b9d", UID: "u", Controller: &yes, BlockOwnerDeletion: &yes}},
			ManagedFields:   []metav1.ManagedFieldsEntry{{Manager: "kube-controller-manager", Operation: "Update", APIVersion: "v1", Time: &now, FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(`{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{}}}`)}},
		},
		Spec: corev1.PodSpec{
			Containers:         []corev1.Container{container("kitchen"), container("proxy")},
			ServiceAccountName: "kitchen", DeprecatedServiceAccount: "kitchen", NodeName: "worker-1",
			RestartPolicy: "Always", DNSPolicy: "ClusterFirst", SchedulerName: "default-scheduler",
			SecurityContext: &corev1.PodSecurityContext{RunAsUser: &uid, FSGroup: &uid},
			Volumes: []corev1.Volume{
				{Name: "menu", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "menu"}}}},
				{Name: "kube-api-access", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}}}}}},
			},
		},
		Status: corev1.PodStatus{
			Phase: "Running", PodIP: "10.244.0.7", HostIP: "10.0.0.1", StartTime: &now, QOSClass: "Burstable",
			Conditions: []corev1.PodCondition{{Type: "Ready", Status: "True", LastTransitionTime: now}, {Type: "PodScheduled", Status: "True", LastTransitionTime: now}},
			ContainerStatuses: []corev1.ContainerStatus{
				{Name: "kitchen", Ready: true, Image: "registry.example.com/shop/kitchen:1.2.3", ImageID: "sha256:aa", ContainerID: "containerd://bb", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}}},
				{Name: "proxy", Ready: true, Image: "registry.example.com/shop/proxy:1.2.3", ImageID: "sha256:cc", ContainerID: "containerd://dd", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}}},
			},
		},
	}
}

const podsInPage = 500

func podPage(b *testing.B) string {
	list := &corev1.PodList{}
	for i := range podsInPage {
		list.Items = append(list.Items, kitchenPod(i))
	}
	return encodeList(b, corev1.SchemeGroupVersion.WithKind("Pod"), list, "")
}

func reportPerObject(b *testing.B, pageSize int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/podsInPage, "ns/object")
	b.SetBytes(int64(pageSize))
}

func BenchmarkProtobuf(b *testing.B) {
	page := podPage(b)
	d := NewDecoder(NewSchemas(scheme.Scheme))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Protobuf(page, Type{"v1", "Pod"}, func(*graph.Document) {}); err != nil {
			b.Fatal(err)
		}
	}
	reportPerObject(b, len(page))
}

func BenchmarkJSON(b *testing.B) {
	page := jsonPage(b)
	d := NewDecoder(NewSchemas(scheme.Scheme))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.JSON(page, Type{"v1", "Pod"}, func(*graph.Document) {}); err != nil {
			b.Fatal(err)
		}
	}
	reportPerObject(b, len(page))
}

func jsonPage(b *testing.B) string {
	list, _, err := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme).Decode([]byte(podPage(b)), nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	written, err := json.Marshal(list)
	if err != nil {
		b.Fatal(err)
	}
	return string(written)
}

// What a client pays without this package, for comparison: the typed objects
// alone, and the two ways from there to an untyped form.
func BenchmarkTypedObjects(b *testing.B) {
	benchmarkTyped(b, func(runtime.Object) error { return nil })
}
func BenchmarkTypedToMap(b *testing.B) {
	benchmarkTyped(b, func(o runtime.Object) error {
		_, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
		return err
	})
}
func BenchmarkTypedToJSONText(b *testing.B) {
	benchmarkTyped(b, func(o runtime.Object) error {
		_, err := json.Marshal(o)
		return err
	})
}

func benchmarkTyped(b *testing.B, convert func(runtime.Object) error) {
	page := []byte(podPage(b))
	serializer := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)
	b.ReportAllocs()
	for b.Loop() {
		list, _, err := serializer.Decode(page, nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		if err := meta.EachListItem(list, convert); err != nil {
			b.Fatal(err)
		}
	}
	reportPerObject(b, len(page))
}
