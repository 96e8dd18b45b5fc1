package control_test

import (
	"fmt"
	"math/rand/v2"
)

// generator draws workloads.
type generator struct{ *rand.Rand }

func (g generator) maybe(m map[string]any, key string, values ...any) {
	if g.IntN(2) == 0 {
		m[key] = values[g.IntN(len(values))]
	}
}

func (g generator) workload(i int) map[string]any {
	kinds := []struct{ apiVersion, kind string }{
		{"v1", "Pod"}, {"apps/v1", "Deployment"}, {"apps/v1", "DaemonSet"}, {"batch/v1", "CronJob"},
		{"batch/v1", "Job"}, {"v1", "ReplicationController"}, {"v1", "ConfigMap"}, {"v1", "Service"},
	}
	k := kinds[g.IntN(len(kinds))]
	namespaces := []any{"default", "kube-system", "shop", "restricted", "unknown"}
	object := map[string]any{
		"apiVersion": k.apiVersion, "kind": k.kind,
		"metadata": map[string]any{"name": fmt.Sprintf("object-%d", i), "namespace": namespaces[g.IntN(len(namespaces))]},
	}
	g.maybe(object["metadata"].(map[string]any), "labels", map[string]any{"app": "x", "tier": "web"}, map[string]any{"app.kubernetes.io/name": "x"})
	pod := g.pod()
	template := map[string]any{"metadata": map[string]any{}, "spec": pod}
	switch k.kind {
	case "Pod":
		object["spec"] = pod
	case "CronJob":
		object["spec"] = map[string]any{"jobTemplate": map[string]any{"spec": map[string]any{"template": template}}}
	case "ConfigMap":
		object["data"] = map[string]any{"password": "x", "note": "y"}
	case "Service":
		object["spec"] = map[string]any{"type": "LoadBalancer"}
	default:
		object["spec"] = map[string]any{"template": template}
	}
	if g.IntN(40) == 0 {
		delete(object, "spec")
	}
	return object
}

func (g generator) pod() map[string]any {
	pod := map[string]any{}
	for _, list := range []string{"containers", "initContainers", "ephemeralContainers"} {
		if list == "containers" && g.IntN(30) > 0 || g.IntN(3) == 0 {
			pod[list] = g.containers()
		}
	}
	g.maybe(pod, "hostPID", true, false)
	g.maybe(pod, "hostIPC", true, false)
	g.maybe(pod, "hostNetwork", true, false, "yes")
	g.maybe(pod, "automountServiceAccountToken", true, false)
	g.maybe(pod, "serviceAccountName", "default", "kitchen")
	g.maybe(pod, "securityContext", map[string]any{"runAsNonRoot": true}, map[string]any{"runAsUser": int64(0)},
		map[string]any{"seccompProfile": map[string]any{"type": "RuntimeDefault"}}, map[string]any{"sysctls": []any{map[string]any{"name": "kernel.msgmax", "value": "1"}}})
	g.maybe(pod, "volumes", []any{map[string]any{"name": "v", "hostPath": map[string]any{"path": "/var/run/docker.sock"}}},
		[]any{map[string]any{"name": "v", "emptyDir": map[string]any{}}}, []any{})
	g.maybe(pod, "os", map[string]any{"name": "windows"}, map[string]any{"name": "linux"})
	return pod
}

func (g generator) containers() any {
	if g.IntN(60) == 0 {
		return "not a list"
	}
	list := make([]any, g.IntN(4))
	for i := range list {
		list[i] = g.container(i)
	}
	return list
}

func (g generator) container(i int) map[string]any {
	c := map[string]any{"name": fmt.Sprintf("c%d", i)}
	g.maybe(c, "image", "nginx", "nginx:latest", "registry.example.com/a/b:1.2", "busybox@sha256:"+fmt.Sprintf("%064d", i), "k8s.gcr.io/pause:3")
	g.maybe(c, "imagePullPolicy", "Always", "IfNotPresent")
	g.maybe(c, "command", []any{"kube-apiserver", "--anonymous-auth=true", "--profiling=false"}, []any{"sudo", "sh"}, []any{})
	g.maybe(c, "ports", []any{map[string]any{"containerPort": int64(80), "hostPort": int64(80)}}, []any{map[string]any{"containerPort": int64(22)}})
	g.maybe(c, "env", []any{map[string]any{"name": "DB_PASSWORD", "value": "x"}, map[string]any{"name": "A", "valueFrom": map[string]any{}}})
	g.maybe(c, "resources", map[string]any{"limits": map[string]any{"cpu": "100m", "memory": "1Gi"}}, map[string]any{"requests": map[string]any{"cpu": int64(1)}}, map[string]any{})
	g.maybe(c, "volumeMounts", []any{map[string]any{"name": "v", "mountPath": "/var/run/docker.sock"}}, []any{map[string]any{"name": "v", "mountPath": "/x", "readOnly": true, "subPath": "y"}})
	g.maybe(c, "livenessProbe", map[string]any{"httpGet": map[string]any{"path": "/", "host": "10.0.0.1"}})
	if g.IntN(3) > 0 {
		c["securityContext"] = g.securityContext()
	}
	return c
}

func (g generator) securityContext() map[string]any {
	sc := map[string]any{}
	g.maybe(sc, "privileged", true, false)
	g.maybe(sc, "allowPrivilegeEscalation", true, false)
	g.maybe(sc, "readOnlyRootFilesystem", true, false)
	g.maybe(sc, "runAsNonRoot", true, false)
	g.maybe(sc, "runAsUser", int64(0), int64(1000))
	g.maybe(sc, "capabilities", map[string]any{"add": []any{"NET_ADMIN"}}, map[string]any{"drop": []any{"ALL"}}, map[string]any{"add": []any{"CAP_SYS_ADMIN"}, "drop": []any{"all"}})
	g.maybe(sc, "procMount", "Unmasked", "Default")
	g.maybe(sc, "seccompProfile", map[string]any{"type": "Unconfined"}, map[string]any{"type": "Localhost", "localhostProfile": "x"})
	g.maybe(sc, "seLinuxOptions", map[string]any{"type": "spc_t"})
	return sc
}
