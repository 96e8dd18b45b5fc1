package policyreport

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/reporttest"
)

func TestWrite(t *testing.T) {
	reporttest.Check(t, Write, ".policyreport.yaml")
	reporttest.Check(t, WriteOpenReports, ".openreports.yaml")
}

// definition validates objects as an API server does that has the custom
// resource definition.
type definition struct {
	namespaced bool
	validator  validation.SchemaValidator
	structure  *structuralschema.Structural
}

// definitions reads the published definitions, by API version and kind.
func definitions(t *testing.T) map[string]definition {
	files, err := filepath.Glob("testdata/*.io_*.yaml")
	if err != nil || len(files) != 4 {
		t.Fatalf("definitions %q: %v", files, err)
	}
	all := map[string]definition{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var crd apiextensionsv1.CustomResourceDefinition
		if err := sigsyaml.UnmarshalStrict(content, &crd); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, v := range crd.Spec.Versions {
			var props apiextensions.JSONSchemaProps
			if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(v.Schema.OpenAPIV3Schema, &props, nil); err != nil {
				t.Fatal(err)
			}
			validator, _, err := validation.NewSchemaValidator(&props)
			if err != nil {
				t.Fatal(err)
			}
			structure, err := structuralschema.NewStructural(&props)
			if err != nil {
				t.Fatal(err)
			}
			all[crd.Spec.Group+"/"+v.Name+" "+crd.Spec.Names.Kind] = definition{
				namespaced: crd.Spec.Scope == apiextensionsv1.NamespaceScoped, validator: validator, structure: structure,
			}
		}
	}
	return all
}

// TestAgainstDefinitions validates every object of every form: fields, names,
// scope, owners.
func TestAgainstDefinitions(t *testing.T) {
	known := definitions(t)
	for form, write := range map[string]report.Writer{"policyreport": Write, "openreports": WriteOpenReports} {
		for name, r := range map[string]*report.Report{"rich": reporttest.Rich(), "empty": reporttest.Empty(), "large": reporttest.Large(50)} {
			for _, o := range read(t, write, r) {
				where := form + " " + name + " " + o.GetName()
				d, ok := known[o.GetAPIVersion()+" "+o.GetKind()]
				if !ok {
					t.Fatalf("%s: no definition of %s %s", where, o.GetAPIVersion(), o.GetKind())
				}
				for _, err := range validation.ValidateCustomResource(nil, o.Object, d.validator) {
					t.Errorf("%s: %v", where, err)
				}
				if unknown := pruning.PruneWithOptions(o.DeepCopy().Object, d.structure, true, structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}); len(unknown) > 0 {
					t.Errorf("%s: fields %q are not in the definition", where, unknown)
				}
				for _, err := range apivalidation.ValidateObjectMetaAccessor(o, d.namespaced, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata")) {
					t.Errorf("%s: %v", where, err)
				}
			}
		}
	}
}

func read(t *testing.T, write report.Writer, r *report.Report) []*unstructured.Unstructured {
	t.Helper()
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(reporttest.Bytes(t, write, r, report.Options{Language: lang.English})), 4096)
	var all []*unstructured.Unstructured
	for {
		var o unstructured.Unstructured
		if err := decoder.Decode(&o.Object); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, &o)
	}
}

func TestResults(t *testing.T) {
	results := map[string]int{}
	names := map[string]bool{}
	for _, o := range read(t, WriteOpenReports, reporttest.Rich()) {
		if names[o.GetName()] {
			t.Errorf("two reports are named %s", o.GetName())
		}
		names[o.GetName()] = true
		counted := map[string]int{}
		list, _, _ := unstructured.NestedSlice(o.Object, "results")
		for _, item := range list {
			verdict := item.(map[string]any)["result"].(string)
			results[verdict]++
			counted[verdict]++
		}
		for _, verdict := range []string{"pass", "fail", "warn", "error", "skip"} {
			if said := count(o, verdict); said != counted[verdict] {
				t.Errorf("%s: summary says %s %d, has %d", o.GetName(), verdict, said, counted[verdict])
			}
		}
		if source, _, _ := unstructured.NestedString(o.Object, "source"); source != "foil" {
			t.Errorf("%s: source is %q", o.GetName(), source)
		}
	}
	// Open and known findings; gaps, rules without a verdict and the coverage itself.
	for verdict, want := range map[string]int{"fail": 8, "skip": 1, "error": 6, "warn": 1, "pass": 0} {
		if results[verdict] != want {
			t.Errorf("%d results are %s, want %d", results[verdict], verdict, want)
		}
	}
}

// count is a number of the summary of a report, -1 when it is not there.
func count(o *unstructured.Unstructured, verdict string) int {
	n, ok, _ := unstructured.NestedFieldNoCopy(o.Object, "summary", verdict)
	if f, isNumber := n.(float64); ok && isNumber {
		return int(f)
	}
	return -1
}

func TestOwnerAndScope(t *testing.T) {
	owners := 0
	for _, o := range read(t, Write, reporttest.Rich()) {
		for _, owner := range o.GetOwnerReferences() {
			owners++
			if want := (metav1.OwnerReference{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "ClusterRoleBinding", Name: "ci-deployer", UID: "5f0c2d1e-93f1-4b6e-8d53-7c5a3c1f0a11"}); owner != want {
				t.Errorf("owner = %+v, want %+v", owner, want)
			}
		}
		if scope, ok, _ := unstructured.NestedString(o.Object, "scope", "kind"); ok == (o.GetName() == coverageName) {
			t.Errorf("%s has scope %q", o.GetName(), scope)
		}
		if strings.Contains(o.GetName(), "kitchen") && o.GetNamespace() != "shop" {
			t.Errorf("report of a Deployment in namespace shop is in %q", o.GetNamespace())
		}
	}
	if owners != 1 {
		t.Errorf("%d reports have an owner, want 1", owners)
	}
}

// TestCleanScan holds that a complete scan passes and an incomplete one does not.
func TestCleanScan(t *testing.T) {
	r := reporttest.Empty()
	for _, complete := range []bool{true, false} {
		r.Coverage.Complete = complete
		objects := read(t, Write, r)
		if len(objects) != 1 {
			t.Fatalf("%d objects", len(objects))
		}
		passed, failed := count(objects[0], "pass"), count(objects[0], "error")
		if (passed == 1) != complete || (failed == 1) == complete {
			t.Errorf("complete %v: %d passed, %d errors", complete, passed, failed)
		}
	}
}

func TestObjectName(t *testing.T) {
	long := strings.Repeat("long.name.", 40)
	a := objectName("k8s:Pod:x/"+"a", report.Object{Kind: "Pod", Name: long})
	b := objectName("k8s:Pod:x/"+"b", report.Object{Kind: "Pod", Name: long})
	if a == b || len(a) > longestName {
		t.Errorf("names %q and %q", a, b)
	}
}

func BenchmarkWrite(b *testing.B) { reporttest.Benchmark(b, Write) }
