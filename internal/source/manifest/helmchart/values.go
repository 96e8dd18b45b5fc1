package helmchart

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/strvals"
)

// maxValuesBytes bounds one file of values that the user names.
const maxValuesBytes = 16 << 20

// Values are what the user sets for all charts, read once.
type Values struct {
	text []byte // the merged files; parsed anew for each chart, which changes its copy
	o    Options
}

// ReadValues reads and checks the values of the options.
func ReadValues(o Options) (*Values, error) {
	v := &Values{o: o}
	for _, name := range o.ValuesFiles {
		data, err := readFile(name)
		if err != nil {
			return nil, fmt.Errorf("values file %s: %w", name, err)
		}
		if _, err := loader.LoadValues(bytes.NewReader(data)); err != nil {
			return nil, fmt.Errorf("values file %s: %w", name, err)
		}
		// Documents of one stream are merged by the loader, in order.
		v.text = append(append(append(v.text, "\n---\n"...), data...), '\n')
	}
	if _, err := v.merged(); err != nil {
		return nil, err
	}
	return v, nil
}

// merged is a new copy of the values.
func (v *Values) merged() (map[string]any, error) {
	base, err := loader.LoadValues(bytes.NewReader(v.text))
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	for _, s := range v.o.Set {
		if err := strvals.ParseInto(s, base); err != nil {
			return nil, fmt.Errorf("--set %s: %w", s, err)
		}
	}
	for _, s := range v.o.SetString {
		if err := strvals.ParseIntoString(s, base); err != nil {
			return nil, fmt.Errorf("--set-string %s: %w", s, err)
		}
	}
	for _, s := range v.o.SetFile {
		read := func(name []rune) (any, error) {
			data, err := readFile(string(name))
			return string(data), err
		}
		if err := strvals.ParseIntoFile(s, base, read); err != nil {
			return nil, fmt.Errorf("--set-file %s: %w", s, err)
		}
	}
	return base, nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxValuesBytes+1))
	if err == nil && len(data) > maxValuesBytes {
		err = fmt.Errorf("larger than %d bytes", maxValuesBytes)
	}
	return data, err
}
