// Package fix turns the fixes of findings into changes of the user's files: as
// a diff to look at, or written.
//
// [Make] takes findings and the snapshot that they were found in, edits the
// texts of the files in memory, has every file, chart and Kustomize root that
// depends on them read again, and compares each object with what the edits ask
// for; then it has the new facts judged. Only changes that remove their
// findings, leave every other object as it is and add no finding become part of
// the [Plan]; everything else is in it with the reason, and, where a patch of
// the object can say what no file can, with that patch.
//
// The package knows neither rules nor sources: what reads and what judges is
// handed in as [Scan]. It touches files only by [Folder], which stays within
// the folder that the user named.
package fix
