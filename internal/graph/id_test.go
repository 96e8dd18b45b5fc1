package graph

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
)

// goldenIdentities calls check with every line of the golden file.
func goldenIdentities(t testing.TB, check func(id NodeID, group, kind, namespace, name string)) {
	t.Helper()
	file, err := os.Open("testdata/identities.golden")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		var id, group, kind, namespace, name string
		if _, err := fmt.Sscanf(lines.Text(), "%q %q %q %q %q", &id, &group, &kind, &namespace, &name); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		check(NodeID(id), group, kind, namespace, name)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestObjectIdentitiesStay(t *testing.T) {
	goldenIdentities(t, func(id NodeID, group, kind, namespace, name string) {
		if got := ObjectID(group, kind, namespace, name); got != id {
			t.Errorf("ObjectID(%q, %q, %q, %q) = %q, want %q", group, kind, namespace, name, got, id)
		}
		g, k, ns, n, ok := id.Object()
		if !ok || g != group || k != kind || ns != namespace || n != name {
			t.Errorf("%q.Object() = %q, %q, %q, %q, %t", id, g, k, ns, n, ok)
		}
	})
}

func TestOtherIdentities(t *testing.T) {
	for want, got := range map[NodeID]NodeID{
		"group:system:masters": KeyedID("group", "system:masters"),
		"user:a%2Fb%40c":       KeyedID("user", "a/b@c"),
		"cluster:":             KeyedID("cluster", ""),
	} {
		if got != want {
			t.Errorf("identity %q, want %q", got, want)
		}
		if _, _, _, _, ok := got.Object(); ok {
			t.Errorf("%q is taken for an object", got)
		}
	}
	for _, id := range []NodeID{"", "k8s:", "k8s:Pod", "image:k8s:Pod:x"} {
		if _, _, _, _, ok := id.Object(); ok {
			t.Errorf("%q is taken for an object", id)
		}
	}
}

// FuzzObjectID holds that no two objects share an identity: it can always be
// read back.
func FuzzObjectID(f *testing.F) {
	goldenIdentities(f, func(_ NodeID, group, kind, namespace, name string) { f.Add(group, kind, namespace, name) })
	f.Fuzz(func(t *testing.T, group, kind, namespace, name string) {
		id := ObjectID(group, kind, namespace, name)
		g, k, ns, n, ok := id.Object()
		if !ok || g != group || k != kind || ns != namespace || n != name {
			t.Errorf("%q.Object() = %q, %q, %q, %q, %t; want %q, %q, %q, %q", id, g, k, ns, n, ok, group, kind, namespace, name)
		}
		if i := strings.IndexFunc(string(id), func(r rune) bool { return r < ' ' || r == 0x7f || r == '@' }); i >= 0 {
			t.Errorf("%q holds a byte that is not escaped at %d", id, i)
		}
	})
}

func TestKeyedIdentitiesComeApart(t *testing.T) {
	for _, key := range []string{"system:masters", "a/b@sha256:c%", "", "\x01"} {
		kind, got, ok := KeyedID("image", key).Keyed()
		if kind != "image" || got != key || !ok {
			t.Errorf("%q: got %q %q %v", key, kind, got, ok)
		}
	}
	if _, _, ok := ObjectID("", "Pod", "shop", "web").Keyed(); ok {
		t.Error("an object has a key")
	}
}
