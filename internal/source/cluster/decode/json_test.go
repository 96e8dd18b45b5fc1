package decode

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/graph"
)

func readJSON(s string) (*graph.Document, error) {
	var b graph.DocumentBuilder
	r := &jsonReader{text: s, to: &b}
	r.space()
	if err := errors.Join(r.value(""), r.end()); err != nil {
		return nil, err
	}
	return b.Finish()
}

func TestJSONValues(t *testing.T) {
	for text, want := range map[string]any{
		`null`:                             nil,
		` true `:                           true,
		`"a\"\\\/\b\f\n\r\tz"`:             "a\"\\/\b\f\n\r\tz",
		`"\u00e9\ud83c\udf2f\u4e2d"`:       "é🌯中",
		`"\ud83cx\udf2f"`:                  "\ufffdx\ufffd",
		`"\ud83c\u0041"`:                   "\ufffdA",
		"\"caf\xe9\xff\"":                  "caf\ufffd\ufffd",
		"\"\\n\xff\"":                      "\n\ufffd",
		`0`:                                int64(0),
		`-9223372036854775808`:             int64(-9223372036854775808),
		`9223372036854775808`:              9223372036854775808.0,
		`1.0`:                              1.0,
		`1e3`:                              1000.0,
		`{}`:                               map[string]any{},
		"[ 1 ,\n\t2 ]":                     []any{int64(1), int64(2)},
		`{"a":{"b":[{}]},"":"empty name"}`: map[string]any{"a": map[string]any{"b": []any{map[string]any{}}}, "": "empty name"},
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000): nest(1000),
	} {
		d, err := readJSON(text)
		if err != nil {
			t.Errorf("%.40s: %v", text, err)
			continue
		}
		if got := d.Root().Any(); !reflect.DeepEqual(got, want) {
			t.Errorf("%.40s: %#v, want %#v", text, got, want)
		}
	}
}

func nest(depth int) any {
	list := []any{}
	for range depth - 1 {
		list = []any{list}
	}
	return list
}

func TestJSONRefuses(t *testing.T) {
	for _, text := range []string{
		``, ` `, `nul`, `nulll`, `tru`, `fals`, `True`, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,}`, `{,}`, `{a:1}`, `{"a" 1}`,
		`[`, `[1`, `[1,`, `[1,]`, `[1 2]`, `]`, `01`, `-`, `1.`, `.5`, `+1`, `1e`, `1e+`, `0x1`, `NaN`, `1_0`, `1e999`,
		`"`, `"a`, `"\`, `"\x"`, `"\u12"`, `"\u12g4"`, "\"\n\"", "\"\\n\n\"", `1 1`, "\ufeff{}",
		strings.Repeat("[", 1001) + strings.Repeat("]", 1001),
	} {
		if _, err := readJSON(text); err == nil {
			t.Errorf("%.40q was accepted", text)
		}
	}
}

// What is accepted is what encoding/json accepts, and means the same.
func FuzzJSONValue(f *testing.F) {
	for _, text := range []string{`{"a":[1,-2.5e3,"\u00e9\n",null,true,{"b":{}}],"a":false}`, `"\ud800\udc00"`, `[[],[[]]]`, `12345678901234567890`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := readJSON(text)
		if err != nil {
			var decoded any
			if strictErr := json.Unmarshal([]byte(text), &decoded); strictErr == nil && !strings.Contains(err.Error(), "nested more") {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var want any
		if err := decoder.Decode(&want); err != nil {
			t.Fatalf("encoding/json refuses: %v", err)
		}
		var b graph.DocumentBuilder
		addAny(&b, "", want)
		expected, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Root().Any(); !reflect.DeepEqual(got, expected.Root().Any()) {
			t.Fatalf("%#v, want %#v", got, expected.Root().Any())
		}
	})
}

func collect(t *testing.T, read func(page string, emit func(*graph.Document)) (List, error), page string) ([]string, List, error) {
	t.Helper()
	var got []string
	list, err := read(page, func(d *graph.Document) { got = append(got, compact(t, d)) })
	return got, list, err
}

func TestJSONList(t *testing.T) {
	read := func(page string, emit func(*graph.Document)) (List, error) {
		return NewDecoder(nil).JSON(page, Type{APIVersion: "shop/v1", Kind: "Burrito"}, emit)
	}
	for name, test := range map[string]struct {
		page string
		want []string
		next string
	}{
		"order of the server": {
			`{"apiVersion":"shop/v1","items":[{"apiVersion":"shop/v1","kind":"Burrito","metadata":{"managedFields":[{"a":[1]}],"name":"a"},"spec":{"x":1}},{"metadata":{"name":"b"}}],` +
				`"kind":"BurritoList","metadata":{"continue":"t","resourceVersion":"7"}}` + "\n",
			[]string{
				`{"apiVersion":"shop/v1","kind":"Burrito","metadata":{"name":"a"},"spec":{"x":1}}`,
				`{"apiVersion":"shop/v1","kind":"Burrito","metadata":{"name":"b"}}`,
			}, "t",
		},
		"token first":    {`{"metadata":{"continue":"t"},"items":[]}`, nil, "t"},
		"no items":       {`{"metadata":{},"items":null}`, nil, ""},
		"odd metadata":   {`{"metadata":null,"items":[{"metadata":5}]}`, []string{`{"apiVersion":"shop/v1","kind":"Burrito","metadata":5}`}, ""},
		"item of a kind": {`{"items":[{"kind":"Taco","apiVersion":"other/v2"}]}`, []string{`{"apiVersion":"shop/v1","kind":"Burrito"}`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, list, err := collect(t, read, test.page)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) || list.Continue != test.next {
				t.Errorf("got  %s, next %q\nwant %s, next %q", got, list.Continue, test.want, test.next)
			}
		})
	}
	for _, page := range []string{``, `[]`, `{"items":{}}`, `{"items":[1]}`, `{"items":["a"]}`, `{"items":[null]}`, `{"items":[]} x`} {
		if got, _, err := collect(t, read, page); err == nil {
			t.Errorf("%s was accepted: %v", page, got)
		}
	}
}

const marker = "cGFzc3dvcmQ-of-the-oven"

func TestSecrets(t *testing.T) {
	read := func(page string, emit func(*graph.Document)) (List, error) {
		return NewDecoder(nil).Secrets(page, emit)
	}
	const columns = `"columnDefinitions":[{"name":"Name","type":"string"},{"name":"Type"},{"name":"Data"}]`
	const object = `{"kind":"PartialObjectMetadata","metadata":{"name":"oven","namespace":"shop","managedFields":[{}],"annotations":{` +
		`"kubectl.kubernetes.io/last-applied-configuration":"x","objectset.rio.cattle.io/applied":"x","a":" {\"data\":1}","b":"H4sIAA","c":"data:\n  x: y","d":["x"],"team":"kitchen"}},"data":{"k":"` + marker + `"}}`
	const secret = `{"apiVersion":"v1","kind":"Secret","metadata":{"annotations":{"team":"kitchen"},"name":"oven","namespace":"shop"}`
	for name, test := range map[string]struct{ page, want string }{
		"table":              {`{"kind":"Table","metadata":{"continue":"t"},` + columns + `,"rows":[{"cells":["oven","Opaque",1],"object":` + object + `}]}`, secret + `,"type":"Opaque"}`},
		"object before cell": {`{"kind":"Table",` + columns + `,"rows":[{"object":` + object + `,"cells":["oven","Opaque",1]}],"metadata":{"continue":"t"}}`, secret + `,"type":"Opaque"}`},
		"no such column":     {`{"kind":"Table","metadata":{"continue":"t"},"columnDefinitions":[],"rows":[{"cells":["oven"],"object":` + object + `}]}`, secret + `}`},
		"metadata alone":     {`{"kind":"PartialObjectMetadataList","metadata":{"continue":"t"},"items":[` + object + `]}`, secret + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, list, err := collect(t, read, test.page)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || got[0] != test.want || list.Continue != "t" {
				t.Errorf("got  %s, next %q\nwant %s", got, list.Continue, test.want)
			}
		})
	}
	if got, _, err := collect(t, read, `{"kind":"SecretList","items":[`+object+`]}`); !errors.Is(err, ErrSecretValues) || len(got) != 0 {
		t.Errorf("got %s, %v; want nothing and %v", got, err, ErrSecretValues)
	}
	for _, page := range []string{
		`{"kind":"PodList","items":[]}`, `{"kind":"Table","rows":[{"cells":[]}]}`, `{"kind":"Table","rows":[{"object":5}]}`, `{"kind":"Table","rows":[5]}`,
	} {
		if _, _, err := collect(t, read, page); err == nil {
			t.Errorf("%s was accepted", page)
		}
	}
}

func FuzzSecrets(f *testing.F) {
	f.Add(`{"kind":"Table","columnDefinitions":[{"name":"Type"}],"rows":[{"cells":["Opaque"],"object":{"metadata":{"name":"a"},"data":{"k":"` + marker + `"}}}]}`)
	f.Add(`{"items":[{"metadata":{"annotations":{"a":"b"}},"data":{"k":"` + marker + `"}}],"kind":"SecretList"}`)
	f.Fuzz(func(t *testing.T, page string) {
		_, _ = NewDecoder(nil).Secrets(page, func(d *graph.Document) {
			for key := range d.Root().Fields() {
				if key != "apiVersion" && key != "kind" && key != "metadata" && key != "type" {
					t.Fatalf("field %q of a Secret was kept", key)
				}
			}
		})
	})
}
