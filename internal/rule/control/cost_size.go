package control

import (
	"maps"

	"github.com/google/cel-go/checker"
	celast "github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
)

// sizeEstimator tells CEL's cost estimator how large values can be. It knows
// three things that make the bound a close one: what is iterated over is a
// container and no string; the lists in the elements of a list have no more
// elements together than the object has values; and the strings in the
// elements of a list are no longer together than all text of the object, so
// that a function of one string may be counted with their mean length.
type sizeEstimator struct {
	sizes  map[int64]int // id of an iteration range or string → its size
	extent extent
}

func newSizeEstimator(e celast.Expr, x extent) *sizeEstimator {
	s := &sizeEstimator{sizes: map[int64]int{}, extent: x}
	s.walk(e, nil, true)
	return s
}

// walk sizes the ranges of all comprehensions; inside are the variables of
// those around e, each with the number of times its body runs at most. Mean
// lengths may not meet in one call, since a product of means bounds no sum of
// products: in the arguments of a call on a string they are not used.
func (s *sizeEstimator) walk(e celast.Expr, inside map[string]int, mean bool) {
	switch {
	case e.Kind() == celast.ComprehensionKind:
		s.walkComprehension(e.AsComprehension(), inside, mean)
	case e.Kind() == celast.CallKind && e.AsCall().IsMemberFunction():
		target := e.AsCall().Target()
		if c, ok := asChain(target); ok && mean && c.root.Kind() == celast.IdentKind {
			if runs, ok := inside[c.root.AsIdent()]; ok {
				s.sizes[target.ID()] = min(s.extent.text, (s.extent.allText+runs-1)/runs)
			}
		}
		s.walk(target, inside, mean)
		for _, arg := range e.AsCall().Args() {
			s.walk(arg, inside, false)
		}
	default:
		for _, child := range allChildren(e) {
			s.walk(child, inside, mean)
		}
	}
}

func (s *sizeEstimator) walkComprehension(c celast.ComprehensionExpr, inside map[string]int, mean bool) {
	s.walk(c.IterRange(), inside, mean)
	size, runs := s.extent.children, s.extent.children
	if around, ok := inside[rangeRoot(c.IterRange())]; ok {
		runs = max(s.extent.total, around)
		size = (runs + around - 1) / around
	}
	s.sizes[c.IterRange().ID()] = size
	inner := maps.Clone(inside)
	if inner == nil {
		inner = map[string]int{}
	}
	inner[c.IterVar()] = runs
	for _, part := range []celast.Expr{c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()} {
		s.walk(part, inner, mean)
	}
}

// rangeRoot names the variable whose field is iterated over: c for
// c.?env.orValue([]). It is empty for every other range.
func rangeRoot(e celast.Expr) string {
	if e.Kind() == celast.CallKind {
		call := e.AsCall()
		if call.FunctionName() == "orValue" && call.IsMemberFunction() && isEmptyList(call.Args()[0]) {
			e = call.Target()
		}
	}
	c, ok := asChain(e)
	if !ok || len(c.steps) == 0 || c.root.Kind() != celast.IdentKind {
		return ""
	}
	return c.root.AsIdent()
}

func isEmptyList(e celast.Expr) bool { return e.Kind() == celast.ListKind && e.AsList().Size() == 0 }

// allChildren are all parts of an expression that is no comprehension.
func allChildren(e celast.Expr) []celast.Expr {
	if e.Kind() != celast.MapKind {
		return children(e)
	}
	var list []celast.Expr
	for _, entry := range e.AsMap().Entries() {
		list = append(list, entry.AsMapEntry().Key(), entry.AsMapEntry().Value())
	}
	return list
}

// EstimateSize implements checker.CostEstimator.
func (s *sizeEstimator) EstimateSize(element checker.AstNode) *checker.SizeEstimate {
	size := max(s.extent.children, s.extent.text)
	if element.Expr() != nil {
		if known, ok := s.sizes[element.Expr().ID()]; ok {
			return &checker.SizeEstimate{Max: uint64(known)}
		}
	}
	if kind := element.Type().Kind(); kind == types.ListKind || kind == types.MapKind {
		size = s.extent.children
	}
	return &checker.SizeEstimate{Max: uint64(size)}
}

// EstimateCallCost implements checker.CostEstimator.
func (s *sizeEstimator) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}
