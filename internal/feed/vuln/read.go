package vuln

import (
	"io"
	"os"
)

// readFile reads a file whole, for systems and filesystems that can't map it.
func readFile(f *os.File, size int) ([]byte, func() error, error) {
	data := make([]byte, size)
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, nil, err
	}
	return data, func() error { return nil }, nil
}
