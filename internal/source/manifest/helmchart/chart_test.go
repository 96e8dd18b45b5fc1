package helmchart_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/manifest/helmchart"
	"github.com/foilsec/foil/internal/source/manifest/yamldoc"
)

const chartYAML = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"

func asFiles(files map[string]string) []helmchart.File {
	var all []helmchart.File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, helmchart.File{Name: name, Path: path.Join("c", name), Data: []byte(files[name])})
	}
	return all
}

func renderWith(t *testing.T, files map[string]string, o helmchart.Options, l helmchart.Limits) yamldoc.Result {
	t.Helper()
	if files["Chart.yaml"] == "" {
		files["Chart.yaml"] = chartYAML
	}
	values, err := helmchart.ReadValues(o)
	if err != nil {
		t.Fatal(err)
	}
	r := helmchart.NewRenderer(values, l, yamldoc.NewDecoder(yamldoc.Options{ObjectsOnly: true}))
	return r.Render(t.Context(), asFiles(files), "c")
}

func render(t *testing.T, files map[string]string) yamldoc.Result {
	t.Helper()
	return renderWith(t, files, helmchart.Options{}, helmchart.Limits{})
}

// places lists each field as "path=value file:line", files without "templates/".
func places(docs []*graph.Document) []string {
	var all []string
	var walk func(graph.Value)
	walk = func(v graph.Value) {
		p := v.Position()
		if v.Kind() != graph.Map && v.Kind() != graph.List {
			file := strings.TrimPrefix(strings.TrimPrefix(p.File, "c/"), "templates/")
			all = append(all, fmt.Sprintf("%s=%s %s:%d", v.Path(), v.Text(), file, p.Line))
		}
		for _, f := range v.Fields() {
			walk(f)
		}
		for _, item := range v.Items() {
			walk(item)
		}
	}
	for _, d := range docs {
		walk(d.Root())
	}
	return all
}

func reasons(r yamldoc.Result) []string {
	var all []string
	for _, g := range r.Gaps {
		all = append(all, fmt.Sprintf("%s:%d: %s", strings.TrimPrefix(g.Position.File, "c/"), g.Position.Line, g.Reason))
	}
	return all
}

const helpers = `{{/* comment */}}
{{- define "shop.name" -}}
{{ .Chart.Name }}-{{ .Release.Name }}
{{- end }}

{{- define "shop.labels" -}}
app: {{ include "shop.name" . }}
tier: front
{{- end }}
`

// head makes a template an object; it takes two lines.
const head = "apiVersion: v1\nkind: X\n"

func TestTemplateLines(t *testing.T) {
	tests := []struct {
		name     string
		template string
		values   string
		files    map[string]string
		want     []string // without apiVersion and kind
	}{
		{"plain", head + "a: 1\n\nb:\n  - x\n  - w: {{ .Values.v }}\n", "v: 2", nil,
			[]string{"a=1 x.yaml:3", "b[0]=x x.yaml:6", "b[1].w=2 x.yaml:7"}},
		{"comments", "{{- /*\nseveral\nlines */ -}}\n" + head + "# yaml {{ .Values.v }}\na: 1 # x\n", "v: 2", nil,
			[]string{"a=1 x.yaml:7"}},
		{"if and else", head + "{{- if .Values.on }}\na: 1\n{{- else }}\nb: 2\n{{- end }}\n{{- if not .Values.on }}\nc: 3\n{{- else if eq 1 1 }}\nd: 4\n{{- end }}\n", "on: false", nil,
			[]string{"b=2 x.yaml:6", "c=3 x.yaml:9"}},
		{"range", head + "l:\n{{- range $i, $v := .Values.l }}\n  - m: {{ $v }}\n    i: {{ $i }}\n{{- end }}\n", "l: [p, q]", nil,
			[]string{"l[0].m=p x.yaml:5", "l[0].i=0 x.yaml:6", "l[1].m=q x.yaml:5", "l[1].i=1 x.yaml:6"}},
		{"break and continue", head + "l:\n{{- range .Values.l }}{{ if eq . \"p\" }}{{ continue }}{{ end }}{{ if eq . \"r\" }}{{ break }}{{ end }}\n  - {{ . }}\n{{- end }}\n", "l: [p, q, r]", nil,
			[]string{"l[0]=q x.yaml:5"}},
		{"toYaml", head + "r:\n  {{- toYaml .Values.r | nindent 2 }}\nz: 1\n", "r: {cpu: 1, deep: {m: 2}}", nil,
			[]string{"r.cpu=1 x.yaml:4", "r.deep.m=2 x.yaml:4", "z=1 x.yaml:5"}},
		{"with toYaml", head + "{{- with .Values.r }}\nr:\n  {{- toYaml . | nindent 2 }}\n{{- end }}\n", "r: [1, 2]", nil,
			[]string{"r[0]=1 x.yaml:5", "r[1]=2 x.yaml:5"}},
		{"include with nindent", head + "m:\n  {{- include \"shop.labels\" . | nindent 2 }}\n  own: 1\n", "", nil,
			[]string{"m.app=shop-release-name _h.tpl:7", "m.tier=front _h.tpl:8", "m.own=1 x.yaml:5"}},
		{"include with indent", head + "m:\n{{ include \"shop.labels\" . | indent 2 }}\n", "", nil,
			[]string{"m.app=shop-release-name _h.tpl:7", "m.tier=front _h.tpl:8"}},
		{"include in a line", head + "q: {{ include \"shop.name\" . | quote }}\n", "", nil,
			[]string{"q=shop-release-name x.yaml:3"}},
		{"include by a variable", head + "{{- $l := include \"shop.labels\" . }}\nm:\n  {{- $l | nindent 2 }}\n", "", nil,
			[]string{"m.app=shop-release-name _h.tpl:7", "m.tier=front _h.tpl:8"}},
		{"include parsed and printed again", head + "m: {{ include \"shop.labels\" . | fromYaml | toJson }}\n", "", nil,
			[]string{"m.app=shop-release-name x.yaml:3", "m.tier=front x.yaml:3"}},
		{"template", "", "v: 1", map[string]string{"templates/x.yaml": head + "m: {{ template \"pair\" .Values }}\n{{ define \"pair\" }}{a: {{ .v }}, b: 2}{{ end }}\n"},
			[]string{"m.a=1 x.yaml:4", "m.b=2 x.yaml:4"}},
		{"template without a value", head + "m: {{ template \"t\" }}\n{{ define \"t\" }}{a: {{ . }}}{{ end }}", "", nil,
			[]string{"m.a=null x.yaml:4"}},
		{"block", head + "m:{{ block \"b\" . }}\n  a: 1\n{{ end }}", "", nil, []string{"m.a=1 x.yaml:4"}},
		{"tpl", head + "m:\n{{ tpl .Values.t . | indent 2 }}\n", "t: \"a: {{ .Chart.Name }}\\n{{ include \\\"shop.labels\\\" . }}\"", nil,
			[]string{"m.a=shop x.yaml:4", "m.app=shop-release-name _h.tpl:7", "m.tier=front _h.tpl:8"}},
		{"tpl with a loop", head + "m:\n{{ tpl \"{{ range $i := until 2 }}\\n- {{ $i }}{{ end }}\" . | indent 2 }}\n", "", nil,
			[]string{"m[0]=0 x.yaml:4", "m[1]=1 x.yaml:4"}},
		{"a missing value", head + "a: {{ .Values.none }}\nb: {{ .Values.none | default 3 }}\n", "", nil,
			[]string{"a=null x.yaml:3", "b=3 x.yaml:4"}},
		{"the hash of another file", head + "h: {{ include (print $.Template.BasePath \"/x2.yaml\") . | sha256sum | trunc 5 }}\n", "",
			map[string]string{"templates/x2.yaml": "a: {{ .Chart.Name }}\n"}, []string{"h=5def6 x.yaml:3"}},
		// The traced run does not see the blanks, so lines are matched.
		{"a template of blanks only", head + "{{ define \"w\" }}   {{ end }}a: x{{ template \"w\" }}z\nb:\n  - {{ .Chart.Name }}\n", "", nil,
			[]string{"a=x   z x.yaml:3", "b[0]=shop x.yaml:5"}},
		{"two documents", head + "a: 1\n---\n" + head + "b: {{ .Chart.Name }}\n", "", nil,
			[]string{"a=1 x.yaml:3", "b=shop x.yaml:7"}},
		{"text of several lines", head + "t: |\n  one\n  {{ .Chart.Name }}\nz: 1\n", "", nil,
			[]string{"t=one\nshop\n x.yaml:3", "z=1 x.yaml:6"}},
		{"windows line ends", strings.ReplaceAll(head+"{{- if true }}\na: 1\n{{- end }}\nb: {{ .Chart.Name }}\n", "\n", "\r\n"), "", nil,
			[]string{"a=1 x.yaml:4", "b=shop x.yaml:6"}},
		{"delimiters as text", head + "a: '{{ \"{{\" }} x }}'\nb: '{{ `{{ y }}` }}'\n", "", nil,
			[]string{"a={{ x }} x.yaml:3", "b={{ y }} x.yaml:4"}},
		{"variables and pipelines", head + "{{- $x := dict \"a\" 1 }}\n{{- $_ := set $x \"b\" (list 1 2 | join \"-\") }}\na: {{ $x.a }}\nb: {{ get $x \"b\" | quote }}\n{{- $y := 1 }}{{ $y = add $y 1 }}\nc: {{ $y }}\n", "", nil,
			[]string{"a=1 x.yaml:5", "b=1-2 x.yaml:6", "c=2 x.yaml:8"}},
		{"things that differ at each run", head + "a: {{ randAlphaNum 4 }}\nb: {{ now | date \"2006\" | quote }}\nc: {{ uuidv4 | trunc 4 | quote }}\n{{- $ca := genCA \"x\" 1 }}\nd: {{ $ca.Cert }}\ne: {{ keys .Values.v | join \",\" }}\n", "v: {b: 1, a: 2, c: 3}", nil,
			[]string{"a=xxxx x.yaml:3", "b=2026 x.yaml:4", "c=0000 x.yaml:5", "d=placeholder x.yaml:7", "e=a,b,c x.yaml:8"}},
		{"a cluster is not asked", head + "a: {{ lookup \"v1\" \"Secret\" \"ns\" \"n\" | toJson }}\nb: {{ getHostByName \"example.com\" | quote }}\n", "", nil,
			[]string{"b= x.yaml:4"}},
		{"files of the chart", head + "a: {{ .Files.Get \"f.txt\" | quote }}\n{{- range $p, $_ := .Files.Glob \"*.txt\" }}\nb: {{ $p }}\n{{- end }}\n", "", map[string]string{"f.txt": "hi"},
			[]string{"a=hi x.yaml:3", "b=f.txt x.yaml:5"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"values.yaml": test.values, "templates/x.yaml": test.template, "templates/_h.tpl": helpers}
			maps.Copy(files, test.files)
			result := render(t, files)
			got := slices.DeleteFunc(places(result.Documents), func(s string) bool { return strings.HasPrefix(s, "apiVersion=") || strings.HasPrefix(s, "kind=") })
			if diff := cmp.Diff(test.want, got); diff != "" || len(result.Gaps) != 0 {
				t.Errorf("gaps %v\n%s", reasons(result), diff)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	result := render(t, map[string]string{"templates/x.yaml": head + "a:\n    é: {b: 1, c: {{ .Chart.Name }}}\n{{- toYaml (dict \"z\" 1) | nindent 0 }}\n"})
	root := result.Documents[0].Root()
	for path, want := range map[string]graph.Position{
		"a.é.b": {File: "c/templates/x.yaml", Line: 4, Column: 9}, "a.é.c": {File: "c/templates/x.yaml", Line: 4, Column: 15},
		"z": {File: "c/templates/x.yaml", Line: 5},
	} {
		if got := root.At(strings.Split(path, ".")...).Position(); got != want {
			t.Errorf("%s: %+v", path, got)
		}
	}
}

func TestSubcharts(t *testing.T) {
	sub := "apiVersion: v2\nname: db\nversion: 2.0.0\n"
	files := map[string]string{
		"Chart.yaml":  chartYAML + "dependencies:\n- {name: db, version: 2.0.0, alias: one}\n- {name: db, version: 2.0.0, alias: two, condition: two.on}\n- {name: extra, version: 1.0.0, condition: extra.enabled}\n- {name: gone, version: 1.0.0}\n",
		"values.yaml": "one: {v: first}\ntwo: {on: true, v: second}\nextra: {enabled: false}\nglobal: {g: 7}\n",
		// The folder is not called as the chart.
		"charts/folder/Chart.yaml": sub, "charts/folder/values.yaml": "v: own\n",
		"charts/folder/templates/y.yaml": head + "v: {{ .Values.v }}\ng: {{ .Values.global.g }}\n",
		"charts/folder/crds/crd.yaml":    head + "crd: true\n",
		"charts/lib/Chart.yaml":          "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n",
		"charts/lib/templates/_l.tpl":    "{{ define \"lib.l\" }}\nfrom: lib\n{{ end }}",
		"templates/x.yaml":               head + "{{ include \"lib.l\" . }}\n",
		"templates/NOTES.txt":            "{{ fail \"never read as a manifest\" | quote }}",
		"templates/tests/t.yaml":         head + "metadata: {annotations: {helm.sh/hook: test}}\n",
		"templates/hook.yaml":            head + "metadata: {name: h, annotations: {helm.sh/hook: \"pre-install,pre-upgrade\"}}\n",
	}
	files["templates/NOTES.txt"] = "{{ .Values.one.v }} is no manifest: {\n"
	result := render(t, files)
	want := []string{
		"crd=true charts/folder/crds/crd.yaml:3",
		"crd=true charts/folder/crds/crd.yaml:3",
		"v=first charts/folder/templates/y.yaml:3", "g=7 charts/folder/templates/y.yaml:4",
		"v=second charts/folder/templates/y.yaml:3", "g=7 charts/folder/templates/y.yaml:4",
		`metadata.name=h hook.yaml:3`, `metadata.annotations["helm.sh/hook"]=pre-install,pre-upgrade hook.yaml:3`,
		"from=lib charts/lib/templates/_l.tpl:2",
	}
	got := slices.DeleteFunc(places(result.Documents), func(s string) bool { return strings.HasPrefix(s, "apiVersion=") || strings.HasPrefix(s, "kind=") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	gap := []string{"c:0: the dependency gone 1.0.0 is not in the charts folder, so its objects were not scanned; run: helm dependency build c"}
	if diff := cmp.Diff(gap, reasons(result)); diff != "" {
		t.Error(diff)
	}
}

func TestOptions(t *testing.T) {
	dir := t.TempDir()
	one, two, text := dir+"/one.yaml", dir+"/two.yaml", dir+"/text"
	writeFile(t, one, "a: 1\nb: {c: 1, d: 1}\n")
	writeFile(t, two, "b: {c: 2}\n")
	writeFile(t, text, "from a file")
	result := renderWith(t, map[string]string{
		"values.yaml": "a: 0\nb: {c: 0, d: 0, e: 0}\n",
		"templates/x.yaml": head + "a: {{ .Values.a }}\nb: {{ toJson .Values.b }}\ns: {{ .Values.s | quote }}\nf: {{ .Values.f }}\nr: {{ .Release.Name }}/{{ .Release.Namespace }}\n" +
			"k: {{ .Capabilities.KubeVersion.Version }}\nh: {{ .Capabilities.APIVersions.Has \"x/v1\" }}\nm: {{ semverCompare \">=1.30-0\" .Capabilities.KubeVersion.Version }}\n",
	}, helmchart.Options{
		ValuesFiles: []string{one, two}, Set: []string{"b.e=9"}, SetString: []string{"s=10"}, SetFile: []string{"f=" + text},
		ReleaseName: "rel", Namespace: "ns", KubeVersion: "1.31.2", APIVersions: []string{"x/v1"},
	}, helmchart.Limits{})
	want := []string{
		"a=1 x.yaml:3", "b.c=2 x.yaml:4", "b.d=1 x.yaml:4", "b.e=9 x.yaml:4", "s=10 x.yaml:5", "f=from a file x.yaml:6", "r=rel/ns x.yaml:7",
		"k=v1.31.2 x.yaml:8", "h=true x.yaml:9", "m=true x.yaml:10",
	}
	got := places(result.Documents)
	if len(got) < 2 || len(result.Gaps) > 0 {
		t.Fatalf("%v, gaps %v", got, result.Gaps)
	}
	if diff := cmp.Diff(want, got[2:]); diff != "" {
		t.Error(diff)
	}
}

func TestWrongOptions(t *testing.T) {
	for _, o := range []helmchart.Options{
		{ValuesFiles: []string{"nowhere.yaml"}}, {Set: []string{"a"}}, {SetFile: []string{"a=nowhere"}}, {ValuesFiles: []string{t.TempDir()}},
	} {
		if _, err := helmchart.ReadValues(o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}

// TestHostile renders charts that would take all time or memory, and charts
// that are just broken. Each ends in one gap.
func TestHostile(t *testing.T) {
	small := helmchart.Limits{Time: 5 * time.Second, Bytes: 4 << 20, Steps: 200_000}
	const ended = "the chart can't be rendered: rendering was ended"
	tests := []struct {
		name, template, want string
	}{
		{"a long loop", "\n{{ range until 300 }}{{ range until 300 }}{{ range until 300 }}{{ end }}{{ end }}{{ end }}", "templates/x.yaml:2: " + ended + " after 200000 steps; a template loops or calls itself without end"},
		{"a loop over a number", "{{ range 1000000000 }}{{ end }}", "templates/x.yaml:1: " + ended + " after 200000 steps; a template loops or calls itself without end"},
		{"a huge list", "{{ range until 2000000000 }}{{ end }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"a huge list by steps", "{{ range untilStep 0 -2000000000 -1 }}{{ end }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"a huge sequence", "{{ seq 1 1 1000000000 }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"repeat", "{{ repeat 2000000000 \"x\" }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"indent", "{{ nindent 2000000000 \"x\" }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"printf", "{{ printf \"%0999999d%0999999d%0999999d%0999999d%0999999d\" 1 2 3 4 5 }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"replace", "{{ $x := repeat 10000 \"a\" }}\n{{ replace \"a\" $x $x }}", "templates/x.yaml:2: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"doubling by functions", "{{ $x := \"a\" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"doubling by include", "{{ define \"d\" }}{{ if lt (int .n) 60 }}{{ $x := include \"d\" (dict \"n\" (add 1 .n)) }}{{ $x }}{{ $x }}{{ else }}a{{ end }}{{ end }}{{ include \"d\" (dict \"n\" 1) }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"doubling of values", "{{ $x := dict }}{{ range until 60 }}{{ $x = dict \"a\" $x \"b\" $x }}{{ end }}{{ toJson $x }}", "templates/x.yaml:1: " + ended + " after 200000 steps; a template loops or calls itself without end"},
		{"recursion", "{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}", "templates/x.yaml:1: " + ended + ": templates call each other more than 1000 times deep"},
		{"recursion by include", "\n{{ define \"r\" }}{{ include \"r\" . }}{{ end }}{{ include \"r\" . }}", "templates/x.yaml:2: " + ended + ": templates call each other more than 1000 times deep"},
		{"recursion by tpl", "{{ tpl .Values.t . }}", "templates/x.yaml:1: " + ended + ": templates call each other more than 1000 times deep"},
		{"many calls", "{{ define \"r\" }}{{ if lt (int .) 40 }}{{ template \"r\" (add 1 .) }}{{ template \"r\" (add 1 .) }}{{ end }}{{ end }}{{ template \"r\" 1 }}", "templates/x.yaml:1: " + ended + " after 200000 steps; a template loops or calls itself without end"},
		{"a loop in tpl", "{{ tpl \"{{ range 1000000000 }}{{ end }}\" . }}", "templates/x.yaml:1: " + ended + " after 200000 steps; a template loops or calls itself without end"},
		{"a value that holds itself", "{{ $x := dict }}{{ $_ := set $x \"a\" $x }}\n{{ toString $x }}", "templates/x.yaml:2: " + ended + ": a value contains itself"},
		{"a value that holds itself, printed", "{{ $x := dict }}{{ $_ := set $x \"a\" $x }}\n{{ $x }}", "templates/x.yaml:2: " + ended + ": a value contains itself"},
		{"a value that holds itself, in a pipeline", "{{ $x := dict }}{{ $_ := set $x \"a\" $x }}\n{{ $y := $x | deepCopy }}", "templates/x.yaml:2: " + ended + ": a value contains itself"},
		{"uniq of a long list", "{{ uniq (until 100000) | len }}", "templates/x.yaml:1: " + ended + " after 4194304 bytes of text; a template grows without end"},
		{"deep text for a parser", "{{ fromToml (repeat 300000 \"[\") }}", "templates/x.yaml:1: " + ended + ": a text of more than 262144 bytes is parsed"},
		{"our own functions", "{{ foil_step }}", "templates/x.yaml:0: the chart can't be rendered: the template is broken: a template uses a name that begins with foil_, which is reserved"},
		{"our own functions by tpl", "{{ tpl (print \"{{ foi\" \"l_step }}\") . }}", "templates/x.yaml:1: " + ended + ": a template uses a name that begins with foil_, which is reserved"},
		{"broken syntax", "a: 1\n{{ if }}\n", "templates/x.yaml:2: the chart can't be rendered: the template is broken: missing value for if"},
		{"no end", "a: 1\n{{ if true }}\n", "templates/x.yaml:3: the chart can't be rendered: the template is broken: unexpected EOF"},
		{"an unknown function", "a: 1\nb: {{ nosuch 1 }}\n", "c:0: the chart can't be rendered: function \"nosuch\" not defined"},
		{"required", "a: 1\n\nb: {{ required \"tell me b\" .Values.b }}\n", "templates/x.yaml:3: the chart can't be rendered: tell me b; if it needs values, give them with --values or --set"},
		{"fail in a helper", "{{ define \"f\" }}\n{{ fail \"no way\" }}{{ end }}a: {{ include \"f\" . }}\n", "templates/x.yaml:2: the chart can't be rendered: no way; if it needs values, give them with --values or --set"},
		{"a missing map", "a: {{ .Values.a.b.c }}\n", "templates/x.yaml:1: the chart can't be rendered: nil pointer evaluating interface {}.b; if it needs values, give them with --values or --set"},
		{"an unknown template", "a: {{ include \"none\" . }}\n", "templates/x.yaml:1: the chart can't be rendered: error calling include: template: no template \"none\" associated with template \"gotpl\"; if it needs values, give them with --values or --set"},
		{"broken output", head + "a: {{ .Chart.Name }}\n  b: [\n", "templates/x.yaml:4: what the template renders: not valid YAML: mapping values are not allowed in this context"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			result := renderWith(t, map[string]string{"templates/x.yaml": test.template, "values.yaml": "t: \"{{ tpl .Values.t . }}\"\n"}, helmchart.Options{}, small)
			if diff := cmp.Diff([]string{test.want}, reasons(result)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBrokenCharts(t *testing.T) {
	bomb := strings.Repeat("x", 1<<20)
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no name", map[string]string{"Chart.yaml": "apiVersion: v2\n"}, "c:0: the chart can't be loaded: validation: chart.metadata.name is required"},
		{"broken Chart.yaml", map[string]string{"Chart.yaml": "a: [\n"}, "c:0: the chart can't be loaded: cannot load Chart.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content"},
		{"alias bomb in values", map[string]string{"values.yaml": aliasBomb}, "c:0: the chart can't be loaded: cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: document contains excessive aliasing"},
		{"a packed chart that is none", map[string]string{"charts/x.tgz": "not packed"}, "c:0: the chart can't be loaded: c/charts/x.tgz: no Helm chart: not compressed by gzip"},
		{"a packed chart that unpacks to too much", map[string]string{"charts/x.tgz": pack(t, map[string]string{"x/Chart.yaml": chartYAML, "x/big": bomb})}, "c:0: the chart can't be loaded: c/charts/x.tgz: the unpacked chart is larger than allowed; it was not rendered"},
		{"a packed chart that climbs out", map[string]string{"charts/x.tgz": pack(t, map[string]string{"x/Chart.yaml": chartYAML, "../../etc/passwd": "x"})}, "c:0: the chart can't be loaded: c/charts/x.tgz: the archive has a file outside of the chart's folder: \"../../etc/passwd\""},
		{"charts packed in charts without end", map[string]string{"charts/x.tgz": nested(t, 12)}, "c:0: the chart can't be loaded: c" + strings.Repeat("/charts/x.tgz", 9) + ": charts packed within charts more than 8 times"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			result := renderWith(t, test.files, helmchart.Options{}, helmchart.Limits{ChartBytes: 100_000})
			if diff := cmp.Diff([]string{test.want}, reasons(result)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const aliasBomb = `a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]
g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]
h: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g]
`

// pack makes a .tgz of files.
func pack(t *testing.T, files map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name])), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func nested(t *testing.T, depth int) string {
	t.Helper()
	files := map[string]string{"x/Chart.yaml": chartYAML}
	if depth > 0 {
		files["x/charts/x.tgz"] = nested(t, depth-1)
	}
	return pack(t, files)
}

func TestUnpack(t *testing.T) {
	packed := pack(t, map[string]string{"shop/Chart.yaml": chartYAML, "shop/templates/x.yaml": head + "a: 1\n"})
	files, err := helmchart.Unpack(strings.NewReader(packed), "d/shop.tgz", helmchart.Limits{})
	if err != nil || len(files) != 2 || files[1].Name != "templates/x.yaml" || files[1].Path != "d/shop.tgz/templates/x.yaml" {
		t.Errorf("%v, %v", files, err)
	}
}

func TestCancel(t *testing.T) {
	values, err := helmchart.ReadValues(helmchart.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextThatEnds(t)
	defer cancel()
	r := helmchart.NewRenderer(values, helmchart.Limits{Steps: 1 << 60}, yamldoc.NewDecoder(yamldoc.Options{}))
	result := r.Render(ctx, asFiles(map[string]string{"Chart.yaml": chartYAML, "templates/x.yaml": "{{ range 1000000000000 }}{{ end }}"}), "c")
	want := []string{"templates/x.yaml:1: the chart can't be rendered: rendering was ended: context canceled"}
	if diff := cmp.Diff(want, reasons(result)); diff != "" {
		t.Error(diff)
	}
}
