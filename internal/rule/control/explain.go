package control

import (
	"strings"

	celast "github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"github.com/foilsec/foil/internal/graph"
)

// Cause is a field that made a validation false.
type Cause struct {
	// Item is the list element that the validation failed for: of nested lists
	// the container, or else the innermost element. It is absent when the
	// validation is not about elements of a list.
	Item graph.Value
	// Field is the field that was read, or the last part of the way to it that
	// exists.
	Field graph.Value
	// Missing are the steps from Field to the field that was read; empty when
	// the field exists.
	Missing []string
}

// Causes finds the fields that made a validation of a policy false for the
// loaded object. It follows the logic of the expression: of a conjunction the
// operands that are false, of a list the elements for which the condition
// fails, and at the end the fields that are read.
func (e *Evaluator) Causes(p *Program, violated int) []Cause {
	x := explainer{evaluator: e, program: p}
	v := p.validations[violated]
	x.follow(frame{expr: v, scope: p.scope}, v.ast.NativeRep().Expr(), false)
	return x.causes
}

// maxCauses bounds what is kept of one failure: a person reads a few.
const maxCauses = 200

type explainer struct {
	evaluator *Evaluator
	program   *Program
	causes    []Cause
	depth     int
}

// frame is where in which expression the explanation stands.
type frame struct {
	expr   *expression
	scope  []binding
	locals *local
	item   graph.Value
}

// follow explains why sub has the given truth.
func (x *explainer) follow(f frame, sub celast.Expr, truth bool) {
	if x.depth++; x.depth > 100 || len(x.causes) >= maxCauses {
		return
	}
	defer func() { x.depth-- }()
	switch sub.Kind() {
	case celast.CallKind:
		x.followCall(f, sub, truth)
	case celast.ComprehensionKind:
		x.followComprehension(f, sub, truth)
	case celast.IdentKind, celast.SelectKind:
		x.followVariable(f, sub, truth)
	default:
		x.leaf(f, sub)
	}
}

func (x *explainer) followCall(f frame, sub celast.Expr, truth bool) {
	call := sub.AsCall()
	switch args := call.Args(); call.FunctionName() {
	case operators.LogicalNot:
		x.follow(f, args[0], !truth)
	case operators.LogicalAnd, operators.LogicalOr:
		for _, arg := range args {
			if x.eval(f, arg) == types.Bool(truth) {
				x.follow(f, arg, truth)
			}
		}
	case operators.Conditional:
		branch := args[2]
		if x.eval(f, args[0]) == types.True {
			branch = args[1]
		}
		if branch.Kind() == celast.LiteralKind {
			branch = args[0] // "cond ? false : true" is about the condition
		}
		x.follow(f, branch, x.eval(f, branch) == types.True)
	default:
		x.leaf(f, sub)
	}
}

// followVariable goes into the definition of a composed boolean variable.
func (x *explainer) followVariable(f frame, sub celast.Expr, truth bool) {
	name := f.expr.ast.NativeRep().ReferenceMap()[sub.ID()]
	if name == nil || !strings.HasPrefix(name.Name, varPrefix) {
		x.leaf(f, sub)
		return
	}
	slot := &x.evaluator.set.slots[lookup(f.scope, name.Name)]
	inner := frame{expr: slot.expr, scope: slot.scope, item: f.item}
	x.follow(inner, slot.expr.ast.NativeRep().Expr(), truth)
}

// followComprehension explains all() by the elements that fail and exists() by
// those that do not.
func (x *explainer) followComprehension(f frame, sub celast.Expr, truth bool) {
	c := sub.AsComprehension()
	condition, all, ok := quantifier(c)
	list, isList := x.eval(f, c.IterRange()).(traits.Lister)
	if !ok || !isList || c.HasIterVar2() {
		x.leaf(f, sub)
		return
	}
	before := len(x.causes)
	if all != truth { // the elements decide: all() is false, exists() is true
		x.eachElement(f, c, list, condition, truth)
	}
	if len(x.causes) == before {
		x.leaf(f, c.IterRange())
	}
}

func (x *explainer) eachElement(f frame, c celast.ComprehensionExpr, list traits.Lister, condition celast.Expr, truth bool) {
	places := placesOf(list)
	for i, element := range listItems(list) {
		inner := f
		inner.locals = &local{c.IterVar(), element, f.locals}
		inner.item = nearerItem(f.item, places[i])
		if x.eval(inner, condition) != types.Bool(truth) {
			continue
		}
		before := len(x.causes)
		x.follow(inner, condition, truth)
		if len(x.causes) == before && places[i].Exists() {
			x.add(Cause{Item: inner.item, Field: places[i]})
		}
	}
}

// placesOf says where in the document each element of a list stands; scalars
// know it only through their list.
func placesOf(list traits.Lister) []graph.Value {
	if l, ok := list.(*celList); ok && l.source {
		var places []graph.Value
		for _, item := range l.value.Items() {
			places = append(places, item)
		}
		return places
	}
	items := listItems(list)
	places := make([]graph.Value, len(items))
	for i, item := range items {
		places[i] = originOf(item)
	}
	return places
}

// nearerItem keeps the container once one is found: a fix of a port or
// capability is written relative to its container.
func nearerItem(outer, place graph.Value) graph.Value {
	if !place.Exists() || isContainer(outer) {
		return outer
	}
	return place
}

func isContainer(v graph.Value) bool {
	return v.Kind() == graph.Map && v.Get("name").Exists() && (v.Get("image").Exists() || v.Get("resources").Exists() || v.Get("securityContext").Exists() || v.Get("command").Exists())
}

// quantifier recognises the comprehensions that the macros all and exists
// expand to, by the form that the CEL specification gives them.
func quantifier(c celast.ComprehensionExpr) (condition celast.Expr, all, ok bool) {
	start, step := c.AccuInit(), c.LoopStep()
	if start.Kind() != celast.LiteralKind || step.Kind() != celast.CallKind || c.Result().Kind() != celast.IdentKind {
		return nil, false, false
	}
	args := step.AsCall().Args()
	switch {
	case len(args) != 2:
		return nil, false, false
	case start.AsLiteral() == types.True && step.AsCall().FunctionName() == operators.LogicalAnd:
		return args[1], true, true
	case start.AsLiteral() == types.False && step.AsCall().FunctionName() == operators.LogicalOr:
		return args[1], false, true
	}
	return nil, false, false
}

func (x *explainer) eval(f frame, sub celast.Expr) ref.Val {
	program, err := f.expr.part(sub)
	if err != nil {
		return types.WrapErr(err)
	}
	a := &activation{evaluator: x.evaluator, scope: f.scope, params: x.program.params, locals: f.locals}
	return program.eval(a)
}

func (x *explainer) add(c Cause) {
	for _, known := range x.causes {
		if known.Field == c.Field && strings.Join(known.Missing, "\x00") == strings.Join(c.Missing, "\x00") {
			return
		}
	}
	x.causes = append(x.causes, c)
}

func originOf(v ref.Val) graph.Value {
	if s, ok := v.(sourced); ok {
		return s.origin()
	}
	return graph.Value{}
}
