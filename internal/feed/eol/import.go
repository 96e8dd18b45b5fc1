package eol

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// API is where the data of endoflife.date is fetched from.
const API = "https://endoflife.date/api/v1/products/full/"

// What the data must say of where it comes from.
const (
	license     = "MIT"
	attribution = "Copyright 2020 endoflife.date contributors, https://endoflife.date"
)

// Bounds of what is imported.
const (
	maxFile    = 128 << 20
	maxFolder  = 20_000 // files
	maxWaiting = 2 * time.Minute
)

// Request is what to import.
type Request struct {
	From string // a file, a folder of files or an address
	// Name is what the stamp calls the source; empty for From.
	Name string
	Now  time.Time // goes into the stamp; may be zero
}

// Import reads products and writes them as one file. It returns what the new
// file says of itself.
func Import(ctx context.Context, r Request, w io.Writer) (Stamp, error) {
	products, made, err := readSource(ctx, r.From)
	if err == nil {
		products, err = unique(products)
	}
	if err == nil {
		err = addNames(products)
	}
	if err != nil {
		return Stamp{}, fmt.Errorf("import the end-of-life data of %s: %w", r.From, err)
	}
	s := Stamp{
		Source: cmp.Or(r.Name, r.From), Made: made, Imported: r.Now.UTC().Truncate(time.Second), Products: len(products),
		License: license, Attribution: attribution,
	}
	for i := range products {
		s.Cycles += len(products[i].Cycles)
	}
	return s, Write(w, products, s)
}

// ImportTo imports into a file, which is replaced once all is read.
func ImportTo(ctx context.Context, r Request, path string) (Stamp, error) {
	var content bytes.Buffer
	s, err := Import(ctx, r, &content)
	if err != nil {
		return Stamp{}, err
	}
	if err := replace(path, content.Bytes()); err != nil {
		return Stamp{}, fmt.Errorf("keep the end-of-life data: %w", err)
	}
	return s, nil
}

func replace(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Chmod(0o644), temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
	}
	return err
}

func readSource(ctx context.Context, source string) ([]Product, string, error) {
	if strings.HasPrefix(source, "https://") || strings.HasPrefix(source, "http://") {
		data, err := fetch(ctx, source)
		if err != nil {
			return nil, "", err
		}
		return read(data)
	}
	info, err := os.Stat(source)
	switch {
	case err != nil:
		return nil, "", err
	case info.IsDir():
		return readFolder(ctx, source)
	}
	return readFile(source)
}

func fetch(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, maxWaiting)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %s", response.Status)
	}
	return readAll(response.Body)
}

func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	}
	return data, err
}

func readFile(path string) ([]Product, string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = file.Close() }()
	data, err := readAll(file)
	if err != nil {
		return nil, "", err
	}
	return read(data)
}

// readFolder reads every JSON file below a folder.
func readFolder(ctx context.Context, root string) (products []Product, made string, err error) {
	count := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || filepath.Ext(path) != ".json" {
			return err
		}
		if count++; count > maxFolder {
			return fmt.Errorf("it holds more than %d files", maxFolder)
		}
		list, when, err := readFile(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		products, made = append(products, list...), max(made, when)
		return ctx.Err()
	})
	return products, made, err
}

// unique puts products in order and refuses what can't be told apart.
func unique(products []Product) ([]Product, error) {
	slices.SortFunc(products, func(a, b Product) int { return cmp.Compare(a.Name, b.Name) })
	for i := 1; i < len(products); i++ {
		if products[i].Name == products[i-1].Name {
			return nil, fmt.Errorf("the product %s comes twice", products[i].Name)
		}
	}
	if len(products) == 0 {
		return nil, errors.New("it holds no products")
	}
	return products, nil
}
