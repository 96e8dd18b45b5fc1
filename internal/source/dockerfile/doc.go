// Package dockerfile reads the recipes that images are built by. Each file
// becomes one node, whose object holds the stages and instructions with the
// place of each, so that findings name a line and fixes can edit it.
//
// The reader knows the documented syntax: parser directives, continued lines,
// comments between them, here-documents, flags, both forms of commands, and
// arguments with defaults in FROM. It executes nothing, follows no link and
// reads no other file. What it can't read is a gap.
package dockerfile
