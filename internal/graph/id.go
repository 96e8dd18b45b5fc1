package graph

import (
	"fmt"
	"strconv"
	"strings"
)

// NodeID is the stable identity of a node: its kind and its natural key, for
// example "k8s:apps/Deployment:shop/kitchen" or "k8s:Node:worker-1". Two
// observations of one thing carry one NodeID, whatever the API version, file
// or time of the observation.
type NodeID string

// ObjectID is the identity of a Kubernetes object. The API version is not part
// of it: batch/v1beta1 and batch/v1 name the same CronJob. Namespace is empty
// for cluster-scoped objects.
func ObjectID(group, kind, namespace, name string) NodeID {
	var b strings.Builder
	b.Grow(len(group) + len(kind) + len(namespace) + len(name) + 8)
	b.WriteString("k8s:")
	if group != "" {
		b.WriteString(escape(group, escapedInKind))
		b.WriteByte('/')
	}
	b.WriteString(escape(kind, escapedInKind))
	b.WriteByte(':')
	if namespace != "" {
		b.WriteString(escapeKey(namespace))
		b.WriteByte('/')
	}
	b.WriteString(escapeKey(name))
	return NodeID(b.String())
}

// KeyedID is the identity of a node that is not a Kubernetes object: its kind
// and its natural key, for example KeyedID("group", "system:masters").
func KeyedID(kind, key string) NodeID {
	return NodeID(kind + ":" + escapeKey(key))
}

// Object splits an identity made by [ObjectID] into its parts; ok is false for
// every other identity.
func (id NodeID) Object() (group, kind, namespace, name string, ok bool) {
	rest, found := strings.CutPrefix(string(id), "k8s:")
	if !found {
		return "", "", "", "", false
	}
	typ, key, found := strings.Cut(rest, ":")
	if !found {
		return "", "", "", "", false
	}
	if g, k, grouped := strings.Cut(typ, "/"); grouped {
		group, typ = unescape(g), k
	}
	if ns, n, namespaced := strings.Cut(key, "/"); namespaced {
		namespace, key = ns, n
	}
	return group, unescape(typ), unescape(namespace), unescape(key), true
}

// Keyed splits an identity made by [KeyedID] into kind and natural key; ok is
// false for every other identity.
func (id NodeID) Keyed() (kind, key string, ok bool) {
	kind, key, ok = strings.Cut(string(id), ":")
	if kind == "k8s" {
		return "", "", false
	}
	return kind, unescape(key), ok
}

// escaped lists what has a meaning of its own in an identity. Names, kinds and
// groups that Kubernetes itself would accept hold none of it, except that names
// of RBAC objects hold colons, which are therefore left alone in keys.
const (
	escapedInKey  = "%/@"
	escapedInKind = "%/@:"
)

func escapeKey(s string) string { return escape(s, escapedInKey) }

// escape writes bytes that would be misread, and control characters, as %XX.
func escape(s, special string) string {
	hostile := func(c byte) bool { return c < ' ' || c == 0x7f || strings.IndexByte(special, c) >= 0 }
	clean := true
	for i := range len(s) {
		clean = clean && !hostile(s[i])
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if hostile(s[i]) {
			fmt.Fprintf(&b, "%%%02X", s[i])
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if code, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(code))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
