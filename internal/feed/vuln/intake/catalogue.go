package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/foilsec/foil/internal/feed/vuln"
)

// catalogue is CISA's list of exploited flaws.
type catalogue struct {
	Released time.Time `json:"dateReleased"`
	Entries  []struct {
		CVE        string `json:"cveID"`
		Name       string `json:"vulnerabilityName"`
		Added      string `json:"dateAdded"`
		Due        string `json:"dueDate"`
		Action     string `json:"requiredAction"`
		Ransomware string `json:"knownRansomwareCampaignUse"`
	} `json:"vulnerabilities"`
}

func (r *Reader) catalogue(data []byte, o Origin) error {
	var c catalogue
	if err := json.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("read the catalogue of exploited flaws: %w", err)
	}
	if len(c.Entries) == 0 {
		return errors.New("the catalogue of exploited flaws is empty")
	}
	for _, e := range c.Entries {
		if !strings.HasPrefix(e.CVE, "CVE-") || len(e.CVE) > 40 {
			return fmt.Errorf("the catalogue of exploited flaws names %.40q, which is no CVE", e.CVE)
		}
	}
	o.Part = false
	if o.AsOf.IsZero() {
		o.AsOf = c.Released.UTC().Truncate(time.Second)
	}
	t := r.feed(vuln.ExploitedFeed, "", o)
	t.sum.Write(data)
	s := r.builder.Stamp(t.number)
	s.Newest, s.Licences = c.Released.UTC().Truncate(time.Second), []string{"CC0-1.0"}
	for _, e := range c.Entries {
		r.builder.AddExploited(t.number, e.CVE, &vuln.Exploited{
			Since: e.Added, Due: e.Due, Name: e.Name, Action: e.Action, Ransomware: strings.EqualFold(e.Ransomware, "Known"),
		})
	}
	return nil
}
