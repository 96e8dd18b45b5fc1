// Package settle completes what single files said once all of them are known:
// names that depend on the operating system, owners of files, what was found
// twice.
//
// It reads no file and judges nothing. Its result does not depend on the order
// in which files were read.
package settle
