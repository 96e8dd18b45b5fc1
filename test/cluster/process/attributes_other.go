//go:build !linux

package process

import "syscall"

// attributes has nothing to set where a test cluster cannot run; the file
// keeps the module compiling there.
func attributes(bool) *syscall.SysProcAttr { return nil }
