package generate

import "fmt"

// podShape makes one pod spec. It knows no name and no namespace: two
// workloads with the same seed get equal specs, as copies in a cluster are.
type podShape struct {
	dice
	options Options
	account string
	ends    bool // the containers are expected to end
	volumes list
}

// podSpec makes a new spec, or one that was made before. A copy may come from
// any recent workload whose containers end, or run, as these do.
func (d *draft) podSpec(ends bool) mapping {
	seeds := &d.long
	if ends {
		seeds = &d.batch
	}
	seed := d.next()
	if d.chance(d.options.CopyRate) {
		if earlier, ok := seeds.pick(&d.dice); ok {
			seed = earlier
		}
	}
	seeds.add(seed)
	shape := &podShape{dice: diceFor(seed, 0), options: d.options, ends: ends}
	shape.account = d.plan.account(shape.below(d.plan.accounts))
	return shape.spec()
}

func (p *podShape) slips(weight float64) bool { return p.chance(weight * p.options.MistakeRate) }

func (p *podShape) spec() mapping {
	hostNetwork := p.slips(0.08)
	p.volumes = p.podVolumes()
	spec := mapping{{"serviceAccountName", p.account}}
	if !p.slips(0.6) {
		spec = spec.with("automountServiceAccountToken", false)
	}
	spec = p.hostSharing(spec, hostNetwork)
	if !p.slips(0.7) {
		spec = spec.with("securityContext", p.podSecurity())
	}
	if p.chance(0.3) {
		spec = spec.with("initContainers", p.containers("init", 1))
	}
	spec = spec.with("containers", p.containers("main", oneOf(&p.dice, containerCounts)))
	spec = spec.with("volumes", p.volumes)
	return append(spec, p.placement()...)
}

// containerCounts is how many containers pods have: most have one.
var containerCounts = []int{1, 1, 1, 1, 1, 1, 2, 2, 3}

func (p *podShape) hostSharing(spec mapping, hostNetwork bool) mapping {
	if hostNetwork {
		spec = spec.with("hostNetwork", true)
	}
	if p.slips(0.08) {
		spec = spec.with("hostPID", true)
	}
	if p.slips(0.05) {
		spec = spec.with("hostIPC", true)
	}
	return spec
}

func (p *podShape) podSecurity() mapping {
	return mapping{
		{"runAsNonRoot", true},
		{"runAsUser", p.between(1000, 65000)},
		{"runAsGroup", p.between(1000, 65000)},
		{"fsGroup", p.between(1000, 65000)},
		{"seccompProfile", mapping{{"type", "RuntimeDefault"}}},
	}
}

// podVolumes are mounted by every container of the pod.
func (p *podShape) podVolumes() list {
	volumes := list{
		mapping{{"name", "config"}, {"configMap", mapping{{"name", appName(&p.dice) + "-config"}, {"defaultMode", 420}, {"optional", true}}}},
		mapping{{"name", "scratch"}, {"emptyDir", mapping{{"sizeLimit", fmt.Sprintf("%dMi", p.between(16, 512))}}}},
	}
	if p.chance(0.5) {
		volumes = append(volumes, mapping{{"name", "credentials"}, {"secret", mapping{{"secretName", appName(&p.dice) + "-credentials"}, {"optional", true}}}})
	}
	if p.chance(0.2) {
		volumes = append(volumes, mapping{{"name", "data"}, {"persistentVolumeClaim", mapping{{"claimName", appName(&p.dice) + "-data"}}}})
	}
	if p.slips(0.2) {
		volumes = append(volumes, mapping{{"name", "host"}, {"hostPath", mapping{{"path", oneOf(&p.dice, hostPaths)}}}})
	}
	return volumes
}

var hostPaths = []string{"/", "/etc", "/var/log", "/var/run/docker.sock", "/run/containerd/containerd.sock",
	"/var/lib/kubelet", "/opt/data", "/proc", "/root/.ssh"}

// placement says where the pod may run and how it ends.
func (p *podShape) placement() mapping {
	rest := mapping{
		{"restartPolicy", p.restartPolicy()},
		{"terminationGracePeriodSeconds", p.between(10, 120)},
		{"dnsPolicy", "ClusterFirst"},
		{"schedulerName", "default-scheduler"},
	}
	if p.chance(0.6) {
		rest = rest.with("affinity", p.spread())
	}
	if p.chance(0.4) {
		rest = rest.with("tolerations", list{mapping{{"key", "dedicated"}, {"operator", "Equal"}, {"value", oneOf(&p.dice, teams)}, {"effect", "NoSchedule"}}})
	}
	if p.chance(0.4) {
		rest = rest.with("nodeSelector", mapping{{"kubernetes.io/os", "linux"}, {"burritos.example/pool", oneOf(&p.dice, tiers)}})
	}
	return rest
}

func (p *podShape) restartPolicy() string {
	if p.ends {
		return oneOf(&p.dice, []string{"OnFailure", "Never"})
	}
	return "Always"
}

func (p *podShape) spread() mapping {
	term := mapping{
		{"labelSelector", mapping{{"matchExpressions", list{mapping{
			{"key", "app.kubernetes.io/name"}, {"operator", "In"}, {"values", list{appName(&p.dice), appName(&p.dice)}},
		}}}}},
		{"topologyKey", oneOf(&p.dice, []string{"kubernetes.io/hostname", "topology.kubernetes.io/zone"})},
	}
	return mapping{{"podAntiAffinity", mapping{{"preferredDuringSchedulingIgnoredDuringExecution", list{
		mapping{{"weight", p.between(1, 100)}, {"podAffinityTerm", term}},
	}}}}}
}
