package rootfs

import "golang.org/x/sys/unix"

// setAttribute sets an extended attribute of a file, not of what a link leads to.
func setAttribute(file, name, value string) error {
	return unix.Lsetxattr(file, name, []byte(value), 0)
}
