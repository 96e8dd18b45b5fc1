package graph

import "strings"

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
		b.WriteString(group)
		b.WriteByte('/')
	}
	b.WriteString(escapeKey(kind))
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
	if i := strings.LastIndexByte(typ, '/'); i >= 0 {
		group, typ = typ[:i], typ[i+1:]
	}
	if ns, n, namespaced := strings.Cut(key, "/"); namespaced {
		namespace, key = ns, n
	}
	return group, unescapeKey(typ), unescapeKey(namespace), unescapeKey(key), true
}

// keyEscaper protects the separators of an identity in hostile names; names
// that Kubernetes itself would accept contain none of these bytes.
var (
	keyEscaper   = strings.NewReplacer("%", "%25", "/", "%2F", "@", "%40", "\n", "%0A", "\r", "%0D", "\x00", "%00", "\x1b", "%1B")
	keyUnescaper = strings.NewReplacer("%2F", "/", "%40", "@", "%0A", "\n", "%0D", "\r", "%00", "\x00", "%1B", "\x1b", "%25", "%")
)

func escapeKey(s string) string {
	if strings.IndexFunc(s, needsEscape) < 0 {
		return s
	}
	return keyEscaper.Replace(s)
}

func unescapeKey(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	return keyUnescaper.Replace(s)
}

func needsEscape(r rune) bool {
	return r < ' ' || r == '%' || r == '/' || r == '@'
}
