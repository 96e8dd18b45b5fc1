package exception

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/lang"
)

// policyFile is a file with one policy; resources and policies are JSON.
func policyFile(resources, policies, more string) string {
	return `[{"name": "accepted", "policyType": "postureExceptionPolicy", "actions": ["alertOnly"],
		"resources": ` + resources + `, "posturePolicies": ` + policies + more + `}]`
}

func attributes(json string) string {
	return `[{"designatorType": "Attributes", "attributes": ` + json + `}]`
}

func TestWhatAPolicyCovers(t *testing.T) {
	s := facttest.Snapshot(t, shop)
	const privileged, path, ownRule = "privileged-container ", "host-path ", "own-rule "
	everything := apply(s, NewSet(configured(t, `- {controls: ["*"], owner: o, reason: r, expires: never}`), rules, noon))
	for name, test := range map[string]struct {
		file string
		want []string
	}{
		"control and kind":       {policyFile(attributes(`{"kind": "Pod"}`), `[{"controlID": "C-0057"}]`, ""), []string{privileged + string(pod)}},
		"letter case of ids":     {policyFile(attributes(`{"kind": "Pod"}`), `[{"controlID": "c-0057"}]`, ""), []string{privileged + string(pod)}},
		"letter case of kinds":   {policyFile(attributes(`{"kind": "pod"}`), `[{"controlID": "C-0057"}]`, ""), nil},
		"expressions":            {policyFile(attributes(`{"kind": ".*", "name": "kit[a-z]+", "namespace": "s.+"}`), `[{"controlID": "C-004[58]"}]`, ""), []string{path + string(kitchen)}},
		"whole text":             {policyFile(attributes(`{"name": "kit"}`), `[{"controlID": "C-0048"}]`, ""), nil},
		"alternatives":           {policyFile(attributes(`{"name": "x|kitchen-1"}`), `[{"controlID": "C-0048"}]`, ""), []string{path + string(pod)}},
		"empty control":          {policyFile(attributes(`{"kind": "ClusterRole"}`), `[{"frameworkName": ""}]`, ""), []string{privileged + string(role), path + string(role), ownRule + string(role)}},
		"no policies":            {policyFile(attributes(`{"kind": "ClusterRole"}`), `[]`, ""), []string{privileged + string(role), path + string(role), ownRule + string(role)}},
		"framework":              {policyFile(attributes(`{"kind": "Pod"}`), `[{"frameworkName": "NSA"}]`, ""), []string{privileged + string(pod)}},
		"two frameworks":         {policyFile(attributes(`{"kind": "Pod"}`), `[{"frameworkName": "NSA"}, {"frameworkName": "MITRE"}]`, ""), []string{privileged + string(pod), path + string(pod)}},
		"all of Kubescape's":     {policyFile(attributes(`{"kind": "Pod"}`), `[{"frameworkName": "AllControls"}]`, ""), []string{privileged + string(pod), path + string(pod)}},
		"control in a framework": {policyFile(attributes(`{"kind": "Pod"}`), `[{"frameworkName": "NSA", "controlID": "C-0048"}]`, ""), []string{path + string(pod)}},
		"namespace and itself":   {policyFile(attributes(`{"namespace": "lab"}`), `[{"controlID": "C-0057"}]`, ""), []string{privileged + string(namespace), privileged + string(pod)}},
		"any cluster":            {policyFile(attributes(`{"cluster": ".*", "kind": "Pod"}`), `[{"controlID": "C-0057"}]`, ""), []string{privileged + string(pod)}},
		"label":                  {policyFile(attributes(`{"app": "kitchen"}`), `[{"controlID": "C-0057"}]`, ""), []string{privileged + string(pod), privileged + string(kitchen)}},
		"label of another value": {policyFile(attributes(`{"app": "kit"}`), `[{"controlID": "C-0057"}]`, ""), nil},
		"object selector":        {policyFile(attributes(`{"namespace": ".*"}`), `[{"controlID": "C-0057"}]`, `, "objectSelector": {"matchExpressions": [{"key": "stage", "operator": "NotIn", "values": ["live"]}, {"key": "stage", "operator": "Exists"}]}`), []string{privileged + string(namespace)}},
		"path":                   {policyFile(attributes(`{"path": ".*\\.yaml"}`), `[]`, ""), everything},
		"until later":            {policyFile(attributes(`{"kind": "Pod"}`), `[{"controlID": "C-0057"}]`, `, "expirationDate": "2027-01-31T12:00:01Z"`), []string{privileged + string(pod)}},
		"over":                   {policyFile(attributes(`{"kind": "Pod"}`), `[{"controlID": "C-0057"}]`, `, "expirationDate": "2027-01-31T12:00:00Z"`), nil},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := FromKubescape([]byte(test.file), "x.json")
			if err != nil || len(list) != 1 || list[0].Defect != (lang.Text{}) {
				t.Fatalf("%+v, error %v", list, err)
			}
			if x := list[0]; x.ID != "x.json#1" || x.Owner != "accepted" || x.Reason != "exception policy accepted" {
				t.Errorf("exception %+v", x.Exception)
			}
			if got := apply(s, NewSet(list, rules, noon)); fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("suppressed %q, want %q", got, test.want)
			}
		})
	}
}

// TestPoliciesThatSayMore: what foil can't tell apart voids the exception, as
// it would cover more than it was written for.
func TestPoliciesThatSayMore(t *testing.T) {
	s := facttest.Snapshot(t, shop)
	control := `[{"controlID": "C-0057"}]`
	for name, test := range map[string]struct{ file, want string }{
		"no resources":      {policyFile(`[]`, control, ""), "no resources: say which objects it is about"},
		"no attributes":     {policyFile(attributes(`{}`), control, ""), "a resource without attributes is no object"},
		"cluster":           {policyFile(attributes(`{"cluster": "minikube"}`), control, ""), "attribute cluster is not supported: leave it out"},
		"resource id":       {policyFile(attributes(`{"kind": "Pod", "resourceID": "/v1/x"}`), control, ""), "attribute resourceID is not supported: leave it out"},
		"workload id":       {policyFile(`[{"designatorType": "Wlid"}]`, control, ""), `designatorType "Wlid" is not supported: use Attributes`},
		"control by name":   {policyFile(attributes(`{"kind": "Pod"}`), `[{"controlName": "HostPath mount"}]`, ""), `control "HostPath mount" has no controlID: give the id, such as C-0057`},
		"rule":              {policyFile(attributes(`{"kind": "Pod"}`), `[{"ruleName": "alert-any"}]`, ""), `control "alert-any" has no controlID: give the id, such as C-0057`},
		"broken expression": {policyFile(attributes(`{"name": "a("}`), control, ""), "\"a(\" is no regular expression"},
		"broken control":    {policyFile(attributes(`{"name": "a"}`), `[{"controlID": "["}]`, ""), "\"[\" is no regular expression"},
		"bad date":          {policyFile(attributes(`{"name": "a"}`), control, `, "expirationDate": "soon"`), `expires "soon" is no date`},
		"no name":           {strings.Replace(policyFile(attributes(`{"kind": "Pod"}`), control, ""), "accepted", "", 1), "no owner: say who decided"},
		"labels twice":      {policyFile(attributes(`{"app": "x"}`), control, `, "objectSelector": {"matchLabels": {"app": "x"}}`), "labels and an objectSelector at once"},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := FromKubescape([]byte(test.file), "x.json")
			if err != nil || len(list) != 1 {
				t.Fatalf("%d exceptions, error %v", len(list), err)
			}
			if d := list[0].Defect; !strings.HasPrefix(d.EN, test.want) || d.ZH == "" {
				t.Errorf("defect %+v, want %q", d, test.want)
			}
			if got := apply(s, NewSet(list, rules, noon)); len(got) != 0 {
				t.Errorf("suppressed %q", got)
			}
		})
	}
}

func TestBadKubescapeFiles(t *testing.T) {
	for _, text := range []string{"", "{}", "[", `["a"]`, `[{"resources": {}}]`, `[{"resources": [{"attributes": {"kind": 1}}]}]`, "kind: x"} {
		if list, err := FromKubescape([]byte(text), "x.json"); err == nil || list != nil || !strings.HasPrefix(err.Error(), "x.json: want a JSON list of postureExceptionPolicy objects: ") {
			t.Errorf("%q: %v, error %v", text, list, err)
		}
	}
	if list, err := FromKubescape([]byte("[]"), "x.json"); err != nil || len(list) != 0 {
		t.Errorf("an empty list: %v, %v", list, err)
	}
}

func FuzzFromKubescape(f *testing.F) {
	f.Add([]byte(policyFile(attributes(`{"kind": "Pod"}`), `[{"controlID": "C-0057"}]`, "")))
	f.Add([]byte(policyFile(attributes(`{"app": "x"}`), `[]`, `, "objectSelector": {"matchLabels": {"a": 1}}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := FromKubescape(data, "f")
		if err == nil && !json.Valid(data) {
			t.Error("a file that is no JSON was read")
		}
		for _, x := range list {
			if x.Defect == (lang.Text{}) && (len(x.Rules) == 0 || len(x.Objects) == 0 || x.Owner == "" || x.Reason == "") {
				t.Errorf("an exception without its parts counts: %+v", x)
			}
		}
	})
}
