package rbac

import (
	"fmt"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
)

const rights = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {verbs: [get], apiGroups: [""], resources: [secrets, "*/log"], resourceNames: [one]}
- {verbs: [get], nonResourceURLs: [/logs/*]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: in-shop, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: kitchen}, {kind: Group, name: cooks}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: everywhere}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: User, name: mia}]
`

func TestAuthorize(t *testing.T) {
	x := NewIndex(facttest.Snapshot(t, rights))
	secret := func(namespace, name string) Question {
		return Question{Verb: "get", Resource: "secrets", Namespace: namespace, Name: name}
	}
	for _, c := range []struct {
		who  Identity
		what Question
		want bool
	}{
		{Account("shop", "kitchen"), secret("shop", "one"), true},
		{Account("shop", "kitchen"), secret("shop", "two"), false},
		{Account("shop", "kitchen"), secret("other", "one"), false},
		{Account("shop", "kitchen"), secret("", "one"), false},
		{Account("other", "kitchen"), secret("shop", "one"), false},
		{Identity{User: "x", Groups: []string{"cooks"}}, secret("shop", "one"), true},
		{Identity{User: "mia"}, secret("", "one"), true},
		{Identity{User: "mia"}, secret("other", "one"), true},
		{Identity{User: "mia"}, Question{Verb: "get", Path: "/logs/a"}, true},
		{Identity{User: "mia"}, Question{Verb: "get", Path: "/logs"}, false},
		{Account("shop", "kitchen"), Question{Verb: "get", Path: "/logs/a"}, false}, // a path is in no namespace
		{Identity{User: "mia"}, Question{Verb: "get", Resource: "pods", Subresource: "log", Name: "one"}, true},
		{Identity{User: "mia"}, Question{Verb: "get", Resource: "pods", Name: "one"}, false},
		{Identity{User: "root", Groups: []string{Masters}}, Question{Verb: "delete", Resource: "nodes"}, true},
	} {
		if got := x.Authorize(c.who, c.what); got.Allowed != c.want {
			t.Errorf("%v %+v: got %v, want %v", c.who, c.what, got.Allowed, c.want)
		}
	}
}

func TestWhoCan(t *testing.T) {
	x := NewIndex(facttest.Snapshot(t, rights))
	var got []string
	for _, g := range x.WhoCan(Question{Verb: "get", Resource: "secrets", Namespace: "shop", Name: "one"}) {
		got = append(got, g.Subject.String()+" by "+g.Binding.Node.Name)
	}
	want := "[User mia by everywhere ServiceAccount shop/kitchen by in-shop Group cooks by in-shop]"
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
