package eol

import (
	"fmt"
	"time"
)

// Day is a day of the calendar in UTC, counted from 1970-01-01.
type Day int32

const hoursOfDay = 24 * time.Hour

// DayOf is the day of a moment.
func DayOf(t time.Time) Day {
	return Day(t.UTC().Truncate(hoursOfDay).Unix() / int64(hoursOfDay/time.Second))
}

// ParseDay reads "2026-07-11".
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is no date: want YYYY-MM-DD", text)
	}
	return DayOf(t), nil
}

// String is the day as "2026-07-11".
func (d Day) String() string { return d.time().Format(time.DateOnly) }

func (d Day) time() time.Time { return time.Unix(0, 0).UTC().AddDate(0, 0, int(d)) }

// Mark says when something comes: on a day, at some time in the past, not yet,
// or that nothing is known.
type Mark struct {
	form markForm
	day  Day
}

type markForm uint8

const (
	unknown markForm = iota
	passed
	pending
	onDay
)

// On is the mark of a day.
func On(d Day) Mark { return Mark{onDay, d} }

// Flag is a mark of which only is known whether it has come.
func Flag(has bool) Mark {
	if has {
		return Mark{form: passed}
	}
	return Mark{form: pending}
}

// Known reports whether the mark says anything.
func (m Mark) Known() bool { return m.form != unknown }

// Day is the day of the mark, if it has one.
func (m Mark) Day() (Day, bool) { return m.day, m.form == onDay }

// Passed reports whether the mark lies before a day: what ends on a day holds
// until that day is over.
func (m Mark) Passed(today Day) bool {
	return m.form == passed || m.form == onDay && today > m.day
}

// String is the day, or what else is known.
func (m Mark) String() string {
	return [...]string{unknown: "", passed: "yes", pending: "no", onDay: m.day.String()}[m.form]
}
