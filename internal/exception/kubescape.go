package exception

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/foilsec/foil/internal/derive/selector"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/lang"
)

// posturePolicy is an item of Kubescape's exception file: a JSON list of
// postureExceptionPolicy objects. Its texts are regular expressions.
type posturePolicy struct {
	Name            string           `json:"name"`
	Reason          string           `json:"reason"`
	ExpirationDate  string           `json:"expirationDate"`
	Resources       []designator     `json:"resources"`
	ObjectSelector  map[string]any   `json:"objectSelector"`
	PosturePolicies []postureControl `json:"posturePolicies"`
}

type designator struct {
	DesignatorType string            `json:"designatorType"`
	Attributes     map[string]string `json:"attributes"`
}

type postureControl struct {
	FrameworkName string `json:"frameworkName"`
	ControlName   string `json:"controlName"`
	ControlID     string `json:"controlID"`
	RuleName      string `json:"ruleName"`
}

// FromKubescape reads an exception file of Kubescape. Such a file names no
// owner; its name of the policy stands for one. A policy for a control within
// one framework covers the control in every framework here. What the file can
// say and foil can not, such as the name of a cluster, voids the exception:
// it must not cover more than it was written for.
func FromKubescape(data []byte, file string) ([]Exception, error) {
	var policies []posturePolicy
	if err := json.Unmarshal(data, &policies); err != nil {
		return nil, fmt.Errorf("%s: want a JSON list of postureExceptionPolicy objects: %w", file, err)
	}
	list := make([]Exception, 0, len(policies))
	for i := range policies {
		list = append(list, policies[i].exception(file, i))
	}
	return list, nil
}

func (p *posturePolicy) exception(file string, index int) Exception {
	x := Exception{Position: graph.Position{File: file}}
	x.ID, x.Owner, x.Reason = fmt.Sprintf("%s#%d", file, index+1), p.Name, p.Reason
	x.Source = file
	if x.Reason == "" {
		x.Reason = "exception policy " + p.Name
	}
	var date lang.Text
	if p.ExpirationDate != "" {
		x.Expires, date = parseDate(p.ExpirationDate)
	}
	fault := p.read(&x)
	if x.Defect = x.defect(date); fault != (lang.Text{}) {
		x.Defect = fault
	}
	return x
}

// read reads what the policy is about, and says what it could not read.
func (p *posturePolicy) read(x *Exception) (fault lang.Text) {
	if len(p.PosturePolicies) == 0 {
		x.Rules = []Rule{{}}
	}
	for _, c := range p.PosturePolicies {
		r, fault := c.rule()
		if fault != (lang.Text{}) {
			return fault
		}
		x.Rules = append(x.Rules, r)
	}
	labels, err := labelSelector(p.ObjectSelector)
	if err != nil {
		return untranslated(err)
	}
	for _, d := range p.Resources {
		o, fault := d.object()
		if fault != (lang.Text{}) {
			return fault
		}
		if o.Labels.Empty() {
			o.Labels = labels
		} else if !labels.Empty() {
			return lang.Text{EN: "labels and an objectSelector at once: give one of them", ZH: "同时使用了标签与 objectSelector：请只用其一"}
		}
		x.Objects = append(x.Objects, o)
	}
	if len(x.Objects) == 0 {
		return lang.Text{EN: "no resources: say which objects it is about", ZH: "没有 resources：请写明它所针对的对象"}
	}
	return lang.Text{}
}

func (c *postureControl) rule() (r Rule, fault lang.Text) {
	var err error
	switch {
	case c.ControlID != "":
		r.ID, err = expression("(?i)", c.ControlID)
	case c.ControlName != "" || c.RuleName != "":
		return r, lang.Text{
			EN: fmt.Sprintf("control %q has no controlID: give the id, such as C-0057", c.ControlName+c.RuleName),
			ZH: fmt.Sprintf("控制项 %q 没有 controlID：请填写编号，例如 C-0057", c.ControlName+c.RuleName),
		}
	default:
		r.Framework, err = expression("(?i)", c.FrameworkName)
	}
	return r, untranslated(err)
}

func (d *designator) object() (o Object, fault lang.Text) {
	if d.DesignatorType != "" && d.DesignatorType != "Attributes" && d.DesignatorType != "Attribute" {
		return o, lang.Text{
			EN: fmt.Sprintf("designatorType %q is not supported: use Attributes", d.DesignatorType),
			ZH: fmt.Sprintf("不支持 designatorType %q：请使用 Attributes", d.DesignatorType),
		}
	}
	if len(d.Attributes) == 0 {
		return o, lang.Text{EN: "a resource without attributes is no object", ZH: "没有属性的 resource 不代表任何对象"}
	}
	labels := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(d.Attributes)) {
		text := d.Attributes[name]
		pattern := o.attribute(name)
		switch {
		case pattern != nil:
			var err error
			if *pattern, err = expression("", text); err != nil {
				return o, untranslated(err)
			}
		case name == "cluster" && (text == "" || text == ".*"):
		case name == "cluster" || name == "resourceID" || name == "k8sResourceHash":
			return o, lang.Text{
				EN: fmt.Sprintf("attribute %s is not supported: leave it out", name),
				ZH: fmt.Sprintf("不支持属性 %s：请删除它", name),
			}
		default:
			labels[name] = text
		}
	}
	selected, err := labelSelector(map[string]any{"matchLabels": labels})
	o.Labels = selected
	return o, untranslated(err)
}

// attribute is the pattern that an attribute of Kubescape sets, nil when it is
// something else.
func (o *Object) attribute(name string) *Pattern {
	switch name {
	case "kind":
		return &o.Kind
	case "namespace":
		return &o.Namespace
	case "name":
		return &o.Name
	case "apiGroup":
		return &o.Group
	case "path":
		return &o.File
	}
	return nil
}

// untranslated is an error as a text; what regular expressions are wrong about
// is told in English only.
func untranslated(err error) lang.Text {
	if err == nil {
		return lang.Text{}
	}
	return lang.Text{EN: err.Error(), ZH: err.Error()}
}

// labelSelector reads a label selector of a JSON file.
func labelSelector(object map[string]any) (selector.Selector, error) {
	var b graph.DocumentBuilder
	addJSON(&b, "", object)
	d, err := b.Finish()
	if err != nil {
		return selector.Selector{}, err
	}
	return selector.FromLabelSelector(d.Root()), nil
}

func addJSON(b *graph.DocumentBuilder, key string, value any) {
	var nowhere graph.Position
	switch v := value.(type) {
	case map[string]any:
		b.OpenMap(key, nowhere)
		for name, field := range v {
			addJSON(b, name, field)
		}
		b.Close()
	case []any:
		b.OpenList(key, nowhere)
		for _, item := range v {
			addJSON(b, "", item)
		}
		b.Close()
	case string:
		b.String(key, v, nowhere)
	default: // selectors hold nothing but texts
		b.Null(key, nowhere)
	}
}
