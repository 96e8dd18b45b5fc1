package rootfs

import (
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func join(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}

func orDot(path string) string {
	if path == "" {
		return "."
	}
	return path
}

func compare(a, b string) int { return strings.Compare(a, b) }

func deviceOf(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Dev
	}
	return 0
}

// inodeOf names a file that has several names.
func inodeOf(info fs.FileInfo) (key inode, several bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok || s.Nlink < 2 {
		return inode{}, false
	}
	return inode{s.Dev, s.Ino}, true
}

// made up by the kernel, as statfs(2) names them.
var kernelMade = []int64{
	unix.PROC_SUPER_MAGIC, unix.SYSFS_MAGIC, unix.DEVPTS_SUPER_MAGIC, unix.CGROUP_SUPER_MAGIC, unix.CGROUP2_SUPER_MAGIC,
	unix.DEBUGFS_MAGIC, unix.TRACEFS_MAGIC, unix.SECURITYFS_MAGIC, unix.BPF_FS_MAGIC, unix.PSTOREFS_MAGIC, unix.SELINUX_MAGIC,
}

func (f *Folder) pseudo(path string) bool {
	folder, err := f.root.Open(path)
	if err != nil {
		return false
	}
	defer folder.Close() //nolint:errcheck // nothing was read
	var s unix.Statfs_t
	if unix.Fstatfs(int(folder.Fd()), &s) != nil {
		return false
	}
	return slices.Contains(kernelMade, s.Type)
}
