package rpm

import "bytes"

// Headers yields the headers of an SQLite database.
func Headers(content []byte, yield func([]byte)) error {
	return sqlite(bytes.NewReader(content), int64(len(content)), func(h []byte) error {
		yield(h)
		return nil
	})
}
