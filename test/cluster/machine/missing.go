// Package machine answers whether this machine can run a test cluster: the
// operating system, the rights and the programs that it needs beside
// Kubernetes itself.
//
// What is missing is told as an error that names the command which helps.
// Nothing is installed unless Install is called.
package machine

import "strings"

// Missing says that this machine cannot run what was asked for, as opposed to
// a failure of something that it can run. Tests skip on it.
type Missing struct {
	// What is missing, as a sentence fragment.
	What string
	// Help is what to do about it; empty when nothing helps.
	Help string
}

// Error joins both halves.
func (m *Missing) Error() string {
	if m.Help == "" {
		return m.What
	}
	return m.What + "; " + strings.TrimSpace(m.Help)
}
