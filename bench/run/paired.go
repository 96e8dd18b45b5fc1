package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// pair is two binaries' runs of one command, side by side.
type pair struct{ before, after []sample }

// ratios are new CPU over old CPU, round by round.
func (p pair) ratios() []float64 {
	ratios := make([]float64, len(p.after))
	for i := range p.after {
		ratios[i] = float64(p.after[i].cpu) / float64(p.before[i].cpu)
	}
	return ratios
}

// contestant is one of the two binaries with its own arguments, since each
// writes to files of its own.
type contestant struct {
	binary    string
	arguments []string
	samples   []sample
}

func (c *contestant) run(ctx context.Context) error {
	one, err := measure(ctx, c.binary, c.arguments)
	c.samples = append(c.samples, one)
	return err
}

// runPair lets the two run in turns and swaps who begins, so that whatever
// drifts on the machine meets both alike.
func runPair(ctx context.Context, w *workspace, c command, before, after string, runs int) (pair, error) {
	contestants := []*contestant{{binary: before}, {binary: after}}
	for i, owner := range []string{"old", "new"} {
		arguments, err := w.arguments(c, owner)
		if err != nil {
			return pair{}, err
		}
		contestants[i].arguments = arguments
		if c.warm {
			if _, err := measure(ctx, contestants[i].binary, arguments); err != nil {
				return pair{}, err
			}
		}
	}
	for round := range runs {
		first, second := contestants[round%2], contestants[1-round%2]
		if err := errors.Join(first.run(ctx), second.run(ctx)); err != nil {
			return pair{}, err
		}
	}
	return pair{contestants[0].samples, contestants[1].samples}, nil
}

func runPaired(ctx context.Context, out io.Writer, w *workspace, chosen []command, before, after string, runs int) error {
	rows := newTable(out, "command", "old CPU", "new CPU", "new/old", "lowest", "highest", "old MiB", "new MiB")
	var problems []error
	for _, c := range chosen {
		if ctx.Err() != nil {
			break
		}
		p, err := runPair(ctx, w, c, before, after, runs)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", c.name, err))
			continue
		}
		rows.row(pairRow(c.name, p)...)
	}
	return errors.Join(append(problems, rows.flush(), ctx.Err())...)
}

func pairRow(name string, p pair) []string {
	before, after, ratios := series{samples: p.before}, series{samples: p.after}, p.ratios()
	return []string{
		name,
		seconds(median(before.cpus())), seconds(median(after.cpus())),
		times(median(ratios)), times(slices.Min(ratios)), times(slices.Max(ratios)),
		fmt.Sprintf("%.0f", mebibytes(slices.Max(before.peaks()))), fmt.Sprintf("%.0f", mebibytes(slices.Max(after.peaks()))),
	}
}
