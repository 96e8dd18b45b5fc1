// Package dockerfile makes the fixes of findings in Dockerfiles: it replaces the
// images that stages build on, and adds instructions. Everything else in the
// file stays as it is, to the byte.
//
// The fixes are those of findings, in terms of the object that the file was read
// as: to set "stages[0].from", to append to "stages[1].instructions". A value
// may ask for the "{digest}" of its image, which is looked up when the fix is
// made. As for manifests, an edit counts only when the file, read and judged
// again, has lost the finding and gained none.
//
// The package reads no registry and knows no rule: what looks up, what reads and
// what judges is handed in.
package dockerfile
