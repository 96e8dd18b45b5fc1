package exception

import (
	"fmt"
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/lang"
)

// object is an exception object; spec is YAML in one line.
func object(kind, spec string) string {
	metadata := "{name: accepted, namespace: lab}"
	if kind == "ClusterSecurityException" {
		metadata = "{name: accepted}"
	}
	return shop + "---\n{apiVersion: kubescape.io/v1beta1, kind: " + kind + ", metadata: " + metadata + ", spec: {" + spec + "}}\n"
}

func TestWhatAnObjectCovers(t *testing.T) {
	const posture = "posture: [{controlID: C-0057, action: ignore}]"
	const privileged = "privileged-container "
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"its namespace":         {object("SecurityException", posture), []string{privileged + string(namespace), privileged + string(pod), privileged + "k8s:kubescape.io/SecurityException:lab/accepted"}},
		"its namespace by kind": {object("SecurityException", posture+", match: {resources: [{kind: Pod}, {kind: Deployment, name: kitchen}]}"), []string{privileged + string(pod)}},
		"the cluster by kind":   {object("ClusterSecurityException", posture+", match: {resources: [{kind: ClusterRole}, {kind: Deployment, name: kitchen}]}"), []string{privileged + string(kitchen), privileged + string(role)}},
		"group":                 {object("ClusterSecurityException", posture+", match: {resources: [{kind: Deployment, apiGroup: apps}]}"), []string{privileged + string(kitchen)}},
		"other group":           {object("ClusterSecurityException", posture+", match: {resources: [{kind: Deployment, apiGroup: extensions}]}"), nil},
		"expression":            {object("ClusterSecurityException", posture+", match: {resources: [{kind: Pod|Deployment, name: ^kitchen.*$}]}"), []string{privileged + string(pod), privileged + string(kitchen)}},
		"labels":                {object("ClusterSecurityException", posture+", match: {objectSelector: {matchLabels: {app: kitchen}}, resources: [{kind: Pod}]}"), []string{privileged + string(pod)}},
		"no such label":         {object("ClusterSecurityException", posture+", match: {objectSelector: {matchExpressions: [{key: app, operator: NotIn, values: [kitchen]}]}, resources: [{kind: Pod}]}"), nil},
		"namespaces":            {object("ClusterSecurityException", posture+", match: {namespaceSelector: {matchLabels: {stage: live}}}"), []string{privileged + "k8s:Namespace:shop", privileged + string(kitchen)}},
		"no such namespace":     {object("ClusterSecurityException", posture+", match: {namespaceSelector: {matchLabels: {stage: none}}}"), nil},
		"namespaces and kind":   {object("ClusterSecurityException", posture+", match: {namespaceSelector: {matchExpressions: [{key: stage, operator: In, values: [live, test]}]}, resources: [{kind: Pod}]}"), []string{privileged + string(pod)}},
		"two controls":          {object("SecurityException", "posture: [{controlID: c-0057}, {controlID: C-0045, action: alert_only, frameworkName: NSA}], match: {resources: [{kind: Pod}]}"), []string{privileged + string(pod), "host-path " + string(pod)}},
		"until later":           {object("SecurityException", posture+", expiresAt: '2027-01-31T12:00:01Z', match: {resources: [{kind: Pod}]}"), []string{privileged + string(pod)}},
		"over":                  {object("SecurityException", posture+", expiresAt: '2027-01-31T12:00:00Z', match: {resources: [{kind: Pod}]}"), nil},
		"images mean nothing":   {object("SecurityException", posture+", match: {images: ['nginx:*'], resources: [{kind: Pod}]}"), []string{privileged + string(pod)}},
	} {
		t.Run(name, func(t *testing.T) {
			s := facttest.Snapshot(t, test.text)
			list := FromSnapshot(s)
			if len(list) != 1 || list[0].Defect != (lang.Text{}) {
				t.Fatalf("%d exceptions: %+v", len(list), list)
			}
			if got := apply(s, NewSet(list, rules, noon)); fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("suppressed %q, want %q", got, test.want)
			}
		})
	}
}

func TestWhoAndWhyOfAnObject(t *testing.T) {
	s := facttest.Snapshot(t, object("SecurityException", "author: mei, reason: known, posture: [{controlID: C-0057}]"))
	x := FromSnapshot(s)[0]
	if x.Owner != "mei" || x.Reason != "known" || x.ID != "k8s:kubescape.io/SecurityException:lab/accepted" || !x.Expires.IsZero() || x.Position.Line == 0 {
		t.Errorf("exception %+v at %+v", x.Exception, x.Position)
	}
	s = facttest.Snapshot(t, object("SecurityException", "posture: [{controlID: C-0057}]"))
	if x := FromSnapshot(s)[0]; x.Owner != "accepted" || x.Reason != "exception object accepted" {
		t.Errorf("exception without author and reason: %+v", x.Exception)
	}
}

func TestBadObjects(t *testing.T) {
	for name, test := range map[string]struct{ spec, want string }{
		"nothing":          {"", "no controls"},
		"no control":       {"posture: [{action: ignore}]", "an item of posture has no controlID"},
		"unknown action":   {"posture: [{controlID: C-0057, action: hide}]", `action "hide" is not known: want ignore or alert_only`},
		"bad control":      {"posture: [{controlID: 'C-('}]", `"C-(" is no regular expression`},
		"bad name":         {"posture: [{controlID: C-0057}], match: {resources: [{kind: Pod, name: '*'}]}", `"*" is no regular expression`},
		"bad date":         {"posture: [{controlID: C-0057}], expiresAt: tomorrow", `expires "tomorrow" is no date`},
		"unknown selector": {"posture: [{controlID: C-0057}], match: {objectSelector: {matchExpressions: [{key: a, operator: Near}]}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := facttest.Snapshot(t, object("SecurityException", test.spec))
			list := FromSnapshot(s)
			if len(list) != 1 || !strings.HasPrefix(list[0].Defect.EN, test.want) {
				t.Fatalf("%d exceptions: %+v, want %q", len(list), list, test.want)
			}
			if got := apply(s, NewSet(list, rules, noon)); len(got) != 0 {
				t.Errorf("suppressed %q", got)
			}
		})
	}
}

// TestObjectsAboutVulnerabilities are for another part of the product and no
// exceptions here.
func TestObjectsAboutVulnerabilities(t *testing.T) {
	s := facttest.Snapshot(t, object("SecurityException", "vulnerabilities: [{vulnerability: {id: CVE-2026-1}, status: fixed}]"))
	if list := FromSnapshot(s); len(list) != 0 {
		t.Errorf("exceptions %+v", list)
	}
}
