package trust

import (
	"fmt"
	"time"
)

// rank orders states for an image with several signatures. One good signature
// is enough. A signature that may yet turn out good keeps the question open,
// whatever else is attached: anybody who may push can attach a bad one.
var rank = map[State]int{Trusted: 4, Unchecked: 3, NotTrusted: 2}

// Conclude gives the state of an image from the signatures on the image itself;
// a signed statement about it, such as a bill of materials, is not one. Those
// that there was nothing to verify with come last.
func (r *Result) Conclude() {
	best := -1
	for i := range r.Signatures {
		s := &r.Signatures[i]
		if s.IsSignature() && (best < 0 || weight(s) > weight(&r.Signatures[best])) {
			best = i
		}
	}
	if best < 0 {
		r.State, r.Reason = Unsigned, Because(NotSigned, r.name())
		return
	}
	r.State, r.Reason = r.Signatures[best].State, r.Signatures[best].Reason
}

func weight(s *Signature) int {
	if s.Reason.Code == NothingToVerifyWith {
		return 1
	}
	return rank[s.State]
}

func (r *Result) name() string {
	if r.Digest == "" {
		return r.Reference
	}
	return fmt.Sprintf("%s (%s)", r.Reference, r.Digest)
}

// Fail ends a result with a reason, without looking at signatures.
func (r *Result) Fail(reason Reason) {
	r.State, r.Reason = reason.Code.State(), reason
}

// Age writes how old something is, exact enough for people.
func Age(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < time.Minute:
		return d.Truncate(time.Second).String()
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%dh", int(d.Hours())/24, int(d.Hours())%24)
}
