package control

import (
	"slices"
	"sync/atomic"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"k8s.io/apiserver/pkg/cel/library"

	"github.com/foilsec/foil/internal/graph"
)

// The API server refuses an expression that costs more than 1,000,000 units,
// a policy that costs more than 10,000,000 on one object, and match conditions
// that cost more than 2,500,000 (k8s.io/apiserver/pkg/apis/cel). An expression
// that provably stays below its share needs no accounting.
const (
	callLimit    = 1_000_000
	policyBudget = 10_000_000
	// sharedLimit is the share of a variable or match condition, which is part
	// of any number of policies.
	sharedLimit = 250_000
)

// limitOf is the share of each validation of a policy and of its message.
func limitOf(p *Program) uint64 {
	rest := policyBudget - sharedLimit*len(p.scope)
	if rest <= 0 {
		return 0
	}
	return uint64(min(callLimit, rest/(2*len(p.validations))))
}

// extent bounds the sizes of what an expression reads: the elements of any one
// container, the values of the whole object, the bytes of any string and those
// of all strings.
type extent struct{ children, total, text, allText int }

// sizeClass is a rounded extent; there are few, so that an expression is
// estimated once for each class and not for each object.
type sizeClass int

var (
	childrenClasses = [...]int{16, 64, 256}
	totalClasses    = [...]int{256, 1024, 4096}
	textClasses     = [...]int{128, 512, 4096, 65536}
	allTextClasses  = [...]int{2048, 16384, 131072}
)

const sizeClasses = len(childrenClasses) * len(totalClasses) * len(textClasses) * len(allTextClasses)

// unbounded is the class of objects that are larger than any class.
const unbounded sizeClass = -1

func (x extent) class() sizeClass {
	class := 0
	for _, dimension := range [...]struct {
		limits []int
		n      int
	}{{childrenClasses[:], x.children}, {totalClasses[:], x.total}, {textClasses[:], x.text}, {allTextClasses[:], x.allText}} {
		i := slices.IndexFunc(dimension.limits, func(limit int) bool { return dimension.n <= limit })
		if i < 0 {
			return unbounded
		}
		class = class*len(dimension.limits) + i
	}
	return sizeClass(class)
}

func (c sizeClass) extent() (x extent) {
	n := int(c)
	take := func(limits []int) int {
		limit := limits[n%len(limits)]
		n /= len(limits)
		return limit
	}
	x.allText, x.text = take(allTextClasses[:]), take(textClasses[:])
	x.total, x.children = take(totalClasses[:]), take(childrenClasses[:])
	return x
}

// costBounds remembers the estimated cost for each size class, plus one; 0 is
// not estimated yet.
type costBounds [sizeClasses]atomic.Uint64

// bounded reports whether the expression costs at most limit on every object
// of a class.
func (e *expression) bounded(c sizeClass, limit uint64) bool {
	if c == unbounded {
		return false
	}
	known := e.bounds[c].Load()
	if known == 0 {
		known = min(e.estimate(c.extent()), policyBudget) + 1
		e.bounds[c].Store(known)
	}
	return known-1 <= limit
}

// estimate is the highest cost of the expression on values of an extent.
func (e *expression) estimate(x extent) uint64 {
	sizes := newSizeEstimator(e.ast.NativeRep().Expr(), x)
	cost, err := e.envs.checking.EstimateCost(e.ast, &library.CostEstimator{SizeEstimator: sizes})
	if err != nil {
		return policyBudget // not known: account for it
	}
	return cost.Max
}

// extentOf measures a value that an expression made. Views of the document are
// bounded by the document already, so only what is new is walked.
func extentOf(v ref.Val, depth int) extent {
	const huge = 1 << 30
	if depth > 4 {
		return extent{huge, huge, huge, huge}
	}
	switch v := v.(type) {
	case types.String:
		return extent{text: len(v), allText: len(v)}
	case *types.Optional:
		if v.HasValue() {
			return extentOf(v.GetValue(), depth+1)
		}
		return extent{}
	case *celMap:
		return extent{}
	case *celList:
		if v.source {
			return extent{}
		}
		if repeats(v.load()) {
			return extent{huge, huge, huge, huge}
		}
		return extent{children: len(v.load())}.join(extentOfItems(v, depth))
	case traits.Lister:
		return extent{children: sizeOf(v), total: sizeOf(v)}.join(extentOfItems(v, depth))
	case traits.Mapper:
		return extent{children: sizeOf(v), total: sizeOf(v)}.join(extentOfFields(v, depth))
	}
	return extent{}
}

func extentOfValue(v graph.Value) extent {
	x := v.Extent()
	return extent{children: x.Children, total: x.Values, text: x.Text, allText: x.AllText}
}

// add is the extent of two values that are read together.
func (x extent) add(y extent) extent {
	sum := x.join(y)
	sum.total, sum.allText = x.total+y.total, x.allText+y.allText
	return sum
}

func (x extent) join(y extent) extent {
	return extent{max(x.children, y.children), max(x.total, y.total), max(x.text, y.text), max(x.allText, y.allText)}
}

// repeats reports whether a list holds a place of the document twice. Its
// elements together are then not bounded by the size of the document.
func repeats(items []ref.Val) bool {
	seen := make(map[graph.Value]bool, len(items))
	for _, item := range items {
		place := originOf(item)
		if place.Exists() && seen[place] {
			return true
		}
		seen[place] = true
	}
	return false
}

func sizeOf(v traits.Sizer) int {
	n, _ := v.Size().(types.Int)
	return int(n)
}

func extentOfItems(v traits.Lister, depth int) (x extent) {
	for it := v.Iterator(); it.HasNext() == types.True; {
		x = x.add(extentOf(it.Next(), depth+1))
	}
	return x
}

func extentOfFields(v traits.Mapper, depth int) (x extent) {
	for it := v.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		x = x.add(extentOf(key, depth+1)).add(extentOf(v.Get(key), depth+1))
	}
	return x
}
