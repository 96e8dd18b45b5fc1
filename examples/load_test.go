// Package examples_test holds the example shop to what its README says: every
// manifest decodes strictly, and every row of the table of mistakes names a
// technique of the threat matrix, an object and the file that declares it.
//
// It reads burrito-shop with the Helm, Kustomize and Kubernetes libraries
// alone, not with foil, so that a fault in foil cannot hide one in the example.
package examples_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const (
	shop     = "burrito-shop"
	chartDir = "burrito-shop/loyalty/chart"
	overlay  = "burrito-shop/ordering/overlays/prod"
)

// document is one object of the shop as YAML, with the file that declares it:
// a manifest, a chart's template, or the overlay's kustomization.
type document struct {
	file string
	yaml []byte
}

// id is how README and tests name an object.
func (d document) id(t *testing.T) string {
	t.Helper()
	object := d.object(t)
	return object.GetKind() + "/" + object.GetName()
}

func (d document) object(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(d.yaml, &object.Object); err != nil {
		t.Fatalf("%s: %v", d.file, err)
	}
	return object
}

// loadShop is every object that a scan of the folder sees, production values.
func loadShop(t *testing.T) []document {
	t.Helper()
	documents := plainManifests(t)
	documents = append(documents, renderChart(t, "values-prod.yaml")...)
	return append(documents, buildOverlay(t)...)
}

func plainManifests(t *testing.T) []document {
	t.Helper()
	var documents []document
	err := filepath.WalkDir(shop, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (path == chartDir || path == filepath.Join(shop, "ordering")):
			return filepath.SkipDir
		case filepath.Ext(path) != ".yaml":
			return nil
		}
		content, err := os.ReadFile(path)
		documents = append(documents, split(t, path, content)...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

func split(t *testing.T, file string, content []byte) []document {
	t.Helper()
	var documents []document
	reader := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(content)))
	buffer := make([]byte, len(content)+1)
	for {
		n, err := reader.Read(buffer)
		if errors.Is(err, io.EOF) {
			return documents
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		text := bytes.TrimSpace(buffer[:n])
		if len(text) > 0 && !bytes.Equal(text, []byte("---")) {
			documents = append(documents, document{file, bytes.Clone(text)})
		}
	}
}

// renderChart renders the loyalty chart with the given values files.
func renderChart(t *testing.T, valuesFiles ...string) []document {
	t.Helper()
	loaded, err := loader.LoadDir(chartDir)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{}
	for _, name := range valuesFiles {
		overrides, err := common.ReadValuesFile(filepath.Join(chartDir, name))
		if err != nil {
			t.Fatal(err)
		}
		values = loader.MergeMaps(values, overrides)
	}
	files, err := renderFiles(loaded, values)
	if err != nil {
		t.Fatal(err)
	}
	var documents []document
	for name, content := range files {
		if filepath.Ext(name) == ".yaml" {
			path := filepath.Join(chartDir, strings.TrimPrefix(name, loaded.Name()+"/"))
			documents = append(documents, split(t, path, []byte(content))...)
		}
	}
	return documents
}

func renderFiles(loaded *chart.Chart, values map[string]any) (map[string]string, error) {
	options := common.ReleaseOptions{Name: "loyalty", Namespace: "loyalty", IsInstall: true}
	rendered, err := util.ToRenderValues(loaded, values, options, common.DefaultCapabilities)
	if err != nil {
		return nil, fmt.Errorf("values of %s: %w", loaded.Name(), err)
	}
	return engine.Render(loaded, rendered)
}

func buildOverlay(t *testing.T) []document {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), overlay)
	if err != nil {
		t.Fatal(err)
	}
	var documents []document
	for _, resource := range resources.Resources() {
		content, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, document{filepath.Join(overlay, "kustomization.yaml"), content})
	}
	return documents
}

// decodeStrict fails on a field that the object's type does not have.
func decodeStrict(content []byte) (runtime.Object, error) {
	codecs := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict)
	object, _, err := codecs.UniversalDeserializer().Decode(content, nil, nil)
	return object, err
}
