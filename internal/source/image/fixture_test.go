package image

import (
	"bytes"
	"io"
)

type readCloser = io.ReadCloser

func opened(content []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(content)) }
