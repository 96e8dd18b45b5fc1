package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
)

// probabilityHeader is the second line of the scores of EPSS.
const probabilityHeader = "cve,epss,percentile"

// mostProbabilities is far above the number of CVEs there are.
const mostProbabilities = 4_000_000

// probabilities reads the scores of EPSS. A line that can't be read makes the
// whole file unfit: a score that is missing looks like one that is not known.
func (r *Reader) probabilities(data []byte, o Origin) error {
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Scan()
	date, err := scoreDate(lines.Text())
	if err != nil {
		return err
	}
	if lines.Scan(); strings.TrimSpace(lines.Text()) != probabilityHeader {
		return fmt.Errorf("line 2 is %.60q and not %q", lines.Text(), probabilityHeader)
	}
	rows, err := scores(lines)
	if err != nil {
		return err
	}
	o.Part, o.AsOf = false, date
	t := r.feed(vuln.ProbabilityFeed, "", o)
	t.sum.Write(data)
	s := r.builder.Stamp(t.number)
	s.Newest, s.Licences = date, []string{"none stated"}
	for _, row := range rows {
		if err := r.builder.AddProbability(t.number, row.cve, row.Probability); err != nil {
			return err
		}
	}
	return nil
}

// scoreDate reads the first line: #model_version:…,score_date:….
func scoreDate(line string) (time.Time, error) {
	_, rest, found := strings.Cut(line, "score_date:")
	if !strings.HasPrefix(line, "#") || !found {
		return time.Time{}, errors.New("line 1 has no score_date")
	}
	text, _, _ := strings.Cut(rest, ",")
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("line 1: %.40q is no time", text)
}

type score struct {
	cve string
	vuln.Probability
}

func scores(lines *bufio.Scanner) ([]score, error) {
	var rows []score
	for number := 3; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		s, err := scoreOf(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if rows = append(rows, s); len(rows) > mostProbabilities {
			return nil, fmt.Errorf("it has more than %d lines", mostProbabilities)
		}
	}
	if len(rows) == 0 && lines.Err() == nil {
		return nil, errors.New("it holds no scores")
	}
	return rows, lines.Err()
}

func scoreOf(line string) (s score, err error) {
	fields := strings.Split(line, ",")
	if len(fields) != 3 || !strings.HasPrefix(fields[0], "CVE-") {
		return s, fmt.Errorf("%.60q is not a CVE, its score and its percentile", line)
	}
	s.cve = fields[0]
	for i, value := range []*float64{&s.Score, &s.Percentile} {
		if *value, err = strconv.ParseFloat(fields[i+1], 64); err != nil || !(*value >= 0 && *value <= 1) {
			return s, fmt.Errorf("%.20q is not a number from 0 to 1", fields[i+1])
		}
	}
	return s, nil
}
