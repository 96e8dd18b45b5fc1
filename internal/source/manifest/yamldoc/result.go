package yamldoc

import (
	"errors"
	"fmt"

	"github.com/foilsec/foil/internal/graph"
)

// parsed is what one batch held.
type parsed struct {
	skipped   int // lines before the batch
	documents []*graph.Document
	gaps      []graph.Gap
	others    int
	overLimit bool
	// stopped is why the batch was not read to its end.
	stopped error
}

// result joins the batches in the order of the stream; err is why reading ended
// early. It is cut where the limit of gaps is reached, so that it does not
// depend on how far reading got before the gaps of other workers were counted.
func (r *run) result(err error) Result {
	var result Result
	limits := r.decoder.limits
	for _, slot := range r.slots {
		if len(result.Gaps) >= limits.Gaps {
			err = tooBroken(limits, slot.skipped)
			break
		}
		result.Documents = append(result.Documents, slot.documents...)
		result.Gaps = append(result.Gaps, slot.gaps...)
		result.Others += slot.others
		result.OverLimit = result.OverLimit || slot.overLimit
		if slot.stopped != nil {
			err = slot.stopped
			break
		}
	}
	if err != nil {
		result.Gaps = append(result.Gaps, asProblem(err).gap(r.file, 0))
	}
	return result
}

func tooBroken(limits Limits, skipped int) *problem {
	return &problem{line: skipped + 1, reason: fmt.Sprintf("more than %d broken documents in one file; the rest was not scanned", limits.Gaps)}
}

func asProblem(err error) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	return &problem{reason: err.Error()}
}
