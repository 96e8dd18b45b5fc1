package control

import (
	"sync"

	"github.com/google/cel-go/cel"
	celast "github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
)

// Policies that judge several kinds often repeat a condition for each and guard
// it: object.kind != 'Pod' || … For one kind the guards are constants, and all
// of the other kinds folds away.

// variants are the programs of an expression that asks for the kind of the
// object, one for each kind.
type variants struct {
	mu     sync.Mutex
	byKind map[string]*lazy[*program]
}

func (v *variants) of(kind string) *lazy[*program] {
	v.mu.Lock()
	defer v.mu.Unlock()
	p, ok := v.byKind[kind]
	if !ok {
		p = &lazy[*program]{}
		if v.byKind == nil {
			v.byKind = map[string]*lazy[*program]{}
		}
		v.byKind[kind] = p
	}
	return p
}

// fastProgram is the program without cost accounting for objects of a kind.
func (e *expression) fastProgram(kind string) (*program, error) {
	if !e.asksKind {
		return e.fast.get(func() (*program, error) { return e.planFast(e.ast) })
	}
	return e.kinds.of(kind).get(func() (*program, error) { return e.planFast(e.specialised(kind)) })
}

func (e *expression) planFast(ast *cel.Ast) (*program, error) {
	return e.envs.planner.plan(ast.NativeRep())
}

// specialised is the expression for objects of one kind; the expression itself
// where folding fails.
func (e *expression) specialised(kind string) *cel.Ast {
	fold, err := cel.NewConstantFoldingOptimizer()
	if err != nil {
		return e.ast
	}
	optimizer, err := cel.NewStaticOptimizer(kindLiteral(kind), fold)
	if err != nil {
		return e.ast
	}
	ast, issues := optimizer.Optimize(e.env, e.ast)
	if issues.Err() != nil {
		return e.ast
	}
	return ast
}

// kindLiteral puts the name of a kind in place of object.kind.
type kindLiteral string

// Optimize implements cel.ASTOptimizer.
func (kind kindLiteral) Optimize(ctx *cel.OptimizerContext, a *celast.AST) *celast.AST {
	root := celast.NavigateAST(a)
	for _, e := range celast.MatchDescendants(root, func(e celast.NavigableExpr) bool { return isObjectKind(e) }) {
		ctx.UpdateExpr(e, ctx.NewLiteral(types.String(kind)))
	}
	return a
}

func isObjectKind(e celast.Expr) bool {
	if e.Kind() != celast.SelectKind || e.AsSelect().IsTestOnly() || e.AsSelect().FieldName() != "kind" {
		return false
	}
	operand := e.AsSelect().Operand()
	return operand.Kind() == celast.IdentKind && operand.AsIdent() == varObject
}

// findKindQuestions notes whether the expression reads object.kind at all.
func (e *expression) findKindQuestions() {
	celast.PostOrderVisit(e.ast.NativeRep().Expr(), celast.NewExprVisitor(func(sub celast.Expr) {
		e.asksKind = e.asksKind || isObjectKind(sub)
	}))
}
