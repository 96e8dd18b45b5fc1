package sarif

import (
	"strings"

	"github.com/foilsec/foil/internal/report"
	"github.com/foilsec/foil/internal/report/text"
)

// maxTags is how many tags GitHub shows of a rule.
const maxTags = 10

func (out *run) rule(rule *report.Rule) descriptor {
	d := descriptor{
		ID:               text.Clean(rule.ID),
		ShortDescription: &message{Text: text.Clean(rule.Title.In(out.language))},
		Help:             out.help(rule),
		Default:          &configuration{level(rule.Severity)},
		Properties:       map[string]any{"tags": tags(rule), "precision": "high"},
	}
	d.FullDescription = d.ShortDescription
	if risk := rule.Risk.In(out.language); risk != "" {
		d.FullDescription = &message{Text: text.Clean(risk)}
	}
	if score := securityScore(rule.Severity); score != "" {
		d.Properties["security-severity"] = score
	}
	if len(rule.Aliases) > 0 {
		d.Properties["aliases"] = rule.Aliases
	}
	for _, address := range rule.References {
		if strings.HasPrefix(address, "https://") {
			d.HelpURI = text.Clean(address)
			break
		}
	}
	return d
}

// help is what a person reads beside an alert: risk, advice, references. The
// standard asks for plain text beside Markdown.
func (out *run) help(rule *report.Rule) *message {
	var lines []string
	for _, s := range []string{rule.Risk.In(out.language), rule.Advice.In(out.language)} {
		if s != "" {
			lines = append(lines, text.Clean(s))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, text.Clean(rule.Title.In(out.language)))
	}
	help := &message{Text: strings.Join(lines, "\n"), Markdown: strings.Join(lines, "\n\n")}
	for _, technique := range rule.Techniques {
		line := text.Clean(technique.ID + " " + technique.Name.In(out.language))
		help.Text += "\n" + line
		help.Markdown += "\n\n- " + line
	}
	for _, address := range rule.References {
		help.Text += "\n" + text.Clean(address)
		help.Markdown += "\n\n- <" + text.Clean(address) + ">"
	}
	return help
}

// tags begin with "security", without which GitHub ignores the severity.
func tags(rule *report.Rule) []string {
	all := []string{"security", "kubernetes"}
	if rule.Category != "" {
		all = append(all, text.Clean(rule.Category))
	}
	for _, technique := range rule.Techniques {
		all = append(all, text.Clean(technique.ID))
	}
	for _, framework := range rule.Frameworks {
		all = append(all, text.Clean(strings.TrimSpace(framework.Framework+" "+framework.Item)))
	}
	return all[:min(len(all), maxTags)]
}

// level is the SARIF level of a severity; there are three.
func level(severity string) string {
	switch severity {
	case "critical", "high":
		return "error"
	case "medium":
		return "warning"
	}
	return "note"
}

// securityScore is a number in the middle of the range that GitHub shows under
// the name of the severity; it knows none for info.
func securityScore(severity string) string {
	return map[string]string{"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}[severity]
}
