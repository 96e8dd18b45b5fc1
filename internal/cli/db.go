package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/feed/vuln"
)

func newDB(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "Look after the database of known flaws",
		Long: `What foil knows of flaws is one file: records of many publishers, CISA's catalogue
of exploited flaws and the scores of EPSS. A part of it is built in, so that the
first scan works without a network; foil db update fetches the rest into the
cache folder of the user.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.PersistentFlags().String("db", "", "the database file (default: vuln.db in the user's cache folder, or else the one that is built in)")
	c.AddCommand(newDBStatus(streams), newDBUpdate(streams), newDBImport(streams), newDBExport(streams), newDBLifecycle(streams), newDBSearch(streams), newDBDiff(streams))
	return c
}

// databasePath is the file that the user named: on the command line, in FOIL_DB,
// or in a configuration that was named too. Empty for none.
func databasePath(c *cobra.Command) (string, error) {
	if path := must(c.Flags().GetString("db")); path != "" {
		return path, nil
	}
	if path := os.Getenv("FOIL_DB"); path != "" {
		return path, nil
	}
	cfg, err := readConfig(c)
	if err != nil {
		return "", usageError(err, "")
	}
	if value, ok := cfg.values["db"]; ok && cfg.named {
		return value.Value, nil
	}
	return "", nil
}

// openDatabase opens what a scan would use.
func openDatabase(c *cobra.Command) (*vuln.DB, error) {
	path, err := databasePath(c)
	if err != nil {
		return nil, err
	}
	db, err := vuln.Find(path)
	if err != nil {
		return nil, &exitError{code: CodeFailed, err: err, hint: "foil db update --fresh makes a new one"}
	}
	return db, nil
}

// writableDatabase is the file that verbs write.
func writableDatabase(c *cobra.Command) (string, error) {
	path, err := databasePath(c)
	if err != nil || path != "" {
		return path, err
	}
	return vuln.DefaultPath()
}

// dbPlace names a database for people.
func dbPlace(db *vuln.DB) string {
	if db.Path() == "" {
		return "built in"
	}
	return db.Path()
}

func addFormFlag(c *cobra.Command) {
	c.Flags().StringP("output", "o", "table", "form of the output: table or json")
}

// wantsJSON reports whether the output is to be JSON.
func wantsJSON(c *cobra.Command) (bool, error) {
	switch form := must(c.Flags().GetString("output")); form {
	case "table":
		return false, nil
	case "json":
		return true, nil
	default:
		return false, usageError(fmt.Errorf("unknown form %q: want table or json", form), "")
	}
}

func printJSON(out io.Writer, value any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

// parseAge reads an age: "36h", "7d", "2w", "1y".
func parseAge(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	for suffix, unit := range map[string]time.Duration{"d": day, "w": 7 * day, "y": 365 * day} {
		if number, ok := strings.CutSuffix(text, suffix); ok {
			n, err := strconv.Atoi(number)
			if err != nil || n < 0 || n > 100*365 {
				return 0, fmt.Errorf("%q is no age: want one like 36h, 7d or 2w", text)
			}
			return time.Duration(n) * unit, nil
		}
	}
	age, err := time.ParseDuration(text)
	if err != nil || age < 0 {
		return 0, fmt.Errorf("%q is no age: want one like 36h, 7d or 2w", text)
	}
	return age, nil
}

// ageText is an age for people.
func ageText(age time.Duration) string {
	switch days := int(age / (24 * time.Hour)); {
	case days > 365*100:
		return "unknown"
	case days >= 1:
		return counted(days, "day", "days")
	}
	return counted(int(age/time.Hour), "hour", "hours")
}
