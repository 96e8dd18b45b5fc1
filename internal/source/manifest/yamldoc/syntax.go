package yamldoc

import (
	"bytes"
	"regexp"
	"sort"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// syntaxProblem turns an error of the YAML library into a problem with the
// line where reading fails. The library names the line where the construct
// began that it could not finish, which may be far above the mistake, so the
// shortest beginning of the text that fails in the same way is looked for.
func syntaxProblem(data []byte, err error) *problem {
	line, reason := libraryReason(err)
	const searchable = 32 << 10 // each step of the search parses again
	if len(data) <= searchable {
		line = firstFailingLine(data, reason)
	}
	return &problem{line: max(line, 1), reason: "not valid YAML: " + reason + templateHint(data)}
}

func firstFailingLine(data []byte, reason string) int {
	ends := lineEnds(data)
	return 1 + sort.Search(len(ends)-1, func(i int) bool {
		var discarded yaml.Node
		_, got := libraryReason(yaml.Unmarshal(data[:ends[i]], &discarded))
		return got == reason
	})
}

func lineEnds(data []byte) []int {
	var ends []int
	for i, c := range data {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	if len(data) > 0 && data[len(data)-1] != '\n' {
		ends = append(ends, len(data))
	}
	return ends
}

var libraryMessage = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`)

func libraryReason(err error) (line int, reason string) {
	if err == nil {
		return 0, ""
	}
	m := libraryMessage.FindStringSubmatch(err.Error())
	if m == nil {
		return 1, err.Error()
	}
	line, _ = strconv.Atoi(m[1])
	return line, m[2]
}

// templateHint explains the most common broken file of all.
func templateHint(data []byte) string {
	if !bytes.Contains(data, []byte("{{")) || !bytes.Contains(data, []byte("}}")) {
		return ""
	}
	return "; it looks like a template: scan the chart's folder (the one with Chart.yaml) or the rendered output"
}
