package config

import (
	"bytes"
	"encoding/gob"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// memory is a cache that counts.
type memory struct {
	mu      sync.Mutex
	entries map[string][]byte
	puts    int
}

func newMemory() *memory { return &memory{entries: map[string][]byte{}} }

func (m *memory) Get(key string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.entries[key]
	return value, ok
}

func (m *memory) Put(key string, value []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries[key] = value
	m.puts++
}

// policy is a user's own policy for pods.
func policy(name, expression string) control.File {
	return control.File{Name: name + ".yaml", Data: []byte(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: ` + name + `}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: ["*"], operations: ["*"], resources: [pods]}]
  validations:
  - expression: "` + expression + `"
    message: refused by ` + name + `
`)}
}

func TestSecondRunEqualsFirst(t *testing.T) {
	set := compiled(t, library(t), settings(t))
	s := snapshotOf(fixtures(t)...)
	want := run(t, New(set, 2, nil), s).String()
	cache := newMemory()
	for _, name := range []string{"first", "second", "third"} {
		if got := run(t, New(set, 2, cache), s).String(); got != want {
			t.Fatalf("the %s run with a cache differs from a run without one", name)
		}
	}
	if cache.puts != 1 || len(cache.entries) != 1 {
		t.Errorf("%d writes of %d entries, want one: nothing changed between the runs", cache.puts, len(cache.entries))
	}
}

// poison turns every verdict in the cache into a failure with a text of its own.
func (m *memory) poison(t *testing.T) {
	t.Helper()
	for key, data := range m.entries {
		var known map[objectKey][]stored
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&known); err != nil {
			t.Fatal(err)
		}
		for _, results := range known {
			for i := range results {
				results[i] = stored{Outcome: control.Failed, Message: "from the cache"}
			}
		}
		var out bytes.Buffer
		if err := gob.NewEncoder(&out).Encode(known); err != nil {
			t.Fatal(err)
		}
		m.entries[key] = out.Bytes()
	}
}

// fromCache counts the verdicts that were not evaluated anew.
func (r *record) fromCache() (cached, fresh int) {
	for _, f := range r.findings {
		if f.Message.EN == "from the cache" {
			cached++
		} else {
			fresh++
		}
	}
	return cached, fresh
}

const pods = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {stage: live}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: lab}}
---
{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {hostPID: true}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop}, spec: {hostPID: true}}
---
{apiVersion: v1, kind: Pod, metadata: {name: c, namespace: lab}, spec: {hostPID: true}}
`

// TestUnchangedObjectsAreNotEvaluated poisons the cache between two runs: what
// comes out poisoned was not evaluated. Each change makes exactly the verdicts
// fresh that could depend on it.
func TestUnchangedObjectsAreNotEvaluated(t *testing.T) {
	mine := policy("no-host-pid", "!object.spec.?hostPID.orValue(false)")
	tuned := control.Settings{"allowed": {"a"}}
	for name, test := range map[string]struct {
		policies      []control.File
		settings      control.Settings
		objects       string
		cached, fresh int
	}{
		"nothing":               {[]control.File{mine}, tuned, pods, 3, 0},
		"a policy":              {[]control.File{policy("no-host-pid", "!object.spec.?hostPID.orValue(false) && true")}, tuned, pods, 0, 3},
		"its message":           {[]control.File{{Name: mine.Name, Data: bytes.Replace(mine.Data, []byte("refused"), []byte("stopped"), 1)}}, tuned, pods, 0, 3},
		"one more policy":       {[]control.File{mine, policy("other", "true")}, tuned, pods, 0, 3},
		"a setting":             {[]control.File{mine}, control.Settings{"allowed": {"b"}}, pods, 0, 3},
		"one pod":               {[]control.File{mine}, tuned, strings.Replace(pods, "name: b, namespace: shop}, spec: {hostPID: true", "name: b, namespace: shop}, spec: {hostPID: true, hostIPC: true", 1), 2, 1},
		"a namespace":           {[]control.File{mine}, tuned, strings.Replace(pods, "stage: live", "stage: test", 1), 1, 2},
		"a namespace is gone":   {[]control.File{mine}, tuned, strings.Replace(pods, "{apiVersion: v1, kind: Namespace, metadata: {name: lab}}", "", 1), 2, 1},
		"one line further down": {[]control.File{mine}, tuned, strings.Replace(pods, "---\n{apiVersion: v1, kind: Pod, metadata: {name: c", "---\n\n{apiVersion: v1, kind: Pod, metadata: {name: c", 1), 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			cache := newMemory()
			run(t, New(compiled(t, parsed(t, mine), tuned), 1, cache), snapshotOf(documents(t, "f.yaml", pods)...))
			cache.poison(t)
			set := compiled(t, parsed(t, test.policies...), test.settings)
			cached, fresh := run(t, New(set, 1, cache), snapshotOf(documents(t, "f.yaml", test.objects)...)).fromCache()
			if cached != test.cached || fresh != test.fresh {
				t.Errorf("%d verdicts from the cache, %d fresh; want %d and %d", cached, fresh, test.cached, test.fresh)
			}
		})
	}
}

// TestErrorsAreTriedAgain: a verdict that could not be given is not kept.
func TestErrorsAreTriedAgain(t *testing.T) {
	set := compiled(t, parsed(t, policy("fragile", "object.spec.nodeName == 'a'"), policy("plain", "false")), nil)
	s := snapshotOf(documents(t, "f.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {}}")...)
	cache := newMemory()
	first := run(t, New(set, 1, cache), s)
	if len(first.errors) != 1 || len(first.findings) != 1 {
		t.Fatalf("first run: %s", first)
	}
	cache.poison(t)
	if second := run(t, New(set, 1, cache), s); second.String() != first.String() {
		t.Errorf("second run:\n%s\nfirst run:\n%s", second, first)
	}
}

// TestBadCacheIsIgnored gives back what no run has written.
func TestBadCacheIsIgnored(t *testing.T) {
	set := compiled(t, parsed(t, policy("no-host-pid", "!object.spec.?hostPID.orValue(false)")), nil)
	s := snapshotOf(documents(t, "f.yaml", pods)...)
	want := run(t, New(set, 1, nil), s).String()
	good := newMemory()
	run(t, New(set, 1, good), s)
	for key, data := range good.entries {
		wrongCount := encoded(t, func(known map[objectKey][]stored) {
			for k := range known {
				known[k] = append(known[k], stored{})
			}
		}, data)
		for name, bad := range map[string][]byte{
			"empty": {}, "garbage": []byte("garbage that is no encoding of anything"), "truncated": data[:len(data)/2],
			"one byte less": data[:len(data)-1], "zeros": make([]byte, len(data)), "another number of policies": wrongCount,
		} {
			cache := &memory{entries: map[string][]byte{key: bad}}
			if got := run(t, New(set, 1, cache), s).String(); got != want {
				t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
			}
			if !bytes.Equal(cache.entries[key], data) && !sameVerdicts(t, cache.entries[key], data) {
				t.Errorf("%s: the entry was not written anew", name)
			}
		}
	}
}

func encoded(t *testing.T, change func(map[objectKey][]stored), data []byte) []byte {
	t.Helper()
	known := decoded(t, data)
	change(known)
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(known); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func decoded(t *testing.T, data []byte) map[objectKey][]stored {
	t.Helper()
	var known map[objectKey][]stored
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&known); err != nil {
		t.Fatal(err)
	}
	return known
}

func sameVerdicts(t *testing.T, a, b []byte) bool {
	t.Helper()
	x, y := decoded(t, a), decoded(t, b)
	return maps.EqualFunc(x, y, func(p, q []stored) bool { return len(p) == len(q) })
}

// TestCacheForgetsWhatIsGone: the entry holds what the last run saw, so that it
// does not grow for ever.
func TestCacheForgetsWhatIsGone(t *testing.T) {
	set := compiled(t, parsed(t, policy("no-host-pid", "!object.spec.?hostPID.orValue(false)")), nil)
	all := documents(t, "f.yaml", pods)
	cache := newMemory()
	sizes := []int{}
	for _, objects := range [][]graph.Value{all, all[:3]} {
		run(t, New(set, 1, cache), snapshotOf(objects...))
		for _, data := range cache.entries {
			sizes = append(sizes, len(decoded(t, data)))
		}
	}
	if len(sizes) != 2 || sizes[0] != 3 || sizes[1] != 1 {
		t.Errorf("the entry holds %v objects, want 3 and then 1", sizes)
	}
}
