//go:build !linux

package rootfs

import "errors"

func setAttribute(string, string, string) error {
	return errors.New("attributes of Linux files can be set on Linux only")
}
