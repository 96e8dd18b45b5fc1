package control

import (
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"
)

// CEL's library of optional values declares or() and orValue() without a
// function behind them: their second operand is evaluated only where the first
// holds nothing, so the program must do it.

// lazyAlternatives replaces calls of or() and orValue() in a program.
func lazyAlternatives(step interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	call, ok := step.(interpreter.InterpretableCall)
	if !ok || len(call.Args()) != 2 {
		return step, nil
	}
	function, overload := call.Function(), call.OverloadID()
	switch {
	case function == "or" && (overload == "" || overload == "optional_or_optional"):
		return &alternative{id: call.ID(), first: call.Args()[0], second: call.Args()[1]}, nil
	case function == "orValue" && (overload == "" || overload == "optional_orValue_value"):
		return &alternative{id: call.ID(), first: call.Args()[0], second: call.Args()[1], unwrap: true}, nil
	}
	return step, nil
}

// alternative is the first optional value if it holds something, else the second.
type alternative struct {
	id            int64
	first, second interpreter.InterpretableV2
	unwrap        bool // give what the optional value holds
}

// ID implements interpreter.Interpretable.
func (a *alternative) ID() int64 { return a.id }

// Eval implements interpreter.Interpretable.
func (a *alternative) Eval(variables interpreter.Activation) ref.Val {
	return a.Exec(interpreter.AsFrame(variables))
}

// Exec implements interpreter.InterpretableV2.
func (a *alternative) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	first := a.first.Exec(frame)
	if types.IsUnknownOrError(first) {
		return first
	}
	optional, ok := first.(*types.Optional)
	switch {
	case !ok:
		return types.MaybeNoSuchOverloadErr(first)
	case !optional.HasValue():
		return a.second.Exec(frame)
	case a.unwrap:
		return optional.GetValue()
	}
	return optional
}
