package vuln

import (
	"fmt"

	"github.com/foilsec/foil/internal/feed/vuln/starter"
)

// Starter is the database that is built in. It holds the feeds that may be
// shipped, as they were when it was made.
func Starter() (*DB, error) {
	db, err := read(starter.Data)
	if err != nil {
		return nil, fmt.Errorf("read the database that is built in: %w", err)
	}
	return db, nil
}
