package generate

import "strconv"

// object is a finished object and what its document is called.
type object struct {
	kind, namespace, name string
	tree                  mapping
}

// builder makes one cluster. What it keeps between objects is bounded.
type builder struct {
	options Options
	plan    plan

	workloads ring[reference] // what services, policies and budgets select
	services  ring[reference] // what ingresses lead to
	roles     ring[reference] // what bindings bind
	long      ring[uint64]    // seeds of pod specs that run for ever
	batch     ring[uint64]    // seeds of pod specs that end
}

// reference is what one object must know to point at another.
type reference struct{ kind, namespace, name, app string }

func newBuilder(options Options) *builder {
	return &builder{options: options, plan: planFor(options.Objects)}
}

// object makes the i-th object of the cluster.
func (b *builder) object(i int) object {
	switch {
	case i < b.plan.namespaces:
		return b.finish(b.draft("Namespace", i))
	case i < b.plan.framed():
		return b.finish(b.draft("ServiceAccount", i))
	}
	d := diceFor(b.options.Seed, uint64(i))
	return b.finish(b.draft(pickKind(&d), i))
}

// draft is one object in the making.
type draft struct {
	dice
	*builder
	index                      int
	kind, namespace, name, app string
}

func (b *builder) draft(kind string, i int) *draft {
	// The kind was drawn from the same seed and index; another stream keeps the
	// contents independent of it.
	d := &draft{dice: diceFor(b.options.Seed^0x5bd1e995, uint64(i)), builder: b, index: i, kind: kind}
	d.app = appName(&d.dice)
	d.name = d.app + "-" + strconv.FormatInt(int64(i), 36)
	d.namespace = d.pickNamespace()
	return d
}

// pickNamespace favours the first ones: some teams are much larger than others.
func (d *draft) pickNamespace() string {
	if d.slips(0.1) {
		return "default"
	}
	skewed := d.fraction() * d.fraction()
	return d.plan.namespace(d.options.Seed, int(skewed*float64(d.plan.namespaces)))
}

// slips is true when the object makes a mistake that its authors make with the
// given weight; the cluster's mistake rate scales it.
func (d *draft) slips(weight float64) bool { return d.chance(weight * d.options.MistakeRate) }

// maker is how an object of one kind is made: an apiVersion, whether it lives
// in a namespace, and what comes after its metadata.
type maker struct {
	apiVersion string
	global     bool
	body       func(*draft) mapping
}

func makerOf(kind string) maker {
	switch kind {
	case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet":
		return maker{"apps/v1", false, (*draft).appsWorkload}
	case "Pod":
		return maker{"v1", false, (*draft).pod}
	case "Job":
		return maker{"batch/v1", false, (*draft).job}
	case "CronJob":
		return maker{"batch/v1", false, (*draft).cronJob}
	case "Service":
		return maker{"v1", false, (*draft).service}
	case "Ingress":
		return maker{"networking.k8s.io/v1", false, (*draft).ingress}
	case "NetworkPolicy":
		return maker{"networking.k8s.io/v1", false, (*draft).networkPolicy}
	case "ConfigMap":
		return maker{"v1", false, (*draft).configMap}
	case "Secret":
		return maker{"v1", false, (*draft).secret}
	case "HorizontalPodAutoscaler":
		return maker{"autoscaling/v2", false, (*draft).autoscaler}
	case "PodDisruptionBudget":
		return maker{"policy/v1", false, (*draft).disruptionBudget}
	case "PersistentVolumeClaim":
		return maker{"v1", false, (*draft).volumeClaim}
	case "PersistentVolume":
		return maker{"v1", true, (*draft).volume}
	case "Node":
		return maker{"v1", true, (*draft).node}
	default:
		return accessMakerOf(kind)
	}
}

// accessMakerOf covers identities, roles, namespaces and admission.
func accessMakerOf(kind string) maker {
	switch kind {
	case "ServiceAccount":
		return maker{"v1", false, (*draft).serviceAccount}
	case "Role":
		return maker{"rbac.authorization.k8s.io/v1", false, (*draft).role}
	case "ClusterRole":
		return maker{"rbac.authorization.k8s.io/v1", true, (*draft).role}
	case "RoleBinding":
		return maker{"rbac.authorization.k8s.io/v1", false, (*draft).binding}
	case "ClusterRoleBinding":
		return maker{"rbac.authorization.k8s.io/v1", true, (*draft).binding}
	case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration":
		return maker{"admissionregistration.k8s.io/v1", true, (*draft).webhook}
	default:
		return maker{"v1", true, (*draft).namespaceObject}
	}
}

// finish makes the object. The body comes first, because some kinds choose
// their own name or namespace in it.
func (b *builder) finish(d *draft) object {
	m := makerOf(d.kind)
	body := m.body(d)
	if m.global {
		d.namespace = ""
	}
	tree := mapping{{"apiVersion", m.apiVersion}, {"kind", d.kind}, {"metadata", d.metadata()}}
	return object{d.kind, d.namespace, d.name, append(tree, body...)}
}
