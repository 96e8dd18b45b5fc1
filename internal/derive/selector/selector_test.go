package selector_test

import (
	"strings"
	"testing"

	"github.com/foilsec/foil/internal/derive/facttest"
	"github.com/foilsec/foil/internal/derive/selector"
)

func TestLabelSelector(t *testing.T) {
	cases := []struct {
		selector, labels string
		want             bool
	}{
		{`{}`, `{}`, true},
		{`{}`, `{app: web}`, true},
		{`{matchLabels: {app: web}}`, `{app: web, tier: front}`, true},
		{`{matchLabels: {app: web}}`, `{app: db}`, false},
		{`{matchLabels: {app: web}}`, `{}`, false},
		{`{matchLabels: {app: ""}}`, `{}`, false},
		{`{matchLabels: {v: "1"}}`, `{v: 1}`, true},
		{`{matchExpressions: [{key: app, operator: In, values: [web, db]}]}`, `{app: db}`, true},
		{`{matchExpressions: [{key: app, operator: In, values: [web]}]}`, `{}`, false},
		{`{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}`, `{}`, true},
		{`{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}`, `{app: web}`, false},
		{`{matchExpressions: [{key: app, operator: Exists}]}`, `{app: web}`, true},
		{`{matchExpressions: [{key: app, operator: Exists}]}`, `{}`, false},
		{`{matchExpressions: [{key: app, operator: DoesNotExist}]}`, `{}`, true},
		{`{matchExpressions: [{key: app, operator: DoesNotExist}]}`, `{app: web}`, false},
		{`{matchExpressions: [{key: app, operator: Wrong}]}`, `{app: web}`, false},
		{`{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: Exists}]}`, `{app: web}`, false},
	}
	for _, c := range cases {
		s := facttest.Snapshot(t, "{apiVersion: v1, kind: Pod, metadata: {name: x}, s: "+c.selector+", l: "+c.labels+"}")
		object := s.At(0).Object
		if got := selector.FromLabelSelector(object.Get("s")).Matches(object.Get("l")); got != c.want {
			t.Errorf("%s on %s = %v, want %v", c.selector, c.labels, got, c.want)
		}
	}
}

func TestEmpty(t *testing.T) {
	s := facttest.Snapshot(t, `{apiVersion: v1, kind: Pod, metadata: {name: x}, a: {}, b: {matchLabels: {}}, c: {matchExpressions: [{key: k, operator: Wrong}]}, d: {matchLabels: {k: v}}}`)
	object := s.At(0).Object
	for field, want := range map[string]bool{"a": true, "b": true, "c": false, "d": false, "absent": true} {
		if got := selector.FromLabelSelector(object.Get(field)).Empty(); got != want {
			t.Errorf("Empty of %s = %v, want %v", field, got, want)
		}
	}
}

func TestRenameAndTake(t *testing.T) {
	s := facttest.Snapshot(t, `{apiVersion: v1, kind: Pod, metadata: {name: x}, s: {matchLabels: {"k8s:app": web, "k8s:where": shop}, matchExpressions: [{key: "k8s:tier", operator: Exists}]}, l: {app: web, tier: front}}`)
	object := s.At(0).Object
	renamed := selector.FromLabelSelector(object.Get("s")).Rename(func(key string) string {
		return strings.TrimPrefix(key, "k8s:")
	})
	values, rest := renamed.Take("where")
	if len(values) != 1 || values[0] != "shop" {
		t.Errorf("took %v, want shop", values)
	}
	if renamed.Matches(object.Get("l")) || !rest.Matches(object.Get("l")) {
		t.Error("only the rest of the renamed selector should match")
	}
}
