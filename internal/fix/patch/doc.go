// Package patch is what changes to one object are made of: the path of a field,
// the edits that fixes ask for, and the tree that all edits of one object merge
// into, so that what several fixes create they create once and what contradicts
// is refused.
//
// A tree says what the object becomes ([Tree.Apply], on plain Go values); how
// that is written into the text of a file is the business of package yamledit.
// The package touches neither files nor texts.
package patch
