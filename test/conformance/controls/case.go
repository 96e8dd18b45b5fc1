package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// testCase is one line of a file of cases.
type testCase struct {
	Rule           string              `json:"rule"`
	Controls       []string            `json:"controls"`
	Name           string              `json:"case"`
	Inputs         []json.RawMessage   `json:"inputs"`
	ControlInputs  map[string][]string `json:"control_inputs"`
	ExpectedFailed []expectation       `json:"expected_failed"`
	FailedPaths    []string            `json:"failed_paths"`
	DeletePaths    []string            `json:"delete_paths"`
	ReviewPaths    []string            `json:"review_paths"`
	FixPaths       []fixPath           `json:"fix_paths"`
}

// expectation is an object that must fail: one input, any of several, or a
// subject that no input stands for, with the binding and role beside it.
type expectation struct {
	Kind      string   `json:"kind"`
	Name      string   `json:"name"`
	Input     *int     `json:"input"`
	InputsAny []int    `json:"inputs_any"`
	External  bool     `json:"external"`
	Related   []object `json:"related"`
}

// object names an object.
type object struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

type fixPath struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

// maxLine bounds one case.
const maxLine = 64 << 20

func (c *testCase) id() string { return c.Rule + "/" + c.Name }

// inputObjects names the inputs.
func (c *testCase) inputObjects() ([]object, error) {
	objects := make([]object, len(c.Inputs))
	for i, input := range c.Inputs {
		var head struct {
			Kind     string `json:"kind"`
			Metadata object `json:"metadata"`
		}
		if err := json.Unmarshal(input, &head); err != nil {
			return nil, fmt.Errorf("case %s, input %d: %w", c.id(), i, err)
		}
		objects[i] = object{head.Kind, head.Metadata.Name}
	}
	return objects, nil
}

// readCases reads every case of a file.
func readCases(path string) ([]testCase, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(path, ".gz") {
		if data, err = decompress(data); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	var cases []testCase
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var c testCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		cases = append(cases, c)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cases, nil
}

func decompress(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
