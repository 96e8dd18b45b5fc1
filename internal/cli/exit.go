package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

// Code is the exit code of the command.
type Code int

// The exit codes. They are part of the command line's promise.
const (
	CodeClean      Code = 0 // ran, saw everything, no gate failed
	CodeFailed     Code = 1 // could not run
	CodeGate       Code = 2 // a gate failed: --fail-on
	CodeIncomplete Code = 3 // no gate failed, but something could not be read or evaluated
	CodeUsage      Code = 4 // the command line or the configuration is wrong
)

// exitError ends the command with a code. Its error is nil when all has been
// said already.
type exitError struct {
	code Code
	err  error
	hint string // what to do next
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usageError(err error, hint string) error {
	return &exitError{code: CodeUsage, err: err, hint: hint}
}

// codeOf is the exit code of an error.
func codeOf(err error) Code {
	var exit *exitError
	switch {
	case err == nil:
		return CodeClean
	case errors.As(err, &exit):
		return exit.code
	}
	return CodeFailed
}

// arguments makes a wrong number of arguments wrong usage.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError(err, "see "+c.CommandPath()+" --help")
		}
		return nil
	}
}
