package vex

import "fmt"

// The product tree of CSAF 2.0.
type (
	csafTree struct {
		Branches  []csafBranch  `json:"branches"`
		Names     []csafProduct `json:"full_product_names"`
		Relations []struct {
			Name     csafProduct `json:"full_product_name"`
			Part     string      `json:"product_reference"`
			Whole    string      `json:"relates_to_product_reference"`
			Category string      `json:"category"`
		} `json:"relationships"`
		Groups []struct {
			ID       string   `json:"group_id"`
			Products []string `json:"product_ids"`
		} `json:"product_groups"`
	}
	csafBranch struct {
		Branches []csafBranch `json:"branches"`
		Product  *csafProduct `json:"product"`
	}
	csafProduct struct {
		ID     string `json:"product_id"`
		Helper struct {
			PURL   string `json:"purl"`
			CPE    string `json:"cpe"`
			Hashes []struct {
				Sums []struct {
					Algorithm string `json:"algorithm"`
					Value     string `json:"value"`
				} `json:"file_hashes"`
			} `json:"hashes"`
		} `json:"product_identification_helper"`
	}
)

const mostBranches = 100 // deep

// products are all products by id. One that is a part of another, such as a
// package of a platform, becomes the other with the part inside.
func (t *csafTree) products() (map[string]Product, error) {
	out := map[string]Product{}
	for i := range t.Names {
		out[t.Names[i].ID] = t.Names[i].product()
	}
	if err := walk(t.Branches, out, 0); err != nil {
		return nil, err
	}
	for i := range t.Relations {
		r := &t.Relations[i]
		part, whole := out[r.Part], out[r.Whole]
		if part.PURL == "" { // some publishers give it to the relationship
			part.PURL = r.Name.Helper.PURL
		}
		out[r.Name.ID] = placed(part, whole)
	}
	if len(out) > mostProducts {
		return nil, fmt.Errorf("the product tree has more than %d products", mostProducts)
	}
	return out, nil
}

// placed is a part inside of a whole. A whole of which nothing is known can't be
// compared, and then the part can't be placed either.
func placed(part, whole Product) Product {
	if whole.PURL == "" && whole.CPE == "" && len(whole.Digests) == 0 {
		return Product{}
	}
	part.Subcomponents = nil
	whole.Subcomponents = []Product{part}
	return whole
}

func walk(branches []csafBranch, out map[string]Product, depth int) error {
	if depth > mostBranches {
		return fmt.Errorf("the product tree is more than %d branches deep", mostBranches)
	}
	for i := range branches {
		if p := branches[i].Product; p != nil {
			out[p.ID] = p.product()
		}
		if err := walk(branches[i].Branches, out, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (p *csafProduct) product() Product {
	out := Product{PURL: p.Helper.PURL, CPE: p.Helper.CPE}
	for _, h := range p.Helper.Hashes {
		for _, sum := range h.Sums {
			if sum.Algorithm == "sha256" {
				out.Digests = append(out.Digests, "sha256:"+sum.Value)
			}
		}
	}
	return out
}

func (t *csafTree) groups() map[string][]string {
	out := map[string][]string{}
	for _, g := range t.Groups {
		out[g.ID] = g.Products
	}
	return out
}
