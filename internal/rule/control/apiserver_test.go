package control_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	apiservercel "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/client-go/kubernetes/fake"
	listersv1 "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"

	"github.com/foilsec/foil/content"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/rule/control"
)

// The API server's own validator is the reference: every policy must give the
// same verdict here as there, on every object.

type reference struct {
	policy    *admissionv1.ValidatingAdmissionPolicy
	validator validating.Validator
	matcher   *matching.Matcher
	params    runtime.Object
}

type criteria struct{ *admissionv1.MatchResources }

func (c criteria) GetMatchResources() admissionv1.MatchResources { return *c.MatchResources }
func (c criteria) GetParsedNamespaceSelector() (labels.Selector, error) {
	return metav1.LabelSelectorAsSelector(orEmpty(c.NamespaceSelector))
}
func (c criteria) GetParsedObjectSelector() (labels.Selector, error) {
	return metav1.LabelSelectorAsSelector(orEmpty(c.ObjectSelector))
}

func orEmpty(s *metav1.LabelSelector) *metav1.LabelSelector {
	if s == nil {
		return &metav1.LabelSelector{}
	}
	return s
}

func newReference(t testing.TB, p *control.Policy, params *unstructured.Unstructured, namespaces *corev1.NamespaceList) *reference {
	t.Helper()
	compiler, err := plugincel.NewCompositedCompiler(environment.MustBaseEnvSet(version.MajorMinor(1, 36)))
	if err != nil {
		t.Fatal(err)
	}
	options := plugincel.OptionalVariableDeclarations{HasParams: p.Spec.ParamKind != nil}
	mode := environment.StoredExpressions
	var variables []plugincel.NamedExpressionAccessor
	for _, v := range p.Spec.Variables {
		variables = append(variables, &validating.Variable{Name: v.Name, Expression: v.Expression})
	}
	compiler.CompileAndStoreVariables(variables, options, mode)
	var matcher matchconditions.Matcher
	if len(p.Spec.MatchConditions) > 0 {
		var accessors []plugincel.ExpressionAccessor
		for i := range p.Spec.MatchConditions {
			accessors = append(accessors, (*matchconditions.MatchCondition)(&p.Spec.MatchConditions[i]))
		}
		matcher = matchconditions.NewMatcher(compiler.CompileCondition(accessors, options, mode), p.Spec.FailurePolicy, "policy", "validate", p.Name)
	}
	var validations, messages []plugincel.ExpressionAccessor
	for _, v := range p.Spec.Validations {
		validations = append(validations, &validating.ValidationCondition{Expression: v.Expression, Message: v.Message})
		messages = append(messages, nil)
	}
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, nil)
	for i := range namespaces.Items {
		if err := indexer.Add(&namespaces.Items[i]); err != nil {
			t.Fatal(err)
		}
	}
	r := &reference{
		policy: &admissionv1.ValidatingAdmissionPolicy{Spec: p.Spec},
		validator: validating.NewValidator(
			compiler.CompileCondition(validations, options, mode), matcher,
			compiler.CompileCondition(nil, options, mode),
			compiler.CompileCondition(messages, options, mode), p.Spec.FailurePolicy, nil),
		matcher: matching.NewMatcher(listersv1.NewNamespaceLister(indexer), fake.NewClientset(namespaces)),
	}
	if p.Spec.ParamKind != nil {
		r.params = params
	}
	return r
}

func (r *reference) verdict(t testing.TB, o control.Object, u *unstructured.Unstructured, ns *corev1.Namespace) control.Outcome {
	gvk := schema.GroupVersionKind{Group: o.Group, Version: o.Version, Kind: o.Kind}
	gvr := schema.GroupVersionResource{Group: o.Group, Version: o.Version, Resource: o.Resource}
	attributes := admission.NewAttributesRecord(u, nil, gvk, o.Namespace, o.Name, gvr, "", admission.Create, nil, false, &user.DefaultInfo{})
	if r.policy.Spec.MatchConstraints != nil {
		matches, _, _, err := r.matcher.Matches(attributes, admission.NewObjectInterfacesFromScheme(runtime.NewScheme()), criteria{r.policy.Spec.MatchConstraints})
		if err != nil {
			return control.Errored
		}
		if !matches {
			return control.Excluded
		}
	}
	versioned := &admission.VersionedAttributes{Attributes: attributes, VersionedObject: admission.NewLazyObject(u), VersionedKind: gvk}
	result := r.validator.Validate(context.Background(), gvr, versioned, r.params, ns, apiservercel.RuntimeCELCostBudget, nil)
	if len(result.Decisions) == 0 {
		return control.Excluded
	}
	outcome := control.Passed
	for _, d := range result.Decisions {
		switch {
		case d.Evaluation == validating.EvalDeny:
			return control.Failed
		case d.Evaluation == validating.EvalError:
			outcome = control.Errored
		}
	}
	return outcome
}

// TestVerdictsEqualTheAPIServers compares all embedded controls and the test
// policies on the objects of the control corpus, where it is present, and on
// generated ones.
func TestVerdictsEqualTheAPIServers(t *testing.T) {
	library, settings := testLibrary(t)
	set, err := control.Compile(library, settings)
	if err != nil {
		t.Fatal(err)
	}
	params := paramsObject(settings)
	namespaces := testNamespaces()
	objects := append(corpusObjects(t), generatedObjects(2000)...)
	evaluator := set.NewEvaluator()
	loaded := make([]control.Object, len(objects))
	for i, u := range objects {
		loaded[i] = toObject(t, u, namespaces)
	}
	compared := map[control.Outcome]int{}
	for _, p := range set.Programs() {
		if p.Err() != nil {
			if !strings.HasPrefix(p.Name, "test-invalid") {
				t.Errorf("%s (%s) does not compile: %v", p.ID, p.File, p.Err())
			}
			continue
		}
		reference := newReference(t, p.Policy, params, namespaces)
		for i, u := range objects {
			evaluator.Load(loaded[i])
			want := reference.verdict(t, loaded[i], u, namespaceOf(loaded[i], namespaces))
			got := evaluator.Judge(p)
			if got.Outcome != want {
				text, _ := json.Marshal(u.Object)
				t.Fatalf("%s on %s %s: got outcome %d (%v), the API server gives %d\n%.2000s", p.ID, loaded[i].Kind, loaded[i].Name, got.Outcome, got.Err, want, text)
			}
			compared[want]++
		}
	}
	t.Logf("%d policies on %d objects: %d excluded, %d passed, %d failed, %d errors, all equal", len(set.Programs()), len(objects),
		compared[control.Excluded], compared[control.Passed], compared[control.Failed], compared[control.Errored])
	if compared[control.Failed] == 0 || compared[control.Passed] == 0 || compared[control.Errored] == 0 {
		t.Error("the comparison did not meet every kind of outcome")
	}
}

func testLibrary(t testing.TB) (control.Library, control.Settings) {
	t.Helper()
	var files []control.File
	add := func(tree fs.FS, root string) {
		err := fs.WalkDir(tree, root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
				return err
			}
			data, err := fs.ReadFile(tree, path)
			files = append(files, control.File{Name: path, Data: data})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add(content.Files(), "controls")
	add(os.DirFS("testdata"), "policies")
	library, err := control.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	settings := control.Settings{}
	if data, err := fs.ReadFile(content.Files(), "settings.yaml"); err == nil {
		if settings, err = control.ParseSettings(data); err != nil {
			t.Fatal(err)
		}
	}
	return library, settings
}

func paramsObject(s control.Settings) *unstructured.Unstructured {
	data := map[string]any{}
	for name, list := range s {
		data[name] = strings.Join(list, "\n")
	}
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "data": data,
		"metadata": map[string]any{"name": "foil-settings", "namespace": "foil-system"},
	}}
}

func testNamespaces() *corev1.NamespaceList {
	list := &corev1.NamespaceList{}
	for _, name := range []string{"default", "kube-system", "shop", "restricted"} {
		list.Items = append(list.Items, corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: name, Labels: map[string]string{"kubernetes.io/metadata.name": name, "team": name[:1]},
		}})
	}
	return list
}

func namespaceOf(o control.Object, list *corev1.NamespaceList) *corev1.Namespace {
	for i := range list.Items {
		if list.Items[i].Name == o.Namespace {
			return &list.Items[i]
		}
	}
	return nil
}

func toObject(t testing.TB, u *unstructured.Unstructured, namespaces *corev1.NamespaceList) control.Object {
	t.Helper()
	namespace := u.GetNamespace()
	node := graph.Node{Object: toValue(t, u.Object), Namespace: namespace, Name: u.GetName()}
	o := control.NewObject(&node, graph.Value{})
	if ns := namespaceOf(o, namespaces); ns != nil {
		object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(ns)
		if err != nil {
			t.Fatal(err)
		}
		o.NamespaceObject = toValue(t, object)
	}
	return o
}

func toValue(t testing.TB, object map[string]any) graph.Value {
	t.Helper()
	var b graph.DocumentBuilder
	addAny(&b, "", object)
	d, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return d.Root()
}

func addAny(b *graph.DocumentBuilder, key string, v any) {
	var at graph.Position
	switch v := v.(type) {
	case nil:
		b.Null(key, at)
	case bool:
		b.Bool(key, v, at)
	case string:
		b.String(key, v, at)
	case int64:
		b.Int(key, v, at)
	case float64:
		b.Float(key, v, at)
	case []any:
		b.OpenList(key, at)
		for _, item := range v {
			addAny(b, "", item)
		}
		b.Close()
	case map[string]any:
		b.OpenMap(key, at)
		for name, field := range v {
			addAny(b, name, field)
		}
		b.Close()
	default:
		panic(fmt.Sprintf("unexpected %T", v))
	}
}

// normal makes of decoded JSON what the API server's decoding makes of it:
// whole numbers are integers, and null fields of maps are gone.
func normal(v any) any {
	switch v := v.(type) {
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	case map[string]any:
		for key, field := range v {
			if field == nil {
				delete(v, key)
			} else {
				v[key] = normal(field)
			}
		}
	}
	return v
}

func corpusObjects(t testing.TB) []*unstructured.Unstructured {
	t.Helper()
	const corpus = "../../../../shared/data/config/cases.jsonl.gz"
	file, err := os.Open(corpus)
	if err != nil {
		t.Logf("the control corpus is not present (%v): generated objects only", err)
		return nil
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var objects []*unstructured.Unstructured
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var c struct {
			Inputs []map[string]any `json:"inputs"`
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		for _, input := range c.Inputs {
			objects = append(objects, &unstructured.Unstructured{Object: normal(input).(map[string]any)})
		}
	}
	return objects
}

// generatedObjects are workloads with fields drawn at random, some of them
// missing or of a wrong type.
func generatedObjects(n int) []*unstructured.Unstructured {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	objects := make([]*unstructured.Unstructured, n)
	for i := range objects {
		objects[i] = &unstructured.Unstructured{Object: g.workload(i)}
	}
	return objects
}
