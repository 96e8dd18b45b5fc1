//go:build unix

package vuln

import "golang.org/x/sys/unix"

// mapFile maps a file into memory. Databases are replaced by renaming a new
// file over the old one, so a mapped file never changes.
func mapFile(path string) ([]byte, func() error, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return readFile(f, size)
	}
	return data, func() error { return unix.Munmap(data) }, nil
}
