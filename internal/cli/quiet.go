package cli

import (
	"io"
	"log"
	"log/slog"

	"k8s.io/klog/v2"
)

// silenceLibraries keeps libraries from writing to the terminal: what they have
// to say about an input reaches the user as a gap or an error.
func silenceLibraries() {
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
}
