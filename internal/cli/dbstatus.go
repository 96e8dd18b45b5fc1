package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/feed/vuln"
)

func newDBStatus(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "status", Short: "Show the feeds of the database: records, age, licence", Args: arguments(cobra.NoArgs),
		Example: `  foil db status
  foil db status --verify --max-db-age 7d`,
		RunE: func(c *cobra.Command, _ []string) error { return runDBStatus(c, streams.Out) },
	}
	addFormFlag(c)
	c.Flags().Bool("verify", false, "read the whole file and compare it with its checksum")
	c.Flags().String("max-db-age", "", "end with code 3 when a feed is older, like 36h, 7d or 2w")
	return c
}

// dbStatus is the JSON form of the status.
type dbStatus struct {
	Database   string       `json:"database"`
	Bytes      int          `json:"bytes"`
	Advisories int          `json:"advisories"`
	Checksum   string       `json:"checksum"`
	Verified   bool         `json:"verified"`
	Feeds      []feedStatus `json:"feeds"`
}

type feedStatus struct {
	vuln.Stamp

	AgeDays int  `json:"age_days"`
	Stale   bool `json:"stale"`
}

func runDBStatus(c *cobra.Command, out io.Writer) error {
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	limit, err := ageLimit(c)
	if err != nil {
		return err
	}
	db, err := openDatabase(c)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	verify := must(c.Flags().GetBool("verify"))
	if verify {
		if err := db.Verify(); err != nil {
			return &exitError{code: CodeFailed, err: fmt.Errorf("%s: %w", dbPlace(db), err), hint: "foil db update --fresh makes a new one"}
		}
	}
	now := time.Now()
	if asJSON {
		err = printJSON(out, statusOf(db, now, verify))
	} else {
		err = printStatus(out, db, now, verify)
	}
	if err != nil {
		return err
	}
	return tooOld(db, now, limit)
}

// ageLimit is the age above which a feed is too old; 0 for no limit.
func ageLimit(c *cobra.Command) (time.Duration, error) {
	text := must(c.Flags().GetString("max-db-age"))
	if text == "" {
		return 0, nil
	}
	limit, err := parseAge(text)
	if err != nil {
		return 0, usageError(fmt.Errorf("--max-db-age: %w", err), "")
	}
	return limit, nil
}

// tooOld is an error that names the feeds that are older than a limit.
func tooOld(db *vuln.DB, now time.Time, limit time.Duration) error {
	if limit == 0 {
		return nil
	}
	var names []string
	for _, s := range db.Stamps() {
		if s.Age(now) > limit {
			names = append(names, s.Feed)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &exitError{
		code: CodeIncomplete, hint: "foil db update fetches what is new",
		err: fmt.Errorf("older than %s: %s", ageText(limit), strings.Join(names, ", ")),
	}
}

func statusOf(db *vuln.DB, now time.Time, verified bool) dbStatus {
	s := dbStatus{Database: dbPlace(db), Bytes: db.Size(), Advisories: db.Len(), Checksum: db.Checksum(), Verified: verified, Feeds: []feedStatus{}}
	for _, stamp := range db.Stamps() {
		age := stamp.Age(now)
		s.Feeds = append(s.Feeds, feedStatus{Stamp: stamp, AgeDays: int(age / (24 * time.Hour)), Stale: age > vuln.StaleAfter})
	}
	return s
}

func printStatus(out io.Writer, db *vuln.DB, now time.Time, verified bool) error {
	state := ""
	if verified {
		state = ", checksum right"
	}
	_, _ = fmt.Fprintf(out, "%s: %s, %.1f MB%s\n\n", dbPlace(db), counted(db.Len(), "advisory", "advisories"), float64(db.Size())/1e6, state)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "FEED\tRECORDS\tAS OF\tAGE\tRELEASES\tLICENCE\tSOURCE")
	stale := 0
	for _, s := range db.Stamps() {
		age := s.Age(now)
		mark := ""
		if age > vuln.StaleAfter {
			stale++
			mark = " (stale)"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s%s\t%s\t%s\t%s\n", s.Feed, recordsOf(&s), s.AsOf.Format(time.DateOnly), ageText(age), mark,
			orDash(shortList(s.Releases)), orDash(strings.Join(s.Licences, ", ")), s.Source)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if stale > 0 {
		_, _ = fmt.Fprintf(out, "\n%s older than %s: foil db update fetches what is new\n", counted(stale, "feed is", "feeds are"), ageText(vuln.StaleAfter))
	}
	return nil
}

// recordsOf counts the records of a feed, and says when it is not whole.
func recordsOf(s *vuln.Stamp) string {
	text := fmt.Sprint(s.Records)
	if s.Rejected > 0 {
		text += fmt.Sprintf(" (%d unreadable)", s.Rejected)
	}
	if s.Partial {
		text += " (a part)"
	}
	return text
}

// shortList names the first few of a list.
func shortList(all []string) string {
	const few = 6
	all = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "" })
	if len(all) <= few {
		return strings.Join(all, " ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:few], " "), len(all)-few)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
