package control

import (
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/graph"
)

func TestRunningEnvironmentKnowsEveryFunction(t *testing.T) {
	e, err := newEnvironments()
	if err != nil {
		t.Fatal(err)
	}
	if missing := e.missingFunctions(); len(missing) > 0 {
		t.Errorf("the environment without accounting lacks %s", strings.Join(missing, ", "))
	}
}

// policyText is a policy over pods with the given validation.
func policyText(validation, variables string) string {
	return fmt.Sprintf(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: test}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}]
  variables:
    - {name: containers, expression: "object.spec.?containers.orValue([]) + object.spec.?initContainers.orValue([])"}
%s
  validations:
    - expression: >-
        %s
`, variables, validation)
}

func compileOne(t testing.TB, text string, settings Settings) (*Set, *Program) {
	t.Helper()
	library, err := Parse([]File{{Name: "test.yaml", Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	set, err := Compile(library, settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Programs()[0].Err(); err != nil {
		t.Fatal(err)
	}
	return set, set.Programs()[0]
}

// testPod is a pod with two containers and an init container.
func testPod() graph.Value {
	var b graph.DocumentBuilder
	at := graph.Position{File: "pod.yaml", Line: 1, Column: 1}
	container := func(name string, privileged bool, drop ...string) {
		b.OpenMap("", at)
		b.String("name", name, at)
		b.String("image", "nginx", at)
		b.OpenMap("securityContext", at)
		b.Bool("privileged", privileged, at)
		b.OpenMap("capabilities", at)
		b.OpenList("drop", at)
		for _, d := range drop {
			b.String("", d, at)
		}
		b.Close()
		b.Close()
		b.Close()
		b.Close()
	}
	b.OpenMap("", at)
	b.String("apiVersion", "v1", at)
	b.String("kind", "Pod", at)
	b.OpenMap("spec", at)
	b.Bool("hostPID", true, at)
	b.Null("hostIPC", at)
	b.OpenList("containers", at)
	container("good", false, "ALL")
	container("bad", true, "NET_RAW")
	b.Close()
	b.OpenList("initContainers", at)
	container("init", true)
	b.Close()
	b.Close()
	b.Close()
	d, err := b.Finish()
	if err != nil {
		panic(err)
	}
	return d.Root()
}

func TestCauses(t *testing.T) {
	const privileged = "c.?securityContext.?privileged.orValue(false)"
	tests := []struct {
		name, validation string
		variables        string
		want             []string // path of the item, "→", path of the field
	}{
		{"element of a list", "variables.containers.all(c, " + privileged + " != true)", "",
			[]string{"spec.containers[1] → spec.containers[1].securityContext.privileged", "spec.initContainers[0] → spec.initContainers[0].securityContext.privileged"}},
		{"negated exists", "!variables.containers.exists(c, " + privileged + " == true)", "",
			[]string{"spec.containers[1] → spec.containers[1].securityContext.privileged", "spec.initContainers[0] → spec.initContainers[0].securityContext.privileged"}},
		{"missing field", "variables.containers.all(c, c.?securityContext.?runAsNonRoot.orValue(false) == true)", "",
			[]string{"spec.containers[0] → spec.containers[0].securityContext.runAsNonRoot", "spec.containers[1] → spec.containers[1].securityContext.runAsNonRoot", "spec.initContainers[0] → spec.initContainers[0].securityContext.runAsNonRoot"}},
		{"only the false side of a conjunction", "object.kind == 'Pod' && object.spec.hostPID == false", "", []string{" → spec.hostPID"}},
		{"both sides of a disjunction", "object.kind == 'Job' || object.spec.hostPID == false", "", []string{" → kind", " → spec.hostPID"}},
		{"branch of a conditional", "object.kind == 'Pod' ? object.spec.hostPID == false : true", "", []string{" → spec.hostPID"}},
		{"nothing in the list", "variables.containers.all(c, c.securityContext.capabilities.drop.exists(d, d == 'ALL'))", "",
			[]string{"spec.containers[1] → spec.containers[1].securityContext.capabilities.drop", "spec.initContainers[0] → spec.initContainers[0].securityContext.capabilities.drop"}},
		{"scalar element", "!variables.containers.exists(c, c.securityContext.capabilities.drop.exists(d, d == 'NET_RAW'))", "",
			[]string{"spec.containers[1] → spec.containers[1].securityContext.capabilities.drop[0]"}},
		{"boolean variable", "variables.safe", "    - {name: safe, expression: \"object.spec.hostPID == false\"}", []string{" → spec.hostPID"}},
		{"computed variable", "variables.count == 0", "    - {name: count, expression: \"variables.containers.filter(c, c.name == 'bad').size()\"}",
			[]string{" → spec.containers", " → spec.initContainers"}},
		{"null counts as absent", "has(object.spec.hostIPC)", "", []string{" → spec.hostIPC"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, program := compileOne(t, policyText(tt.validation, tt.variables), nil)
			e := set.NewEvaluator()
			e.Load(Object{Value: testPod(), Version: "v1", Kind: "Pod", Name: "p"})
			verdict := e.Judge(program)
			if verdict.Outcome != Failed {
				t.Fatalf("outcome %d (%v), want a failure", verdict.Outcome, verdict.Err)
			}
			var got []string
			for _, c := range e.Causes(program, 0) {
				got = append(got, c.Item.Path()+" → "+c.Field.PathTo(c.Missing...))
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("causes are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestSettingsAreEvaluatedOnce(t *testing.T) {
	text := strings.Replace(policyText("variables.containers.all(c, !(c.name in variables.names))",
		"    - {name: names, expression: \"params.data.names.split('\\\\n').filter(s, s != '')\"}"),
		"spec:\n", "spec:\n  paramKind: {apiVersion: v1, kind: ConfigMap}\n", 1)
	set, program := compileOne(t, text, Settings{"names": {"init", "other"}})
	slot := set.slots[lookup(program.scope, "variables.names")]
	if slot.constant == nil {
		t.Error("a variable that reads nothing but settings is not a constant")
	}
	e := set.NewEvaluator()
	e.Load(Object{Value: testPod(), Version: "v1", Kind: "Pod", Name: "p"})
	if v := e.Judge(program); v.Outcome != Failed {
		t.Errorf("outcome %d (%v), want a failure: a container is named init", v.Outcome, v.Err)
	}
}

func TestSpecialisedForAKind(t *testing.T) {
	_, program := compileOne(t, policyText("object.kind != 'Pod' || object.spec.hostPID == false", ""), nil)
	x := program.validations[0]
	if !x.asksKind {
		t.Fatal("the question for the kind is not seen")
	}
	if text := x.specialised("Job").NativeRep().Expr(); text.AsLiteral() == nil {
		t.Errorf("for another kind the expression does not fold to a constant: %v", text.Kind())
	}
	if text := x.specialised("Pod"); text.NativeRep().Expr().AsCall().FunctionName() != "_==_" {
		t.Errorf("for a Pod the guard is still there: %v", text.NativeRep().Expr().AsCall().FunctionName())
	}
}

func TestPolicyWithoutVerdictSaysWhy(t *testing.T) {
	for name, tt := range map[string]struct{ validation, want string }{
		"authorizer": {"authorizer.group('').resource('pods').check('get').allowed()", "undeclared reference"},
		"type":       {"'text'", "must give bool"},
		"syntax":     {"object.", "Syntax error"},
	} {
		library, err := Parse([]File{{Name: "test.yaml", Data: []byte(policyText(tt.validation, ""))}})
		if err != nil {
			t.Fatal(err)
		}
		set, err := Compile(library, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := set.Programs()[0].Err(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error that says %q", name, err, tt.want)
		}
	}
}

func TestEstimateCoversTheRealCost(t *testing.T) {
	// Twenty containers with twenty long arguments each.
	var b graph.DocumentBuilder
	var at graph.Position
	b.OpenMap("", at)
	b.OpenMap("spec", at)
	b.OpenList("containers", at)
	for i := range 20 {
		b.OpenMap("", at)
		b.String("name", fmt.Sprint("c", i), at)
		b.OpenList("args", at)
		for j := range 20 {
			b.String("", strings.Repeat("x", 100+j), at)
		}
		b.Close()
		b.Close()
	}
	b.Close()
	b.Close()
	b.Close()
	d, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	for _, validation := range []string{
		"variables.containers.all(c, c.args.all(a, !a.contains('secret')))",
		"variables.containers.all(c, c.?args.orValue([]).all(a, !a.matches('(token|key)=[a-z]+')))",
		"variables.containers.all(c, variables.containers.all(d, c.name != d.name || c.args.size() == d.args.size()))",
		"variables.containers.all(c, c.args.all(a, c.args.exists_one(o, o == a)))",
	} {
		set, program := compileOne(t, policyText(validation, ""), nil)
		e := set.NewEvaluator()
		e.Load(Object{Value: d.Root(), Version: "v1", Kind: "Pod", Name: "p"})
		x := program.validations[0]
		budget := int64(policyBudget)
		if v := e.runTracked(x, e.activation(program), &budget); v == nil {
			t.Fatal("no value")
		}
		cost := uint64(policyBudget - budget)
		for range 2 {
			e.slotValue(lookup(program.scope, "variables.containers"))
		}
		if bound := x.estimate(e.extentFor(e.activation(program)).class().extent()); bound < cost {
			t.Errorf("%s costs %d, estimated at most %d", validation, cost, bound)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(policyText("object.spec.hostPID == false", "")))
	f.Add([]byte("a: &a [*a]\n---\nkind: ValidatingAdmissionPolicy\nmetadata: {name: x}\nspec: {validations: [{expression: 'true'}]}"))
	f.Add([]byte("kind: ValidatingAdmissionPolicyBinding\nspec: {policyName: x, paramRef: {name: y}}"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		library, _ := Parse([]File{{Name: "fuzz.yaml", Data: data}})
		set, err := Compile(library, Settings{"names": {"a"}})
		if err != nil {
			return
		}
		e := set.NewEvaluator()
		e.Load(Object{Value: testPod(), Version: "v1", Kind: "Pod", Name: "p"})
		for _, p := range set.Programs() {
			if v := e.Judge(p); v.Outcome == Failed {
				for _, i := range v.Violated {
					e.Causes(p, i)
					e.Message(p, i)
				}
			}
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	set, program := compileOne(b, policyText("variables.containers.all(c, c.?securityContext.?privileged.orValue(false) != true)", ""), nil)
	e := set.NewEvaluator()
	o := Object{Value: testPod(), Version: "v1", Kind: "Pod", Name: "p"}
	b.ReportAllocs()
	for b.Loop() {
		e.Load(o)
		if e.Judge(program).Outcome != Failed {
			b.Fatal("want a failure")
		}
	}
}
