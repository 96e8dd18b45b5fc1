package control

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"

	"github.com/foilsec/foil/internal/graph"
)

// Outcome is what a policy says about an object.
type Outcome uint8

// The outcomes. An error is never a pass: at admission its effect depends on
// the failure policy, so it is told apart from both.
const (
	Excluded Outcome = iota // the policy does not apply to the object
	Passed
	Failed
	Errored
)

// Verdict is the outcome of one policy on one object.
type Verdict struct {
	Outcome Outcome
	// Violated are the indices of the validations that are false.
	Violated []int
	// Err says why there is no verdict, when Outcome is Errored.
	Err error
}

// Evaluator judges one object at a time. It keeps what policies share about
// that object. It is not safe for concurrent use; make one for each worker.
type Evaluator struct {
	set     *Set
	object  Object
	root    *celMap
	request ref.Val
	space   ref.Val   // namespaceObject
	whole   extent    // of the object and its Namespace
	made    extent    // of the values that expressions made so far
	values  []ref.Val // of slots, for the object with the current mark
	sources []extent  // of the values of slots that are sources
	marks   []uint32
	mark    uint32
}

// NewEvaluator makes an evaluator.
func (s *Set) NewEvaluator() *Evaluator {
	return &Evaluator{set: s, values: make([]ref.Val, len(s.slots)), marks: make([]uint32, len(s.slots)), sources: make([]extent, len(s.slots)), mark: 1}
}

// Load makes an object the one that is judged.
func (e *Evaluator) Load(o Object) {
	if o.Resource == "" {
		o.Resource = resourceOf(o.Kind)
	}
	e.object, e.root = o, &celMap{value: o.Value}
	e.request, e.space = nil, nil
	e.mark++
	e.made = extent{}
	e.whole = extentOfValue(o.Value).add(extentOfValue(o.NamespaceObject))
}

// Applies reports whether the resource rules of a policy let the kind of the
// loaded object in.
func (e *Evaluator) Applies(p *Program) bool { return p.matcher.matchesKind(&e.object) }

// Judge evaluates a policy on the loaded object.
func (e *Evaluator) Judge(p *Program) Verdict {
	if p.err != nil {
		return Verdict{Outcome: Errored, Err: p.err}
	}
	if v, done := e.excluded(p); done {
		return v
	}
	budget := int64(policyBudget)
	verdict := Verdict{Outcome: Passed}
	for i, validation := range p.validations {
		ok, err := e.holds(p, validation, &budget)
		switch {
		case err != nil:
			verdict.Err = errors.Join(verdict.Err, err)
		case !ok:
			verdict.Violated = append(verdict.Violated, i)
		}
	}
	switch {
	case len(verdict.Violated) > 0:
		verdict.Outcome = Failed
	case verdict.Err != nil:
		verdict.Outcome = Errored
	}
	return verdict
}

// excluded decides whether the policy applies, by its constraints and its
// match conditions.
func (e *Evaluator) excluded(p *Program) (Verdict, bool) {
	matched, err := e.matched(p)
	if err != nil {
		return Verdict{Outcome: Errored, Err: err}, true
	}
	if !matched {
		return Verdict{Outcome: Excluded}, true
	}
	// As at admission, one false condition excludes, whatever the others say.
	for _, c := range p.conditions {
		switch v := e.slotValue(c); {
		case v == types.False:
			return Verdict{Outcome: Excluded}, true
		case v != types.True:
			err = errors.Join(err, valueError(v, "match condition"))
		}
	}
	return Verdict{Outcome: Errored, Err: err}, err != nil
}

func (e *Evaluator) matched(p *Program) (bool, error) {
	matched, err := p.matcher.matches(&e.object)
	if !matched || err != nil || len(p.bindings) == 0 {
		return matched, err
	}
	// A policy with bindings is active where any of them selects the object.
	for _, m := range p.bindings {
		if ok, err := m.matches(&e.object); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (e *Evaluator) holds(p *Program, validation *expression, budget *int64) (bool, error) {
	v := e.run(validation, e.activation(p), p.limit, budget)
	switch v {
	case types.True:
		return true, nil
	case types.False:
		return false, nil
	}
	return false, valueError(v, "validation")
}

func valueError(v ref.Val, what string) error {
	if err, ok := v.(*types.Err); ok {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s gives a %s, not a boolean", what, v.Type().TypeName())
}

// slotValue is the value of a shared variable or condition for the loaded
// object, evaluated when first asked for. An error is a value too.
func (e *Evaluator) slotValue(index int) ref.Val {
	slot := &e.set.slots[index]
	if slot.constant != nil {
		e.made = e.made.join(slot.size)
		return slot.constant
	}
	if e.marks[index] == e.mark {
		return e.values[index]
	}
	budget := int64(policyBudget)
	a := &activation{evaluator: e, scope: slot.scope, params: slot.params, condition: slot.condition, source: slot.source}
	v := e.run(slot.expr, a, sharedLimit, &budget)
	e.made = e.made.join(extentOf(v, 0))
	e.sources[index] = extentOfValue(originOf(v))
	e.values[index], e.marks[index] = v, e.mark
	return v
}

// run evaluates an expression, with the API server's cost accounting unless an
// estimate shows that no limit can be reached. The estimate needs the sizes of
// what is read, so variables are evaluated first.
func (e *Evaluator) run(x *expression, a *activation, limit uint64, budget *int64) ref.Val {
	for _, name := range x.variables {
		e.slotValue(lookup(a.scope, name))
	}
	if x.reads&readsNamespace != 0 && !a.condition && e.object.Namespace != "" && !e.object.NamespaceObject.Exists() {
		return types.WrapErr(errNamespaceUnknown)
	}
	if x.bounded(e.extentFor(a).class(), limit) {
		return evaluate(x, a)
	}
	return e.runTracked(x, a, budget)
}

// extentFor bounds what an expression reads: what its one source holds, or the
// whole object, and what other expressions made of it.
func (e *Evaluator) extentFor(a *activation) extent {
	if a.source < 0 || !originOf(e.slotValue(a.source)).Exists() {
		return e.whole.join(e.made)
	}
	return e.sources[a.source].join(e.made)
}

func evaluate(x *expression, a *activation) ref.Val {
	p, err := x.fastProgram(a.evaluator.object.Kind)
	if err != nil {
		return types.WrapErr(err)
	}
	return p.eval(a)
}

func (e *Evaluator) runTracked(x *expression, a *activation, budget *int64) ref.Val {
	p, err := x.trackedProgram()
	if err != nil {
		return types.WrapErr(err)
	}
	v, details, err := p.Eval(a)
	if details != nil && details.ActualCost() != nil {
		*budget -= int64(min(*details.ActualCost(), policyBudget+1))
	}
	switch {
	case err != nil:
		return types.WrapErr(err)
	case *budget < 0:
		return types.NewErr("the policy costs more than the API server allows on one object")
	}
	return v
}

// activation resolves the variables of an expression.
type activation struct {
	evaluator *Evaluator
	scope     []binding
	params    *params
	condition bool   // of a match condition
	source    int    // slot through which alone the object is read, or -1
	locals    *local // variables of the comprehensions around a part
}

func (e *Evaluator) activation(p *Program) *activation {
	return &activation{evaluator: e, scope: p.scope, params: p.params, source: p.source}
}

type local struct {
	name  string
	value ref.Val
	outer *local
}

// ResolveName implements cel.Activation.
func (a *activation) ResolveName(name string) (any, bool) {
	if strings.HasPrefix(name, varPrefix) {
		if slot := lookup(a.scope, name); slot >= 0 {
			return a.evaluator.slotValue(slot), true
		}
		return nil, false
	}
	for l := a.locals; l != nil; l = l.outer {
		if l.name == name {
			return l.value, true
		}
	}
	return a.resolveRoot(name)
}

func (a *activation) resolveRoot(name string) (any, bool) {
	e := a.evaluator
	switch name {
	case varObject:
		return e.root, true
	case varOldObject:
		return types.NullValue, true // an offline evaluation models a creation
	case varRequest:
		return e.requestValue(), true
	case varNamespace:
		if a.condition {
			return types.NullValue, true
		}
		return e.namespaceValue(), true
	case varParams:
		if a.params != nil {
			return a.params.value, true
		}
	}
	return nil, false
}

// Parent implements cel.Activation.
func (a *activation) Parent() cel.Activation { return nil }

// requestValue is the admission request of a creation by nobody in particular.
func (e *Evaluator) requestValue() ref.Val {
	if e.request == nil {
		o := &e.object
		kind := map[string]any{"group": o.Group, "version": o.Version, "kind": o.Kind}
		resource := map[string]any{"group": o.Group, "version": o.Version, "resource": o.Resource}
		e.request = types.DefaultTypeAdapter.NativeToValue(map[string]any{
			"kind": kind, "resource": resource, "subResource": "",
			"requestKind": kind, "requestResource": resource, "requestSubResource": "",
			"name": o.Name, "namespace": o.Namespace, "operation": "CREATE",
			"userInfo": map[string]any{"username": "", "uid": "", "groups": []string{}, "extra": map[string]any{}},
			"dryRun":   false, "options": map[string]any{},
		})
	}
	return e.request
}

func (e *Evaluator) namespaceValue() ref.Val {
	if e.space == nil {
		e.space = types.NullValue
		if e.object.Namespace != "" {
			e.space = celValue(e.object.NamespaceObject)
		}
	}
	return e.space
}

// Message is what a violated validation says about the loaded object: its
// messageExpression, or its message, or the expression itself.
func (e *Evaluator) Message(p *Program, violated int) string {
	v := &p.Spec.Validations[violated]
	if m := p.messages[violated]; m != nil {
		budget := int64(policyBudget)
		if text, ok := e.run(m, e.activation(p), p.limit, &budget).(types.String); ok && usableMessage(string(text)) {
			return strings.TrimSpace(string(text))
		}
	}
	if text := strings.TrimSpace(v.Message); text != "" {
		return text
	}
	return "failed expression: " + strings.TrimSpace(v.Expression)
}

// usableMessage applies the API server's rules for the result of a
// messageExpression: one line, not blank, at most 5 KiB.
func usableMessage(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && len(text) <= 5<<10 && !strings.Contains(text, "\n")
}

// SourceValue is the part of the loaded object that a source names. It is
// absent when the part is not a place in the document.
func (e *Evaluator) SourceValue(slot int) graph.Value { return originOf(e.slotValue(slot)) }
