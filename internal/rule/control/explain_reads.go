package control

import (
	"slices"
	"strings"

	celast "github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// leaf adds the fields that an expression without further logic reads.
func (x *explainer) leaf(f frame, sub celast.Expr) {
	for _, chain := range fieldChains(sub) {
		x.addChain(f, chain)
	}
}

// chain is a run of field accesses from a variable: root.a.?b["c"].
type chain struct {
	root  celast.Expr
	steps []string
}

// fieldChains finds the longest runs of field accesses in an expression.
func fieldChains(e celast.Expr) []chain {
	if c, ok := asChain(e); ok {
		if len(c.steps) == 0 && c.root.Kind() != celast.IdentKind && c.root.Kind() != celast.SelectKind {
			return nil
		}
		return []chain{c}
	}
	var chains []chain
	for _, child := range children(e) {
		chains = append(chains, fieldChains(child)...)
	}
	return chains
}

// asChain reads an expression as a run of accesses. Composed variables are
// references that the checker resolved, so they are roots, not accesses.
func asChain(e celast.Expr) (chain, bool) {
	switch e.Kind() {
	case celast.IdentKind:
		return chain{root: e}, true
	case celast.SelectKind:
		operand := e.AsSelect().Operand()
		if operand.Kind() == celast.IdentKind && operand.AsIdent() == strings.TrimSuffix(varPrefix, ".") {
			return chain{root: e}, true
		}
		return asChainStep(operand, e.AsSelect().FieldName())
	case celast.CallKind:
		call := e.AsCall()
		switch call.FunctionName() {
		case operators.OptSelect, operators.Index, operators.OptIndex:
			if key, ok := constantString(call.Args()[1]); ok {
				return asChainStep(call.Args()[0], key)
			}
		}
	}
	return chain{}, false
}

func asChainStep(operand celast.Expr, field string) (chain, bool) {
	c, ok := asChain(operand)
	if !ok {
		return chain{}, false
	}
	c.steps = append(slices.Clone(c.steps), field)
	return c, true
}

func constantString(e celast.Expr) (string, bool) {
	if e.Kind() != celast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// children are the parts of an expression that may read fields. Of a
// comprehension it is the range: its elements are variables of their own.
func children(e celast.Expr) []celast.Expr {
	switch e.Kind() {
	case celast.CallKind:
		call := e.AsCall()
		if call.IsMemberFunction() {
			return append([]celast.Expr{call.Target()}, call.Args()...)
		}
		return call.Args()
	case celast.SelectKind:
		return []celast.Expr{e.AsSelect().Operand()}
	case celast.ListKind:
		return e.AsList().Elements()
	case celast.ComprehensionKind:
		return []celast.Expr{e.AsComprehension().IterRange()}
	}
	return nil
}

// addChain evaluates the root of a run and follows the steps in the document
// as far as they exist.
func (x *explainer) addChain(f frame, c chain) {
	root := x.eval(f, c.root)
	place := originOf(root)
	if !place.Exists() {
		x.addRoot(f, c)
		return
	}
	for i, step := range c.steps {
		next := place.Get(step)
		if !next.Exists() {
			x.add(Cause{Item: f.item, Field: place, Missing: c.steps[i:]})
			return
		}
		place = next
	}
	x.add(Cause{Item: f.item, Field: place})
}

// addRoot handles a run whose root is no view of the document: an element that
// is a plain string (the item says where it stands), or a variable that was
// computed from the document, whose own reads then count.
func (x *explainer) addRoot(f frame, c chain) {
	ref := f.expr.ast.NativeRep().ReferenceMap()[c.root.ID()]
	if ref == nil || !strings.HasPrefix(ref.Name, varPrefix) {
		return
	}
	slot := &x.evaluator.set.slots[lookup(f.scope, ref.Name)]
	if slot.constant != nil || x.depth > 100 {
		return
	}
	x.depth++
	defer func() { x.depth-- }()
	x.leaf(frame{expr: slot.expr, scope: slot.scope, item: f.item}, slot.expr.ast.NativeRep().Expr())
}
