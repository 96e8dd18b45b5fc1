package control

import (
	"fmt"

	"github.com/google/cel-go/cel"
	celast "github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"
	"k8s.io/apiserver/pkg/cel/library"
)

// planner makes programs without cost accounting. All of them share one table
// of functions: cel.Env.Program gives each program a copy, which for some
// hundred controls is most of their memory.
type planner struct{ interpreter interpreter.Interpreter }

func newPlanner(env *cel.Env) (*planner, error) {
	functions := interpreter.NewDispatcher()
	for name, f := range env.Functions() {
		overloads, err := f.Bindings()
		if err != nil {
			return nil, fmt.Errorf("bind the CEL function %s: %w", name, err)
		}
		if err := functions.Add(overloads...); err != nil {
			return nil, fmt.Errorf("bind the CEL function %s: %w", name, err)
		}
	}
	attributes := interpreter.NewAttributeFactory(env.Container, env.CELTypeAdapter(), env.CELTypeProvider())
	return &planner{interpreter.NewInterpreter(functions, env.Container, env.CELTypeProvider(), env.CELTypeAdapter(), attributes)}, nil
}

// plan makes a program that will be run often.
func (p *planner) plan(ast *celast.AST) (*program, error) {
	return p.make(ast, interpreter.Optimize(),
		interpreter.CompileRegexConstants(library.FindRegexOptimization, library.FindAllRegexOptimization))
}

// planOnce makes a program that will be run a few times.
func (p *planner) planOnce(ast *celast.AST) (*program, error) { return p.make(ast) }

func (p *planner) make(ast *celast.AST, options ...interpreter.PlannerOption) (*program, error) {
	options = append(options, interpreter.CustomDecoratorV2(lazyAlternatives))
	steps, err := p.interpreter.NewInterpretable(ast, options...)
	if err != nil {
		return nil, err
	}
	return &program{steps}, nil
}

// program is a planned expression.
type program struct {
	steps interpreter.InterpretableV2
}

// eval runs the program. Errors are values; a panic inside CEL is one too.
func (p *program) eval(variables cel.Activation) (result ref.Val) {
	defer func() {
		if r := recover(); r != nil {
			result = types.NewErr("internal error: %v", r)
		}
	}()
	frame, err := interpreter.NewExecutionFrame(variables)
	if err != nil {
		return types.WrapErr(err)
	}
	defer frame.Close()
	return p.steps.Exec(frame)
}
