package process

import (
	"bytes"
	"io"
	"os"
)

// tailBytes bounds how much of a log is read: enough for the last lines, even
// when some are long.
const tailBytes = 64 << 10

// Tail returns the last lines of a file, or a sentence that says why not.
func Tail(path string, lines int) string {
	f, err := os.Open(path)
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > tailBytes {
		// A failed seek only means that more than needed is read.
		_, _ = f.Seek(-tailBytes, io.SeekEnd)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return "(log not readable: " + err.Error() + ")"
	}
	return string(lastLines(data, lines))
}

func lastLines(data []byte, lines int) []byte {
	data = bytes.TrimRight(data, "\n")
	for i := len(data) - 1; i >= 0; i-- {
		if data[i] != '\n' {
			continue
		}
		if lines--; lines == 0 {
			return data[i+1:]
		}
	}
	return data
}
