package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/cluster"
)

const questions = 2000

// TestAnswersEqualTheAPIServers asks the API server and foil the same questions
// over random roles and bindings: users, groups and service accounts, resources
// with and without names, subresources, wildcards, aggregated roles, paths.
func TestAnswersEqualTheAPIServers(t *testing.T) {
	c := shared.Cluster(t)
	random := rand.New(rand.NewPCG(7, 11))
	if err := c.Apply(t.Context(), randomRights(random)); err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	config.QPS, config.Burst = 1000, 1000
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	awaitRights(t, client)
	o := cluster.DefaultOptions()
	o.Kubeconfig = c.Kubeconfig()
	source, err := cluster.New(o)
	if err != nil {
		t.Fatal(err)
	}
	var b graph.Builder
	if err := source.Collect(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	index := rbac.NewIndex(b.Snapshot())
	asked := make([]asking, questions)
	for i := range asked {
		asked[i] = randomQuestion(random)
	}
	answers := ask(t, client, asked)
	allowed := 0
	for i, a := range asked {
		got := index.Authorize(a.who, a.what)
		if got.Allowed {
			allowed++
		}
		if got.Allowed != answers[i] {
			t.Errorf("%+v: foil says %v, the API server %v", a, got.Allowed, answers[i])
		}
	}
	t.Logf("%d of %d questions are allowed", allowed, questions)
	if allowed < questions/20 || allowed > questions*19/20 {
		t.Errorf("%d of %d questions are allowed: too few of one kind to tell anything", allowed, questions)
	}
}

type asking struct {
	who  rbac.Identity
	what rbac.Question
}

func ask(t *testing.T, client kubernetes.Interface, asked []asking) []bool {
	t.Helper()
	answers := make([]bool, len(asked))
	queue := make(chan int)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for i := range queue {
				ok, err := review(t.Context(), client, asked[i])
				if err != nil {
					t.Error(err)
				}
				answers[i] = ok
			}
		})
	}
	for i := range asked {
		queue <- i
	}
	close(queue)
	workers.Wait()
	return answers
}

func review(ctx context.Context, client kubernetes.Interface, a asking) (bool, error) {
	spec := authorizationv1.SubjectAccessReviewSpec{User: a.who.User, Groups: a.who.Groups}
	if q := a.what; q.Path != "" {
		spec.NonResourceAttributes = &authorizationv1.NonResourceAttributes{Path: q.Path, Verb: q.Verb}
	} else {
		spec.ResourceAttributes = &authorizationv1.ResourceAttributes{
			Namespace: q.Namespace, Verb: q.Verb, Group: q.Group, Resource: q.Resource, Subresource: q.Subresource, Name: q.Name,
		}
	}
	r, err := client.AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{Spec: spec}, metav1.CreateOptions{})
	if err != nil {
		return false, err
	}
	return r.Status.Allowed, nil
}

// awaitRights waits until the authorizer of the API server has seen the last
// binding, and the controller has filled the aggregated roles.
func awaitRights(t *testing.T, client kubernetes.Interface) {
	t.Helper()
	last := asking{rbac.Identity{User: "last"}, rbac.Question{Verb: "get", Resource: "lasts", Group: "last.example"}}
	for range 300 {
		if ok, err := review(t.Context(), client, last); err == nil && ok {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the API server does not know the last binding after 30 seconds")
}

var (
	rightsVerbs      = []string{"get", "list", "create", "delete", "escalate", "*"}
	rightsGroups     = []string{"", "apps", "rbac.authorization.k8s.io", "*"}
	rightsResources  = []string{"pods", "pods/log", "pods/exec", "secrets", "deployments", "deployments/scale", "roles", "*", "*/scale", "*/log"}
	rightsNames      = []string{"one", "two"}
	rightsPaths      = []string{"/metrics", "/logs/*", "/api*", "*", "/version"}
	rightsNamespaces = []string{"rights-a", "rights-b"}
)

func some(random *rand.Rand, from []string, most int) string {
	var list []string
	for range 1 + random.IntN(most) {
		list = append(list, fmt.Sprintf("%q", from[random.IntN(len(from))]))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func randomRules(random *rand.Rand, cluster bool) string {
	var b strings.Builder
	for range 1 + random.IntN(2) {
		if cluster && random.IntN(4) == 0 {
			fmt.Fprintf(&b, "- {verbs: %s, nonResourceURLs: %s}\n", some(random, rightsVerbs, 2), some(random, rightsPaths, 2))
			continue
		}
		fmt.Fprintf(&b, "- {verbs: %s, apiGroups: %s, resources: %s", some(random, rightsVerbs, 2), some(random, rightsGroups, 2), some(random, rightsResources, 3))
		if random.IntN(4) == 0 {
			fmt.Fprintf(&b, ", resourceNames: %s", some(random, rightsNames, 2))
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func randomSubject(random *rand.Rand) string {
	switch random.IntN(4) {
	case 0:
		return fmt.Sprintf("{apiGroup: rbac.authorization.k8s.io, kind: User, name: user-%d}", random.IntN(4))
	case 1:
		groups := []string{"group-0", "group-1", "system:serviceaccounts:rights-a"}
		return fmt.Sprintf("{apiGroup: rbac.authorization.k8s.io, kind: Group, name: %q}", groups[random.IntN(len(groups))])
	case 2:
		return fmt.Sprintf("{apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:serviceaccount:rights-b:account-%d'}", random.IntN(3))
	}
	return fmt.Sprintf("{kind: ServiceAccount, namespace: %s, name: account-%d}", rightsNamespaces[random.IntN(2)], random.IntN(3))
}

// randomRights are namespaces, roles, bindings, an aggregated role, and a last
// binding that rests on it.
func randomRights(random *rand.Rand) string {
	var b strings.Builder
	for _, n := range rightsNamespaces {
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n", n)
	}
	const header = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: %s\nmetadata: {name: rights-%d%s}\n"
	for i := range 12 {
		fmt.Fprintf(&b, header+"rules:\n%s", "ClusterRole", i, "", randomRules(random, true))
		namespace := rightsNamespaces[random.IntN(2)]
		fmt.Fprintf(&b, header+"rules:\n%s", "Role", i, ", namespace: "+namespace, randomRules(random, false))
		fmt.Fprintf(&b, header+"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: rights-%d}\nsubjects: [%s, %s]\n",
			"RoleBinding", i, ", namespace: "+namespace, i, randomSubject(random), randomSubject(random))
		fmt.Fprintf(&b, header+"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: rights-%d}\nsubjects: [%s]\n",
			"RoleBinding", 100+i, ", namespace: "+rightsNamespaces[random.IntN(2)], i, randomSubject(random))
		if i%3 == 0 {
			fmt.Fprintf(&b, header+"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: rights-%d}\nsubjects: [%s]\n",
				"ClusterRoleBinding", i, "", i, randomSubject(random))
		}
	}
	b.WriteString(`---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: rights-part, labels: {rights: part}}
rules: [{verbs: [get], apiGroups: [last.example], resources: [lasts]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: rights-whole}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {rights: part}}]}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: rights-whole}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: rights-whole}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: last}]
`)
	return b.String()
}

func randomQuestion(random *rand.Rand) asking {
	var who rbac.Identity
	switch random.IntN(3) {
	case 0:
		who = rbac.Account(rightsNamespaces[random.IntN(2)], fmt.Sprint("account-", random.IntN(3)))
	default:
		who = rbac.Identity{User: fmt.Sprint("user-", random.IntN(4)), Groups: []string{fmt.Sprint("group-", random.IntN(3)), "system:authenticated"}}
	}
	verb := rightsVerbs[random.IntN(len(rightsVerbs)-1)]
	if random.IntN(6) == 0 {
		paths := []string{"/metrics", "/logs/a", "/logs", "/api", "/apis/apps", "/version", "/healthz"}
		return asking{who, rbac.Question{Verb: verb, Path: paths[random.IntN(len(paths))]}}
	}
	resource, subresource, _ := strings.Cut(rightsResources[random.IntN(7)], "/")
	q := rbac.Question{Verb: verb, Group: rightsGroups[random.IntN(3)], Resource: resource, Subresource: subresource}
	if random.IntN(5) > 0 {
		q.Namespace = rightsNamespaces[random.IntN(2)]
	}
	if random.IntN(2) == 0 {
		q.Name = []string{"one", "two", "three"}[random.IntN(3)]
	}
	return asking{who, q}
}
