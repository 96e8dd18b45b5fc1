package control

import (
	"github.com/google/cel-go/checker"
	celast "github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"k8s.io/apiserver/pkg/cel/library"
)

// The API server refuses an expression that costs more than 1,000,000 units,
// a policy that costs more than 10,000,000 on one object, and match conditions
// that cost more than 2,500,000 (k8s.io/apiserver/pkg/apis/cel). An expression
// that provably stays below cheapEnough needs no accounting: even forty of them
// can't reach the limit of a policy, nor ten the limit of match conditions.
const (
	cheapEnough         = 250_000
	policyBudget        = 10_000_000
	maxCheapExpressions = policyBudget / cheapEnough
)

// extent bounds the sizes of what an expression reads: the elements of any
// container, and the bytes of any string.
type extent struct{ children, text int }

// sizeClass is a rounded extent; there are few, so that an expression is
// estimated once for each class and not for each object.
type sizeClass int

var (
	childrenClasses = [...]int{16, 64, 256}
	textClasses     = [...]int{256, 4096, 65536}
)

// unbounded is the class of objects that are larger than any class.
const unbounded sizeClass = -1

func (x extent) class() sizeClass {
	children, text := classOf(childrenClasses[:], x.children), classOf(textClasses[:], x.text)
	if children < 0 || text < 0 {
		return unbounded
	}
	return sizeClass(children*len(textClasses) + text)
}

func classOf(limits []int, n int) int {
	for i, limit := range limits {
		if n <= limit {
			return i
		}
	}
	return -1
}

func (c sizeClass) extent() extent {
	return extent{childrenClasses[int(c)/len(textClasses)], textClasses[int(c)%len(textClasses)]}
}

// bounded reports whether the expression is cheap on every object of a class.
func (e *expression) bounded(c sizeClass) bool {
	if c == unbounded {
		return false
	}
	const unknown, cheap, costly = 0, 1, 2
	shift := uint(c) * 2
	for {
		old := e.bounds.bits.Load()
		if known := old >> shift & 3; known != unknown {
			return known == cheap
		}
		verdict := uint32(costly)
		if e.estimate(c.extent()) <= cheapEnough {
			verdict = cheap
		}
		e.bounds.bits.CompareAndSwap(old, old|verdict<<shift)
	}
}

// estimate is the highest cost of the expression on values of an extent.
func (e *expression) estimate(x extent) uint64 {
	sizes := &sizeEstimator{ranges: comprehensionRanges(e.ast.NativeRep().Expr()), extent: x}
	cost, err := e.envs.checking.EstimateCost(e.ast, &library.CostEstimator{SizeEstimator: sizes})
	if err != nil {
		return policyBudget // not known: account for it
	}
	return cost.Max
}

// sizeEstimator answers the cost estimator: what is iterated over is a
// container; what is not may be a string.
type sizeEstimator struct {
	ranges map[int64]bool
	extent extent
}

// EstimateSize implements checker.CostEstimator.
func (s *sizeEstimator) EstimateSize(element checker.AstNode) *checker.SizeEstimate {
	size := max(s.extent.children, s.extent.text)
	switch kind := element.Type().Kind(); {
	case kind == types.ListKind, kind == types.MapKind, element.Expr() != nil && s.ranges[element.Expr().ID()]:
		size = s.extent.children
	}
	return &checker.SizeEstimate{Min: 0, Max: uint64(size)}
}

// EstimateCallCost implements checker.CostEstimator.
func (s *sizeEstimator) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}

func comprehensionRanges(e celast.Expr) map[int64]bool {
	ranges := map[int64]bool{}
	celast.PostOrderVisit(e, celast.NewExprVisitor(func(e celast.Expr) {
		if e.Kind() == celast.ComprehensionKind {
			ranges[e.AsComprehension().IterRange().ID()] = true
		}
	}))
	return ranges
}

// extentOf measures a value that an expression made. Views of the document are
// bounded by the document already, so only what is new is walked.
func extentOf(v ref.Val, depth int) extent {
	const huge = 1 << 30
	if depth > 4 {
		return extent{huge, huge}
	}
	switch v := v.(type) {
	case types.String:
		return extent{text: len(v)}
	case *types.Optional:
		if v.HasValue() {
			return extentOf(v.GetValue(), depth+1)
		}
		return extent{}
	case *celMap:
		return extent{}
	case *celList:
		x := extent{children: len(v.load())}
		if v.source {
			return x
		}
		return x.join(extentOfItems(v, depth))
	case traits.Lister:
		return extent{children: sizeOf(v)}.join(extentOfItems(v, depth))
	case traits.Mapper:
		return extent{children: sizeOf(v)}.join(extentOfFields(v, depth))
	}
	return extent{}
}

func (x extent) join(y extent) extent {
	return extent{max(x.children, y.children), max(x.text, y.text)}
}

func sizeOf(v traits.Sizer) int {
	n, _ := v.Size().(types.Int)
	return int(n)
}

func extentOfItems(v traits.Lister, depth int) (x extent) {
	for it := v.Iterator(); it.HasNext() == types.True; {
		x = x.join(extentOf(it.Next(), depth+1))
	}
	return x
}

func extentOfFields(v traits.Mapper, depth int) (x extent) {
	for it := v.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		x = x.join(extentOf(key, depth+1)).join(extentOf(v.Get(key), depth+1))
	}
	return x
}
