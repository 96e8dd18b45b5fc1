package helmchart

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// errBudget marks rendering that was ended because it took too much.
var errBudget = errors.New("rendering was ended")

// budget counts what templates consume. A template language with loops,
// recursion and growing strings can ask for any amount of time and memory, and
// the engine can't be stopped from outside; so it is asked from within, at
// every action, loop round and call.
type budget struct {
	ctx      context.Context
	deadline time.Time
	limits   Limits
	steps    int64
	bytes    int64
	err      error
}

func newBudget(ctx context.Context, l Limits) *budget {
	return &budget{ctx: ctx, limits: l, deadline: time.Now().Add(l.Time)}
}

// step counts one unit of work.
func (b *budget) step() error {
	const checkEvery = 256
	if b.steps++; b.steps%checkEvery == 0 {
		return b.check()
	}
	return b.err
}

func (b *budget) check() error {
	switch {
	case b.err != nil:
	case b.ctx.Err() != nil:
		b.err = fmt.Errorf("%w: %w", errBudget, b.ctx.Err())
	case b.steps > b.limits.Steps:
		b.err = fmt.Errorf("%w after %d steps; a template loops or calls itself without end", errBudget, b.limits.Steps)
	case time.Now().After(b.deadline):
		b.err = fmt.Errorf("%w after %v; a template loops or is too slow", errBudget, b.limits.Time)
	}
	return b.err
}

// text counts text that is made or passed on.
func (b *budget) text(n int64) error {
	if n < 0 || b.bytes+n > b.limits.Bytes {
		b.err = fmt.Errorf("%w after %d bytes of text; a template grows without end", errBudget, b.limits.Bytes)
		return b.err
	}
	b.bytes += n
	return b.step()
}

// maxValueDepth is the depth from which on a value must be one that contains
// itself.
const maxValueDepth = 200

// value counts all that hangs below a value, as often as it would be printed:
// a map may hold itself, or one list a hundred times.
func (b *budget) value(v any) error {
	switch v := v.(type) {
	case string:
		return b.text(int64(len(v)))
	case nil, bool, int, int64, float64:
		return b.step()
	}
	return b.reflected(reflect.ValueOf(v), 0)
}

func (b *budget) reflected(v reflect.Value, depth int) error {
	if depth > maxValueDepth {
		b.err = fmt.Errorf("%w: a value contains itself", errBudget)
		return b.err
	}
	if err := b.step(); err != nil {
		return err
	}
	switch v.Kind() {
	case reflect.String:
		return b.text(int64(v.Len()))
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			return b.reflected(v.Elem(), depth+1)
		}
	case reflect.Map:
		for iter := v.MapRange(); iter.Next(); {
			if err := b.reflected(iter.Key(), depth+1); err != nil {
				return err
			}
			if err := b.reflected(iter.Value(), depth+1); err != nil {
				return err
			}
		}
	case reflect.Slice, reflect.Array:
		return b.list(v, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if err := b.reflected(v.Field(i), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *budget) list(v reflect.Value, depth int) error {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return b.text(int64(v.Len()))
	}
	for i := range v.Len() {
		if err := b.reflected(v.Index(i), depth+1); err != nil {
			return err
		}
	}
	return nil
}
