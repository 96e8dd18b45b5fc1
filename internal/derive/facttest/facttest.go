// Package facttest makes graph snapshots from YAML text, with positions, for
// the tests of derivers and analyzers. It is a short cut past the sources: no
// files, no templates, no lists to unroll. Product code must not import it.
package facttest

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/foilsec/foil/internal/graph"
)

// clusterKinds are the kinds without a namespace that tests use; an object of
// any other kind is put into "default" when it names none.
var clusterKinds = map[graph.Kind]bool{
	"Namespace": true, "Node": true, "PersistentVolume": true,
	"storage.k8s.io/StorageClass":                                 true,
	"rbac.authorization.k8s.io/ClusterRole":                       true,
	"rbac.authorization.k8s.io/ClusterRoleBinding":                true,
	"networking.k8s.io/IngressClass":                              true,
	"gateway.networking.k8s.io/GatewayClass":                      true,
	"cilium.io/CiliumClusterwideNetworkPolicy":                    true,
	"admissionregistration.k8s.io/ValidatingWebhookConfiguration": true,
	"admissionregistration.k8s.io/MutatingWebhookConfiguration":   true,
}

// Snapshot is the snapshot of the objects in a YAML text of several documents.
func Snapshot(t testing.TB, text string) *graph.Snapshot {
	t.Helper()
	b := &graph.Builder{}
	if err := Add(b, text); err != nil {
		t.Fatal(err)
	}
	return b.Snapshot()
}

// Add adds the objects of a YAML text of several documents to a builder.
func Add(b *graph.Builder, text string) error {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read test objects: %w", err)
		}
		object, err := Value(document.Content[0])
		if err != nil {
			return err
		}
		b.AddObject(object, namespaceOf(object), graph.Provenance{Source: "test", Position: object.Position()})
	}
}

// Value converts a YAML node.
func Value(node *yaml.Node) (graph.Value, error) {
	var d graph.DocumentBuilder
	if err := add(&d, "", node, position(node)); err != nil {
		return graph.Value{}, err
	}
	document, err := d.Finish()
	return document.Root(), err
}

func namespaceOf(object graph.Value) string {
	group, _ := graph.SplitAPIVersion(object.Get("apiVersion").Str())
	if clusterKinds[graph.GroupKind(group, object.Get("kind").Str())] {
		return ""
	}
	if namespace := object.At("metadata", "namespace").Str(); namespace != "" {
		return namespace
	}
	return "default"
}

func add(d *graph.DocumentBuilder, key string, node *yaml.Node, at graph.Position) error {
	switch node.Kind {
	case yaml.MappingNode:
		d.OpenMap(key, at)
		for i := 0; i+1 < len(node.Content); i += 2 {
			if err := add(d, node.Content[i].Value, node.Content[i+1], position(node.Content[i])); err != nil {
				return err
			}
		}
		d.Close()
	case yaml.SequenceNode:
		d.OpenList(key, at)
		for _, item := range node.Content {
			if err := add(d, "", item, position(item)); err != nil {
				return err
			}
		}
		d.Close()
	default:
		return addScalar(d, key, node, at)
	}
	return nil
}

func addScalar(d *graph.DocumentBuilder, key string, node *yaml.Node, at graph.Position) error {
	var value any
	if err := node.Decode(&value); err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}
	switch v := value.(type) {
	case nil:
		d.Null(key, at)
	case bool:
		d.Bool(key, v, at)
	case int:
		d.Int(key, int64(v), at)
	case float64:
		d.Float(key, v, at)
	default:
		d.String(key, node.Value, at)
	}
	return nil
}

func position(node *yaml.Node) graph.Position {
	return graph.Position{File: "test.yaml", Line: node.Line, Column: node.Column}
}
