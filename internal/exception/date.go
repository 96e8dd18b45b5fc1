package exception

import (
	"fmt"
	"time"

	"github.com/foilsec/foil/internal/lang"
)

// Never is the date of an exception that does not end. It has to be written
// out: to forget the date is not the same.
const Never = "never"

// parseDate reads the last day of an exception, or a moment in RFC 3339, and
// says what is wrong with the text. A day counts whole, in UTC.
func parseDate(text string) (time.Time, lang.Text) {
	switch text {
	case "":
		return time.Time{}, lang.Text{
			EN: `no end: give expires as a date (2027-01-31), or "never"`,
			ZH: `没有到期日：请在 expires 中填写日期（2027-01-31）或 "never"`,
		}
	case Never:
		return time.Time{}, lang.Text{}
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1), lang.Text{}
	}
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, lang.Text{
			EN: fmt.Sprintf("expires %q is no date: want 2027-01-31, RFC 3339 or never", text),
			ZH: fmt.Sprintf("expires %q 不是日期：应为 2027-01-31、RFC 3339 或 never", text),
		}
	}
	return moment, lang.Text{}
}
