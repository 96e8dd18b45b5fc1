package decode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand" //nolint:depguard // the filler of Kubernetes objects takes a source of the old package
	"reflect"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/randfill"

	"github.com/foilsec/foil/internal/graph"
)

// filler fills objects with values that survive a round trip to a server.
func filler(seed int64) *randfill.Filler {
	return randfill.NewWithSeed(seed).NilChance(0.3).NumElements(0, 3).MaxDepth(12).Funcs(
		func(t *metav1.TypeMeta, _ randfill.Continue) { *t = metav1.TypeMeta{} },
		func(t *metav1.Time, c randfill.Continue) {
			if c.Bool() {
				*t = metav1.Unix(c.Int63n(4e9), 0)
			}
		},
		func(t *metav1.MicroTime, c randfill.Continue) {
			if c.Bool() {
				*t = metav1.NewMicroTime(time.Unix(c.Int63n(4e9), c.Int63n(1e6)*1000))
			}
		},
		func(d *metav1.Duration, c randfill.Continue) { d.Duration = time.Duration(c.Int63n(1e15)) },
		func(q *resource.Quantity, c randfill.Continue) {
			choices := []string{"0", "100m", "1.5Gi", "1024", "1e3", "-7", "0.0001", "12345678901234567890"}
			*q = resource.MustParse(choices[c.Intn(len(choices))])
		},
		func(i *intstr.IntOrString, c randfill.Continue) {
			if c.Bool() {
				*i = intstr.FromString(c.String(0))
			} else {
				*i = intstr.FromInt32(c.Int31() - 1<<30)
			}
		},
		func(r *runtime.RawExtension, c randfill.Continue) {
			if c.Bool() {
				r.Raw = []byte(`{"a":[1,2.5,"x\n",null,true],"b":{}}`)
			}
		},
		func(f *metav1.FieldsV1, _ randfill.Continue) { *f = *metav1.NewFieldsV1(`{"f:a":{}}`) },
	)
}

// Every kind of the client library that a server can list is read the same
// from protobuf as from JSON.
func TestProtobufEqualsJSON(t *testing.T) {
	const rounds = 10
	schemas := NewSchemas(scheme.Scheme)
	random := rand.New(rand.NewSource(1))
	kinds := 0
	for gvk, goType := range scheme.Scheme.AllKnownTypes() {
		listType, ok := scheme.Scheme.AllKnownTypes()[gvk.GroupVersion().WithKind(gvk.Kind+"List")]
		isObject := reflect.PointerTo(goType).Implements(reflect.TypeFor[metav1.ObjectMetaAccessor]())
		if !ok || !isObject || gvk.Version == runtime.APIVersionInternal {
			continue
		}
		kinds++
		fill := filler(random.Int63())
		for range rounds {
			list := reflect.New(listType).Interface().(runtime.Object)
			var items []runtime.Object
			for range 1 + random.Intn(3) {
				item := reflect.New(goType).Interface().(runtime.Object)
				fill.Fill(item)
				items = append(items, item)
			}
			if err := meta.SetList(list, items); err != nil {
				t.Fatalf("%v: %v", gvk, err)
			}
			if !compareList(t, schemas, gvk, list) {
				break
			}
		}
	}
	if kinds < 60 {
		t.Errorf("only %d kinds were tried", kinds)
	}
}

func compareList(t *testing.T, schemas *Schemas, gvk schema.GroupVersionKind, list runtime.Object) bool {
	t.Helper()
	page := encodeList(t, gvk, list, "next page")
	typ := Type{APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind}
	var got []*graph.Document
	meta, err := NewDecoder(schemas).Protobuf(page, typ, func(d *graph.Document) { got = append(got, d) })
	if err != nil || meta.Continue != "next page" {
		t.Errorf("%v: %+v, %v", gvk, meta, err)
		return false
	}
	want := expectedItems(t, page, typ)
	if len(got) != len(want) {
		t.Errorf("%v: %d items, want %d", gvk, len(got), len(want))
		return false
	}
	for i := range got {
		if !graph.Equal(got[i].Root(), want[i].Root()) {
			t.Errorf("%v: %s", gvk, firstDifference(got[i].Root(), want[i].Root()))
			return false
		}
	}
	return true
}

func encodeList(t testing.TB, gvk schema.GroupVersionKind, list runtime.Object, token string) string {
	t.Helper()
	accessor, err := meta.ListAccessor(list)
	if err != nil {
		t.Fatal(err)
	}
	accessor.SetContinue(token)
	list.GetObjectKind().SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
	var page bytes.Buffer
	if err := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme).Encode(list, &page); err != nil {
		t.Fatalf("%v: %v", gvk, err)
	}
	return page.String()
}

// expectedItems decodes a page with the client library and writes each item as
// JSON with the standard library.
func expectedItems(t testing.TB, page string, typ Type) []*graph.Document {
	t.Helper()
	list, _, err := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme).Decode([]byte(page), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var documents []*graph.Document
	err = meta.EachListItem(list, func(item runtime.Object) error {
		written, err := json.Marshal(item)
		if err != nil {
			return err
		}
		documents = append(documents, expectedDocument(t, written, typ))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

// expectedDocument is the document of an object in JSON, made by way of
// encoding/json.
func expectedDocument(t testing.TB, written []byte, typ Type) *graph.Document {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(written))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		t.Fatal(err)
	}
	object["apiVersion"], object["kind"] = typ.APIVersion, typ.Kind
	dropManagedFields(object)
	var b graph.DocumentBuilder
	addAny(&b, "", object)
	d, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func dropManagedFields(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "managedFields")
		for _, field := range v {
			dropManagedFields(field)
		}
	case []any:
		for _, item := range v {
			dropManagedFields(item)
		}
	}
}

func addAny(b *graph.DocumentBuilder, key string, v any) {
	var none graph.Position
	switch v := v.(type) {
	case nil:
		b.Null(key, none)
	case bool:
		b.Bool(key, v, none)
	case string:
		b.String(key, v, none)
	case json.Number:
		if n, err := v.Int64(); err == nil {
			b.Int(key, n, none)
			return
		}
		f, _ := v.Float64()
		b.Float(key, f, none)
	case map[string]any:
		b.OpenMap(key, none)
		for name, field := range v {
			addAny(b, name, field)
		}
		b.Close()
	case []any:
		b.OpenList(key, none)
		for _, item := range v {
			addAny(b, "", item)
		}
		b.Close()
	}
}

// firstDifference says where two values part.
func firstDifference(got, want graph.Value) string {
	for key, field := range want.Fields() {
		if !graph.Equal(got.Get(key), field) {
			return firstDifference(got.Get(key), field)
		}
	}
	for i, item := range want.Items() {
		if !graph.Equal(got.Item(i), item) {
			return firstDifference(got.Item(i), item)
		}
	}
	return fmt.Sprintf("%s is %+v, want %s to be %+v", got.Path(), got.Any(), want.Path(), want.Any())
}

func asJSON(t testing.TB, d *graph.Document) string {
	t.Helper()
	written, err := json.MarshalIndent(d.Root().Any(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}

func TestProtobufRefuses(t *testing.T) {
	pods := encodeList(t, corev1.SchemeGroupVersion.WithKind("Pod"), &corev1.PodList{Items: []corev1.Pod{kitchenPod(1)}}, "")
	pod := Type{APIVersion: "v1", Kind: "Pod"}
	for name, test := range map[string]struct {
		page string
		typ  Type
		want string
	}{
		"JSON":              {`{"kind":"PodList"}`, pod, "not the protobuf form"},
		"other kind":        {pods, Type{APIVersion: "v1", Kind: "Service"}, `want a ServiceList, got a "PodList"`},
		"unknown kind":      {pods, Type{APIVersion: "shop/v1", Kind: "Burrito"}, "no protobuf schema"},
		"cut off":           {pods[:len(pods)-5], pod, ""},
		"empty":             {"", pod, "not the protobuf form"},
		"field out of line": {envelope("PodList", wireField(2, wireField(3, "")+wireField(2, "")+wireField(3, ""))), pod, "out of order"},
		"map out of order": {
			envelope("PodList", wireField(2, wireField(1, wireField(11, wireField(1, "b"))+wireField(11, wireField(1, "a"))))), pod, "out of order",
		},
		"number for text": {envelope("PodList", wireField(2, wireField(1, "\x08\x01"))), pod, "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			emitted := 0
			_, err := NewDecoder(NewSchemas(scheme.Scheme)).Protobuf(test.page, test.typ, func(*graph.Document) { emitted++ })
			if err == nil || !strings.Contains(err.Error(), test.want) || emitted != 0 {
				t.Errorf("error %v, %d items; want an error with %q and none", err, emitted, test.want)
			}
		})
	}
}

// wireField writes a protobuf field that holds text of less than 128 bytes.
func wireField(number byte, content string) string {
	return string([]byte{number<<3 | wireBytes, byte(len(content))}) + content
}

func envelope(kind, content string) string {
	return envelopeMagic + wireField(envelopeType, wireField(1, "v1")+wireField(typeKind, kind)) + wireField(envelopeContent, content)
}

// A builder that an error left half-filled does not spoil the next page.
func TestDecoderGoesOnAfterAnError(t *testing.T) {
	d := NewDecoder(NewSchemas(scheme.Scheme))
	pod := Type{APIVersion: "v1", Kind: "Pod"}
	if _, err := d.JSON(`{"items":[{"metadata":{"name":"a"},"spec":[{]}]}`, pod, func(*graph.Document) {}); err == nil {
		t.Fatal("malformed page accepted")
	}
	var got []*graph.Document
	if _, err := d.JSON(`{"items":[{"metadata":{"name":"b"}}]}`, pod, func(d *graph.Document) { got = append(got, d) }); err != nil {
		t.Fatal(err)
	}
	if want := `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}`; len(got) != 1 || compact(t, got[0]) != want {
		t.Errorf("got %d items, want one: %s", len(got), want)
	}
}

func compact(t testing.TB, d *graph.Document) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, []byte(asJSON(t, d))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func FuzzProtobuf(f *testing.F) {
	gvk := corev1.SchemeGroupVersion.WithKind("Pod")
	// Small seeds: what is found in large ones takes long to make small.
	small := corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{
		Name: "a", Ports: []corev1.ContainerPort{{ContainerPort: 1}},
		Resources:     corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("1")}},
		LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromString("b")}}},
	}}}}
	f.Add(encodeList(f, gvk, &corev1.PodList{Items: []corev1.Pod{small}}, "token"))
	f.Add(envelope("PodList", wireField(2, wireField(2, wireField(6, "\x08\x01")))))
	schemas := NewSchemas(scheme.Scheme)
	f.Fuzz(func(t *testing.T, page string) {
		_, err := NewDecoder(schemas).Protobuf(page, Type{APIVersion: "v1", Kind: "Pod"}, func(d *graph.Document) {
			if d.Root().Get("kind").Str() != "Pod" {
				t.Error("an item without its kind")
			}
		})
		_ = err
	})
}
