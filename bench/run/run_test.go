package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Run with FOIL_BENCH_ACT set, the test binary acts as the measured program.
func TestMain(m *testing.M) {
	switch os.Getenv("FOIL_BENCH_ACT") {
	case "":
		os.Exit(m.Run())
	case "findings":
		os.Exit(2)
	case "incomplete":
		os.Exit(3)
	case "broken":
		fmt.Fprintln(os.Stderr, "first line\nno such flag")
		os.Exit(1)
	}
}

func actor(t *testing.T, act string) string {
	t.Helper()
	t.Setenv("FOIL_BENCH_ACT", act)
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

func testWorkspace(t *testing.T) *workspace {
	t.Helper()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "bench"), 0o755); err != nil {
		t.Fatal(err)
	}
	return &workspace{repository: root, temporary: t.TempDir()}
}

func TestMeasureAcceptsResults(t *testing.T) {
	for _, act := range []string{"clean", "findings", "incomplete"} {
		got, err := measure(t.Context(), actor(t, act), nil)
		if err != nil || got.cpu <= 0 || got.wall <= 0 || got.peak < 1<<20 {
			t.Errorf("%s: %+v, error %v", act, got, err)
		}
	}
}

func TestMeasureReportsFailures(t *testing.T) {
	_, err := measure(t.Context(), actor(t, "broken"), []string{"scan"})
	if err == nil || !strings.HasSuffix(err.Error(), "no such flag") {
		t.Errorf("error %v, want one that ends in what the program said last", err)
	}
	if _, err := measure(t.Context(), filepath.Join(t.TempDir(), "absent"), nil); err == nil {
		t.Error("a missing binary was measured")
	}
}

func TestArguments(t *testing.T) {
	w := testWorkspace(t)
	got, err := w.arguments(command{name: "x", line: "scan {cluster:3} -o json={out} --cache {cache}"}, "new")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"scan", filepath.Join(w.temporary, "cluster-3"), "-o", "json=" + filepath.Join(w.temporary, "x-new.out"),
		"--cache", filepath.Join(w.temporary, "x-new.cache")}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if files, _ := filepath.Glob(filepath.Join(got[1], "*.yaml")); len(files) != 1 {
		t.Errorf("the cluster has %d files, want 1", len(files))
	}
	if _, err := w.arguments(command{line: "scan {moon}"}, "new"); err == nil {
		t.Error("an unknown placeholder was accepted")
	}
}

func TestEveryCommandFillsItsPlaceholders(t *testing.T) {
	w := testWorkspace(t)
	for _, c := range commands {
		if strings.Contains(c.line, "{cluster:20000}") {
			c.line = strings.ReplaceAll(c.line, "{cluster:20000}", "{cluster:20}") // the same code, in less time
		}
		arguments, err := w.arguments(c, "new")
		if err != nil || slices.ContainsFunc(arguments, func(a string) bool { return strings.Contains(a, "{") }) {
			t.Errorf("%s: %q, error %v", c.name, arguments, err)
		}
	}
}

func TestReferenceIsUpdatedAndCompared(t *testing.T) {
	w := testWorkspace(t)
	binary, chosen := actor(t, "findings"), commands[2:3]
	name := chosen[0].name
	ctx := context.Background()
	if err := runAgainstReference(ctx, io.Discard, w, chosen, binary, settings{runs: 1, update: true}); err != nil {
		t.Fatal(err)
	}
	r, err := loadReference(w.referencePath())
	if err != nil || r.Commands[name].CPURatio <= 0 || r.Commands[name].PeakMiB <= 0 {
		t.Fatalf("reference %+v, error %v", r, err)
	}
	r.Commands[name] = entry{CPURatio: 1e-9, PeakMiB: 1} // anything is slower than this
	if err := r.save(w.referencePath()); err != nil {
		t.Fatal(err)
	}
	if err := runAgainstReference(ctx, io.Discard, w, chosen, binary, settings{runs: 1, failAbove: 2}); !errors.Is(err, errTooSlow) {
		t.Errorf("error %v, want %v", err, errTooSlow)
	}
}

func TestOneFailureDoesNotHideTheOthers(t *testing.T) {
	w := testWorkspace(t)
	chosen := []command{{name: "bad", line: "scan {moon}"}, commands[2]}
	err := runAgainstReference(t.Context(), io.Discard, w, chosen, actor(t, "clean"), settings{runs: 1, update: true})
	if err == nil {
		t.Fatal("the failure was lost")
	}
	if r, _ := loadReference(w.referencePath()); r.Commands[commands[2].name].CPURatio <= 0 {
		t.Error("the command after the failing one was not timed")
	}
}

func TestReferenceOfAnotherCalibrationIsNotCompared(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reference.json")
	old := reference{SchemaVersion: referenceSchema, Calibration: calibrationVersion + 1, Commands: map[string]entry{"scan-2000": {CPURatio: 1}}}
	if err := old.save(path); err != nil {
		t.Fatal(err)
	}
	if r, err := loadReference(path); err != nil || len(r.Commands) != 0 {
		t.Errorf("%+v, error %v", r, err)
	}
}

func TestPairRatiosAreTakenRoundByRound(t *testing.T) {
	sampled := func(cpus ...time.Duration) (s []sample) {
		for _, cpu := range cpus {
			s = append(s, sample{cpu: cpu * time.Second, peak: 64 << 20})
		}
		return s
	}
	got := pairRow("scan", pair{before: sampled(1, 2, 4), after: sampled(2, 2, 2)})
	want := []string{"scan", "2.000 s", "2.000 s", "x1.00", "x0.50", "x2.00", "64", "64"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPairedRunsBothBinariesEquallyOften(t *testing.T) {
	binary := actor(t, "clean")
	p, err := runPair(t.Context(), testWorkspace(t), commands[2], binary, binary, 3)
	if err != nil || len(p.before) != 3 || len(p.after) != 3 {
		t.Errorf("%d and %d runs, error %v", len(p.before), len(p.after), err)
	}
}

func TestMedian(t *testing.T) {
	for want, values := range map[float64][]float64{0: nil, 3: {9, 3, 1}, 2.5: {4, 1, 2, 3}} {
		if got := median(values); got != want {
			t.Errorf("median of %v is %v, want %v", values, got, want)
		}
	}
}

// A changed checksum means changed work: raise calibrationVersion with it.
func TestCalibrationWorkIsFixed(t *testing.T) {
	if got := work(2); got != workOfTwoRounds || calibrationVersion != 1 {
		t.Errorf("work(2) = %d with version %d", got, calibrationVersion)
	}
}

const workOfTwoRounds = 1302422196554450477

func TestParseRefusesNonsense(t *testing.T) {
	for _, args := range [][]string{{"extra"}, {"--runs", "0"}, {"--old", "x", "--update"}, {"--moon"}} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("%q was accepted", args)
		}
	}
	if _, err := choose("moon"); err == nil {
		t.Error("a name that no command has was accepted")
	}
}
