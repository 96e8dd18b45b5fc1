package exception

import (
	"encoding/json"
	"fmt"

	"github.com/foilsec/foil/internal/graph"
)

// posturePolicy is an item of Kubescape's exception file: a JSON list of
// postureExceptionPolicy objects.
type posturePolicy struct {
	Name           string `json:"name"`
	PolicyType     string `json:"policyType"`
	Reason         string `json:"reason"`
	ExpirationDate string `json:"expirationDate"`
	Resources      []struct {
		Attributes map[string]string `json:"attributes"`
	} `json:"resources"`
	PosturePolicies []struct {
		ControlName string `json:"controlName"`
		ControlID   string `json:"controlID"`
	} `json:"posturePolicies"`
}

// FromKubescape reads an exception file of Kubescape. Such a file names no
// owner; its name of the policy stands for one. A policy limited to one
// framework covers its controls in every framework here.
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
	for _, r := range p.Resources {
		a := r.Attributes
		x.Objects = append(x.Objects, Object{Kind: a["kind"], Namespace: a["namespace"], Name: a["name"]})
	}
	for _, c := range p.PosturePolicies {
		if c.ControlID != "" {
			x.Controls = append(x.Controls, c.ControlID)
		}
	}
	if len(p.PosturePolicies) == 0 {
		x.Controls = []string{"*"}
	}
	var err error
	if p.ExpirationDate != "" {
		x.Expires, err = parseDate(p.ExpirationDate)
	}
	x.Defect = defect(&x, err)
	return x
}
