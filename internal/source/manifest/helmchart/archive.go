package helmchart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// File is one file of a chart: its name relative to the folder of the chart,
// and the path by which users are told of it.
type File struct {
	Name, Path string
	Data       []byte
}

// ErrNoChart is the error of an archive that holds no chart.
var ErrNoChart = errors.New("no Helm chart")

// maxArchiveDepth bounds archives of charts within archives.
const maxArchiveDepth = 8

// unpacker reads archives within one budget for all of them.
type unpacker struct {
	bytes int64
	files int
}

func newUnpacker(l Limits) *unpacker {
	return &unpacker{bytes: l.ChartBytes, files: l.ChartFiles}
}

// Unpack reads a packaged chart. The path is that of the archive; files within
// it are told as if it were a folder.
func Unpack(in io.Reader, archive string, l Limits) ([]File, error) {
	return newUnpacker(l.WithDefaults()).archive(in, archive)
}

func (u *unpacker) archive(in io.Reader, archive string) ([]File, error) {
	unzipped, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("%w: not compressed by gzip", ErrNoChart)
	}
	var files []File
	for reader := tar.NewReader(unzipped); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return files, requireChart(files)
		}
		if err != nil {
			return nil, fmt.Errorf("the archive is broken: %w", err)
		}
		if header.Typeflag != tar.TypeReg {
			continue // folders need no entry, and links in a chart are refused by leaving them out
		}
		name, ok := withoutFolder(header.Name)
		if !ok {
			return nil, fmt.Errorf("the archive has a file outside of the chart's folder: %q", header.Name)
		}
		data, err := u.read(reader)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: name, Path: path.Join(archive, name), Data: data})
	}
}

func requireChart(files []File) error {
	for _, f := range files {
		if f.Name == "Chart.yaml" {
			return nil
		}
	}
	return fmt.Errorf("%w: no Chart.yaml in the archive", ErrNoChart)
}

// withoutFolder takes the one folder off that all files of a packaged chart
// lie in.
func withoutFolder(name string) (string, bool) {
	name = strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), "./")
	_, rest, found := strings.Cut(name, "/")
	if !found || rest == "" || path.IsAbs(name) || strings.HasPrefix(name, "../") || strings.Contains(rest, ":") {
		return "", false
	}
	return rest, true
}

// read reads one file as far as the budget goes: an archive of a few kilobytes
// can unpack to more than any memory holds.
func (u *unpacker) read(in io.Reader) ([]byte, error) {
	if u.files--; u.files < 0 {
		return nil, errors.New("the chart has too many files; it was not rendered")
	}
	var data bytes.Buffer
	n, err := io.Copy(&data, io.LimitReader(in, u.bytes+1))
	if err != nil {
		return nil, fmt.Errorf("the archive is broken: %w", err)
	}
	if u.bytes -= n; u.bytes < 0 {
		return nil, errors.New("the unpacked chart is larger than allowed; it was not rendered")
	}
	return bytes.TrimPrefix(data.Bytes(), []byte("\xEF\xBB\xBF")), nil
}

// expand replaces packaged charts in the charts folder by their files, so that
// the loader of the library, which knows no common budget, never unpacks.
func (u *unpacker) expand(files []File, depth int) ([]File, error) {
	var all []File
	for _, f := range files {
		dir, base := path.Split(f.Name)
		if !strings.HasSuffix(base, ".tgz") || path.Base(dir) != "charts" {
			all = append(all, f)
			continue
		}
		if depth >= maxArchiveDepth {
			return nil, fmt.Errorf("%s: charts packed within charts more than %d times", f.Path, maxArchiveDepth)
		}
		packed, err := u.archive(bytes.NewReader(f.Data), f.Path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		if packed, err = u.expand(packed, depth+1); err != nil {
			return nil, err
		}
		folder := dir + strings.TrimSuffix(base, ".tgz")
		for _, inner := range packed {
			all = append(all, File{Name: path.Join(folder, inner.Name), Path: inner.Path, Data: inner.Data})
		}
	}
	return all, nil
}
