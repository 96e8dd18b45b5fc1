// Package starter is the vulnerability database that is built into foil. It
// holds bytes and knows nothing of their form; the folder build makes them, and
// LICENSES.md says from whose data.
package starter

//go:generate go run ./build ../../../../../shared/data/vuln starter.db

import _ "embed" // for the data

// Data is the database file.
//
//go:embed starter.db
var Data string
