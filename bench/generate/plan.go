package generate

import "fmt"

// plan is the frame of a cluster, known before the first object is made: how
// many namespaces there are and which service accounts each of them has.
type plan struct {
	namespaces int // objects; the namespace "default" is one more, without an object
	accounts   int // service accounts in each namespace, the default one too
}

// A namespace for every 60 objects and a few accounts each is about what teams have.
func planFor(objects int) plan {
	p := plan{namespaces: 1 + objects/60}
	p.accounts = 1
	if objects >= 200 {
		p.accounts = 2
	}
	return p
}

// framed is how many objects come before the mix of all kinds begins.
func (p plan) framed() int { return p.namespaces + (p.namespaces+1)*p.accounts }

// namespace is the name of the i-th namespace; the one past the last object is
// "default", which every cluster has.
func (p plan) namespace(seed uint64, i int) string {
	if i == p.namespaces {
		return "default"
	}
	d := diceFor(seed, uint64(i))
	return fmt.Sprintf("%s-%s-%d", oneOf(&d, teams), oneOf(&d, stages), i)
}

// account is the name of the i-th service account of every namespace. They are
// the same everywhere, so that a copied pod spec is valid in any namespace.
func (p plan) account(i int) string { return [...]string{"app", "deployer"}[i%2] }

// kindWeights is the mix after the frame. Seventy in a hundred are workloads,
// the frame counted in.
var kindWeights = []struct {
	kind   string
	weight int
}{
	{"Deployment", 280}, {"Pod", 160}, {"ReplicaSet", 105}, {"StatefulSet", 65}, {"Job", 55}, {"CronJob", 55}, {"DaemonSet", 35},
	{"Service", 65}, {"ConfigMap", 40}, {"Secret", 32}, {"NetworkPolicy", 20}, {"RoleBinding", 20}, {"Role", 16},
	{"Ingress", 15}, {"PersistentVolumeClaim", 14}, {"HorizontalPodAutoscaler", 11}, {"PodDisruptionBudget", 10},
	{"ClusterRole", 10}, {"ClusterRoleBinding", 10}, {"PersistentVolume", 8}, {"Node", 5},
	{"ValidatingWebhookConfiguration", 1}, {"MutatingWebhookConfiguration", 1},
}

// pickKind draws from kindWeights.
func pickKind(d *dice) string {
	total := 0
	for _, k := range kindWeights {
		total += k.weight
	}
	drawn := d.below(total)
	for _, k := range kindWeights {
		if drawn < k.weight {
			return k.kind
		}
		drawn -= k.weight
	}
	return kindWeights[0].kind
}
