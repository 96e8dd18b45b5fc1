//go:build !unix

package vuln

// mapFile reads a file where it can't be mapped.
func mapFile(path string) ([]byte, func() error, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	return readFile(f, size)
}
