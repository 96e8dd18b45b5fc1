package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// reference is bench/reference.json: what commands cost when it was written.
type reference struct {
	SchemaVersion int              `json:"schemaVersion"`
	Calibration   int              `json:"calibration"` // calibrationVersion it was measured with
	Commands      map[string]entry `json:"commands"`
}

// entry is the cost of one command, in units that other machines share.
type entry struct {
	CPURatio float64 `json:"cpuRatio"` // CPU time, in calibrations
	PeakMiB  float64 `json:"peakMiB"`
}

const referenceSchema = 1

func (w *workspace) referencePath() string {
	return filepath.Join(w.repository, "bench", "reference.json")
}

// loadReference reads the file; where there is none yet, or one of another
// calibration, every command is new.
func loadReference(path string) (reference, error) {
	empty := reference{SchemaVersion: referenceSchema, Calibration: calibrationVersion, Commands: map[string]entry{}}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return empty, err
	}
	var r reference
	if err := json.Unmarshal(content, &r); err != nil {
		return empty, fmt.Errorf("read %s: %w; mend it or write it anew with --update", path, err)
	}
	if r.SchemaVersion != referenceSchema || r.Calibration != calibrationVersion || r.Commands == nil {
		return empty, nil
	}
	return r, nil
}

// save leaves out commands that are timed no more.
func (r reference) save(path string) error {
	maps.DeleteFunc(r.Commands, func(name string, _ entry) bool {
		return !slices.ContainsFunc(commands, func(c command) bool { return c.name == name })
	})
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(content, '\n'), 0o644)
}
