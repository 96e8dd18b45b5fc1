package patch

import (
	"fmt"

	"github.com/foilsec/foil/internal/lang"
)

// Refusal says to a person why a change is not made.
type Refusal struct{ Reason lang.Text }

// Error is the reason in English.
func (r *Refusal) Error() string { return r.Reason.EN }

// Refuse makes a refusal; both sentences take the same arguments in the same
// order.
func Refuse(en, zh string, args ...any) *Refusal {
	return &Refusal{lang.Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}}
}
