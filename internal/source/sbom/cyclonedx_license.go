package sbom

import (
	"encoding/json"
	"encoding/xml"
	"strings"
)

// cdxLicenses are licenses in any of the ways that the versions of CycloneDX
// write them: identifiers, names and expressions.
type cdxLicenses []cdxLicense

type cdxLicense struct {
	License struct {
		ID   string `json:"id" xml:"id"`
		Name string `json:"name" xml:"name"`
	} `json:"license"`
	Expression string `json:"expression"`
}

// UnmarshalJSON takes what is not a list for none: it is not worth losing the
// document.
func (l *cdxLicenses) UnmarshalJSON(data []byte) error {
	var list []cdxLicense
	if json.Unmarshal(data, &list) == nil {
		*l = list
	}
	return nil
}

// UnmarshalXML reads the elements license and expression in their order.
func (l *cdxLicenses) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	var element struct {
		Items []struct {
			XMLName xml.Name
			ID      string `xml:"id"`
			Name    string `xml:"name"`
			Text    string `xml:",chardata"`
		} `xml:",any"`
	}
	if err := d.DecodeElement(&element, &start); err != nil {
		return err
	}
	for _, item := range element.Items {
		var one cdxLicense
		one.License.ID, one.License.Name = item.ID, item.Name
		if item.XMLName.Local == "expression" {
			one.Expression = strings.TrimSpace(item.Text)
		}
		*l = append(*l, one)
	}
	return nil
}

func (l cdxLicenses) texts() []string {
	var out []string
	for _, item := range l {
		for _, text := range []string{item.Expression, item.License.ID, item.License.Name} {
			if text != "" {
				out = append(out, text)
				break
			}
		}
	}
	return out
}
