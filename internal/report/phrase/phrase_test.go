package phrase

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/lang"
)

// verb is a place that an argument goes to.
var verb = regexp.MustCompile(`%(\[(\d)\])?([sd])`)

func TestTextsAreComplete(t *testing.T) {
	for k, text := range texts {
		if !text.Complete() {
			t.Errorf("phrase %d %q is missing in a language", k, text.EN)
			continue
		}
		for _, en := range strings.Split(text.EN, "|") {
			if got, want := verbs(text.ZH), verbs(en); !slices.Equal(got, want) {
				t.Errorf("phrase %q takes %q, its translation %q takes %q", en, want, text.ZH, got)
			}
		}
	}
	for name, text := range names {
		if !text.Complete() {
			t.Errorf("name %q is missing in a language", name)
		}
	}
}

// verbs are the arguments of a phrase by number and type.
func verbs(s string) []string {
	var all []string
	for _, match := range verb.FindAllStringSubmatch(s, -1) {
		all = append(all, match[2]+match[3])
	}
	slices.Sort(all)
	return all
}

func TestEveryCountHasBothForms(t *testing.T) {
	for k := Objects; k <= OtherChanges; k++ {
		if strings.Count(texts[k].EN, "|") != 1 || strings.Contains(texts[k].ZH, "|") {
			t.Errorf("%q: want two forms in English and one in Chinese", texts[k].EN)
		}
	}
}

func TestPhrases(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Findings.Count(lang.English, 0), "0 findings"},
		{Findings.Count(lang.English, 1), "1 finding"},
		{Findings.Count(lang.English, 2), "2 findings"},
		{Findings.Count(lang.Chinese, 1), "1 个发现"},
		{RemovesIn.In(lang.English, "1 finding", "2 workloads"), "removes 1 finding in 2 workloads"},
		{Severity(lang.Chinese, "critical"), "严重"},
		{State(lang.English, "excepted"), "excepted"},
		{Status(lang.English, "not-evaluated"), "not evaluated"},
		{Target(lang.Chinese, "cluster"), "集群"},
		{Severity(lang.Chinese, "unheard of"), "unheard of"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestNamesOfModel holds that every value of the vocabulary has a name.
func TestNamesOfModel(t *testing.T) {
	for _, severity := range finding.Severities() {
		if _, ok := names["severity/"+severity.String()]; !ok {
			t.Errorf("severity %s has no name", severity)
		}
	}
	for _, state := range []finding.State{finding.Open, finding.Excepted, finding.Known} {
		if _, ok := names["state/"+string(state)]; !ok {
			t.Errorf("state %s has no name", state)
		}
	}
}
