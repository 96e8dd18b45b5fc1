package content_test

import (
	"fmt"
	"math/rand/v2"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// podGenerator makes pods that comply with the restricted standard, except for
// a few changes drawn at random, each of them about one check.
type podGenerator struct{ *rand.Rand }

func (g podGenerator) pod(i int) *corev1.Pod {
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("pod-%d", i), Namespace: "shop", Annotations: map[string]string{}},
	}
	for j := range 1 + g.IntN(2) {
		pod.Spec.Containers = append(pod.Spec.Containers, safeContainer(fmt.Sprintf("app-%d", j)))
	}
	for j := range g.IntN(2) {
		pod.Spec.InitContainers = append(pod.Spec.InitContainers, safeContainer(fmt.Sprintf("init-%d", j)))
	}
	for j := range g.IntN(2) {
		c := safeContainer(fmt.Sprintf("debug-%d", j))
		pod.Spec.EphemeralContainers = append(pod.Spec.EphemeralContainers, corev1.EphemeralContainer{EphemeralContainerCommon: corev1.EphemeralContainerCommon(c)})
	}
	if g.IntN(8) == 0 {
		pod.Spec.OS = &corev1.PodOS{Name: pick(g, corev1.Windows, corev1.Linux)}
	}
	if g.IntN(4) == 0 {
		pod.Spec.HostUsers = new(g.IntN(3) == 0)
	}
	for range g.IntN(4) {
		changes := podChanges()
		changes[g.IntN(len(changes))](g, pod)
	}
	return pod
}

func safeContainer(name string) corev1.Container {
	return corev1.Container{
		Name: name, Image: "registry.example.com/" + name,
		SecurityContext: &corev1.SecurityContext{
			RunAsNonRoot:             new(true),
			AllowPrivilegeEscalation: new(false),
			SeccompProfile:           &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
		},
	}
}

func pick[T any](g podGenerator, choices ...T) T { return choices[g.IntN(len(choices))] }

// context is the security context of some container, made when it is missing.
func (g podGenerator) context(pod *corev1.Pod) *corev1.SecurityContext {
	c := g.container(pod)
	if c.SecurityContext == nil {
		c.SecurityContext = &corev1.SecurityContext{}
	}
	return c.SecurityContext
}

func (g podGenerator) container(pod *corev1.Pod) *corev1.Container {
	var all []*corev1.Container
	for i := range pod.Spec.Containers {
		all = append(all, &pod.Spec.Containers[i])
	}
	for i := range pod.Spec.InitContainers {
		all = append(all, &pod.Spec.InitContainers[i])
	}
	for i := range pod.Spec.EphemeralContainers {
		all = append(all, (*corev1.Container)(&pod.Spec.EphemeralContainers[i].EphemeralContainerCommon))
	}
	return pick(g, all...)
}

func podContext(pod *corev1.Pod) *corev1.PodSecurityContext {
	if pod.Spec.SecurityContext == nil {
		pod.Spec.SecurityContext = &corev1.PodSecurityContext{}
	}
	return pod.Spec.SecurityContext
}

type podChange = func(podGenerator, *corev1.Pod)

func podChanges() []podChange {
	var changes []podChange
	for _, list := range [][]podChange{hostChanges(), privilegeChanges(), profileChanges(), userChanges(), volumeChanges(), probeChanges()} {
		changes = append(changes, list...)
	}
	return changes
}

func hostChanges() []podChange {
	return []podChange{
		func(g podGenerator, p *corev1.Pod) { p.Spec.HostNetwork = g.IntN(2) == 0 },
		func(g podGenerator, p *corev1.Pod) { p.Spec.HostPID = g.IntN(2) == 0 },
		func(g podGenerator, p *corev1.Pod) { p.Spec.HostIPC = g.IntN(2) == 0 },
		func(g podGenerator, p *corev1.Pod) {
			c := g.container(p)
			c.Ports = append(c.Ports, corev1.ContainerPort{ContainerPort: 80, HostPort: pick[int32](g, 0, 8080)})
		},
		func(g podGenerator, p *corev1.Pod) {
			podContext(p).WindowsOptions = &corev1.WindowsSecurityContextOptions{HostProcess: pick(g, nil, new(true), new(false))}
		},
		func(g podGenerator, p *corev1.Pod) {
			g.context(p).WindowsOptions = &corev1.WindowsSecurityContextOptions{HostProcess: pick(g, nil, new(true), new(false))}
		},
		func(g podGenerator, p *corev1.Pod) {
			podContext(p).Sysctls = append(podContext(p).Sysctls, corev1.Sysctl{Value: "1", Name: pick(g, "",
				"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
				"net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat", "kernel.msgmax")})
		},
	}
}

func privilegeChanges() []podChange {
	return []podChange{
		func(g podGenerator, p *corev1.Pod) { g.context(p).Privileged = pick(g, nil, new(true), new(false)) },
		func(g podGenerator, p *corev1.Pod) {
			g.context(p).AllowPrivilegeEscalation = pick(g, nil, new(true), new(false))
		},
		func(g podGenerator, p *corev1.Pod) { g.container(p).SecurityContext = nil },
		func(g podGenerator, p *corev1.Pod) { g.context(p).Capabilities = pick(g, nil, &corev1.Capabilities{}) },
		func(g podGenerator, p *corev1.Pod) {
			g.context(p).Capabilities = &corev1.Capabilities{Drop: pick(g, []corev1.Capability{"NET_RAW"}, []corev1.Capability{"KILL", "ALL"}, []corev1.Capability{"all"})}
		},
		func(g podGenerator, p *corev1.Pod) {
			g.context(p).Capabilities = &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}, Add: []corev1.Capability{"NET_BIND_SERVICE",
				pick[corev1.Capability](g, "CHOWN", "SYS_ADMIN", "NET_RAW", "MKNOD", "CAP_CHOWN", "ALL", "sys_chroot", "SYS_CHROOT")}}
		},
		func(g podGenerator, p *corev1.Pod) {
			g.context(p).ProcMount = pick(g, nil, new(corev1.DefaultProcMount), new(corev1.UnmaskedProcMount), new(corev1.ProcMountType("")))
		},
	}
}

func profileChanges() []podChange {
	seccomp := func(g podGenerator) *corev1.SeccompProfile {
		return pick(g, nil, &corev1.SeccompProfile{Type: pick[corev1.SeccompProfileType](g, "RuntimeDefault", "Localhost", "Unconfined", "")})
	}
	apparmor := func(g podGenerator) *corev1.AppArmorProfile {
		return pick(g, nil, &corev1.AppArmorProfile{Type: pick[corev1.AppArmorProfileType](g, "RuntimeDefault", "Localhost", "Unconfined", "")})
	}
	selinux := func(g podGenerator) *corev1.SELinuxOptions {
		return pick(g, nil, &corev1.SELinuxOptions{Type: pick(g, "", "container_t", "container_init_t", "container_engine_t", "spc_t"), User: pick(g, "", "", "system_u"), Role: pick(g, "", "", "sysadm_r"), Level: "s0"})
	}
	annotate := func(key string, values ...string) podChange {
		return func(g podGenerator, p *corev1.Pod) { p.Annotations[key] = pick(g, values...) }
	}
	return []podChange{
		func(g podGenerator, p *corev1.Pod) { podContext(p).SeccompProfile = seccomp(g) },
		func(g podGenerator, p *corev1.Pod) { g.context(p).SeccompProfile = seccomp(g) },
		func(g podGenerator, p *corev1.Pod) { podContext(p).AppArmorProfile = apparmor(g) },
		func(g podGenerator, p *corev1.Pod) { g.context(p).AppArmorProfile = apparmor(g) },
		func(g podGenerator, p *corev1.Pod) { podContext(p).SELinuxOptions = selinux(g) },
		func(g podGenerator, p *corev1.Pod) { g.context(p).SELinuxOptions = selinux(g) },
		annotate("container.apparmor.security.beta.kubernetes.io/app-0", "", "unconfined", "runtime/default", "localhost/", "localhost"),
		annotate("container.apparmor.security.beta.kubernetes.io/nobody", "unconfined", "runtime/default"),
		annotate("seccomp.security.alpha.kubernetes.io/pod", "", "unconfined", "docker/default", "localhost/app.json"),
		annotate("container.seccomp.security.alpha.kubernetes.io/app-0", "", "unconfined", "runtime/default", "localhost"),
		annotate("container.seccomp.security.alpha.kubernetes.io/nobody", "unconfined"),
	}
}

func userChanges() []podChange {
	return []podChange{
		func(g podGenerator, p *corev1.Pod) {
			podContext(p).RunAsNonRoot = pick(g, nil, new(true), new(false))
		},
		func(g podGenerator, p *corev1.Pod) {
			g.context(p).RunAsNonRoot = pick(g, nil, new(true), new(false))
		},
		func(g podGenerator, p *corev1.Pod) {
			podContext(p).RunAsUser = pick(g, nil, new(int64(0)), new(int64(7)))
		},
		func(g podGenerator, p *corev1.Pod) {
			g.context(p).RunAsUser = pick(g, nil, new(int64(0)), new(int64(7)))
		},
	}
}

func volumeChanges() []podChange {
	add := func(sources ...corev1.VolumeSource) podChange {
		return func(g podGenerator, p *corev1.Pod) {
			p.Spec.Volumes = append(p.Spec.Volumes, corev1.Volume{Name: fmt.Sprintf("volume-%d", len(p.Spec.Volumes)), VolumeSource: pick(g, sources...)})
		}
	}
	return []podChange{
		add(
			corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{}}, corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{}},
			corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{}}, corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}},
			corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}, corev1.VolumeSource{Image: &corev1.ImageVolumeSource{}},
			corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{}},
			corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{}}, corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{}},
		),
		add(
			corev1.VolumeSource{}, corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{}},
			corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/"}, EmptyDir: &corev1.EmptyDirVolumeSource{}},
			corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{}}, corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{}},
			corev1.VolumeSource{AWSElasticBlockStore: &corev1.AWSElasticBlockStoreVolumeSource{}},
		),
	}
}

func probeChanges() []podChange {
	handler := func(g podGenerator) corev1.ProbeHandler {
		host := pick(g, "", "10.0.0.1")
		return pick(g, corev1.ProbeHandler{}, corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Host: host}},
			corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Host: host}}, corev1.ProbeHandler{Exec: &corev1.ExecAction{}})
	}
	probe := func(g podGenerator) *corev1.Probe { return &corev1.Probe{ProbeHandler: handler(g)} }
	hook := func(g podGenerator) *corev1.LifecycleHandler {
		h := handler(g)
		return &corev1.LifecycleHandler{HTTPGet: h.HTTPGet, TCPSocket: h.TCPSocket, Exec: h.Exec}
	}
	return []podChange{
		func(g podGenerator, p *corev1.Pod) { g.container(p).LivenessProbe = probe(g) },
		func(g podGenerator, p *corev1.Pod) { g.container(p).ReadinessProbe = probe(g) },
		func(g podGenerator, p *corev1.Pod) { g.container(p).StartupProbe = probe(g) },
		func(g podGenerator, p *corev1.Pod) {
			g.container(p).Lifecycle = &corev1.Lifecycle{PostStart: pick(g, nil, hook(g)), PreStop: pick(g, nil, hook(g))}
		},
	}
}
