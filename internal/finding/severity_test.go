package finding

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestSeverityNames(t *testing.T) {
	all := Severities()
	if len(all) != 5 || !slices.IsSortedFunc(all, func(a, b Severity) int { return int(b) - int(a) }) {
		t.Errorf("severities %v are not worst first", all)
	}
	for _, s := range all {
		for _, text := range []string{s.String(), string(s.String()[0]-'a'+'A') + s.String()[1:]} {
			if got, err := ParseSeverity(text); err != nil || got != s {
				t.Errorf("ParseSeverity(%q) = %v, %v", text, got, err)
			}
		}
		data, err := json.Marshal(map[Severity]Severity{s: s})
		var back map[Severity]Severity
		if err != nil || json.Unmarshal(data, &back) != nil || back[s] != s {
			t.Errorf("%s does not come back as %v", data, s)
		}
	}
	if got := Severity(9).String(); got != "severity(9)" {
		t.Errorf("a severity that does not exist is %q", got)
	}
}

func TestUnknownSeverity(t *testing.T) {
	const want = `unknown severity "urgent": want one of info, low, medium, high, critical`
	if _, err := ParseSeverity("urgent"); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	var s Severity
	if err := json.Unmarshal([]byte(`""`), &s); err == nil {
		t.Error("an empty severity was accepted")
	}
}
