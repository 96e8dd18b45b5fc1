package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// series is all runs of one command, each with the calibration done just before it.
type series struct {
	samples      []sample
	calibrations []time.Duration
}

func (s series) cpus() []time.Duration {
	return column(s.samples, func(x sample) time.Duration { return x.cpu })
}
func (s series) walls() []time.Duration {
	return column(s.samples, func(x sample) time.Duration { return x.wall })
}
func (s series) peaks() []int64 { return column(s.samples, func(x sample) int64 { return x.peak }) }

func column[T any](samples []sample, of func(sample) T) []T {
	values := make([]T, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return values
}

// entry is what the reference keeps of a series. A ratio is taken run by run,
// so that a machine that slows down for a while slows both parts of it.
func (s series) entry() entry {
	ratios := make([]float64, len(s.samples))
	for i := range s.samples {
		ratios[i] = float64(s.samples[i].cpu) / float64(s.calibrations[i])
	}
	return entry{CPURatio: round(median(ratios)), PeakMiB: round(mebibytes(slices.Max(s.peaks())))}
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

func mebibytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }

func runSeries(ctx context.Context, w *workspace, c command, binary string, runs int) (series, error) {
	var s series
	arguments, err := w.arguments(c, "new")
	if err != nil {
		return s, err
	}
	if c.warm {
		if _, err := measure(ctx, binary, arguments); err != nil {
			return s, err
		}
	}
	for range runs {
		calibration, err := calibrate()
		if err != nil {
			return s, err
		}
		one, err := measure(ctx, binary, arguments)
		if err != nil {
			return s, err
		}
		s.samples = append(s.samples, one)
		s.calibrations = append(s.calibrations, calibration)
	}
	return s, nil
}

// runAgainstReference times each command and goes on after one that fails: the
// figures of the others are still worth having.
func runAgainstReference(ctx context.Context, out io.Writer, w *workspace, chosen []command, binary string, s settings) error {
	known, err := loadReference(w.referencePath())
	if err != nil {
		return err
	}
	rows := newTable(out, "command", "CPU min", "median", "wall min", "median", "peak MiB", "CPU/cal.", "reference", "change", "peak change")
	var problems, slow []error
	for _, c := range chosen {
		if ctx.Err() != nil {
			break
		}
		timed, err := runSeries(ctx, w, c, binary, s.runs)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", c.name, err))
			continue
		}
		now, before := timed.entry(), known.Commands[c.name]
		rows.row(referenceRow(c.name, timed, now, before)...)
		if s.failAbove > 0 && before.CPURatio > 0 && now.CPURatio > s.failAbove*before.CPURatio {
			slow = append(slow, fmt.Errorf("%s: %w: %.2f times its CPU", c.name, errTooSlow, now.CPURatio/before.CPURatio))
		}
		known.Commands[c.name] = now
	}
	problems = append(problems, rows.flush(), ctx.Err())
	if s.update {
		problems = append(problems, known.save(w.referencePath()))
	}
	// What could not run is the graver news: exit code 1, not 2.
	if err := errors.Join(problems...); err != nil {
		return err
	}
	return errors.Join(slow...)
}

func referenceRow(name string, timed series, now, before entry) []string {
	row := []string{
		name,
		seconds(slices.Min(timed.cpus())), seconds(median(timed.cpus())),
		seconds(slices.Min(timed.walls())), seconds(median(timed.walls())),
		fmt.Sprintf("%.0f", now.PeakMiB), fmt.Sprintf("%.2f", now.CPURatio),
	}
	if before.CPURatio == 0 {
		return append(row, "new", "-", "-")
	}
	return append(row, fmt.Sprintf("%.2f", before.CPURatio), times(now.CPURatio/before.CPURatio), times(now.PeakMiB/before.PeakMiB))
}
