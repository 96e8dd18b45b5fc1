//go:build !linux

package stage

import (
	"context"
	"errors"
	"io"
)

// Supported says why programs can't be run here.
func Supported() error { return errors.New("running the program of an image needs Linux") }

// Run runs a request in a process of its own.
func Run(context.Context, Request) (*Result, error) { return nil, Supported() }

// Serve carries out the request on its input.
func Serve(io.Reader, io.Writer) error { return Supported() }
