package yamledit

import "bytes"

// chunk is the text of one document of a stream, its `---` line included.
type chunk struct {
	start, end int
	skipped    int // lines of the text before it
}

var byteOrderMark = []byte("\xEF\xBB\xBF")

// split cuts a text at its `---` and `...` lines. Chunks without content are
// left out.
func split(data []byte) []chunk {
	at := 0
	if bytes.HasPrefix(data, byteOrderMark) {
		at = len(byteOrderMark)
	}
	var chunks []chunk
	current, filled := chunk{start: at}, false
	finish := func(end, next, line int) {
		if filled {
			current.end = end
			chunks = append(chunks, current)
		}
		current, filled = chunk{start: next, skipped: line}, false
	}
	for line := 0; at < len(data); line++ {
		next := len(data)
		if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
			next = at + i + 1
		}
		content := data[at:next]
		switch {
		case isMarker(content, "..."):
			finish(at, next, line+1)
			content = nil
		case isMarker(content, "---"):
			finish(at, at, line)
			content = content[3:]
		}
		filled = filled || hasContent(content)
		at = next
	}
	finish(len(data), len(data), 0)
	return chunks
}

func isMarker(line []byte, marker string) bool {
	return bytes.HasPrefix(line, []byte(marker)) && (len(line) == 3 || isSpace(line[3]))
}

// hasContent reports whether a line is more than white space, a comment or a
// directive.
func hasContent(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r\n")
	return len(line) > 0 && line[0] != '#' && line[0] != '%'
}
