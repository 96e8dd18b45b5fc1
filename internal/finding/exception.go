package finding

import "time"

// Exception is a decision by a person that a finding is accepted: who, why and
// until when. It suppresses the finding and stays visible beside it.
type Exception struct {
	ID      string    // "FILE#N", or the object for an annotation
	Owner   string    // who decided
	Reason  string    // why
	Expires time.Time // zero when it never expires
	Source  string    // file and line, or object, where the exception is written
}
