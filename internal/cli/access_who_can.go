package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/derive/rbac"
	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/report"
)

func newAccessWhoCan(streams Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "who-can VERB RESOURCE[.GROUP][/SUBRESOURCE]|PATH [TARGET]",
		Short: "List who may do something, by which binding and which rule",
		Long: `Who-can decides as the RBAC authorizer of an API server does, on a live cluster or
on files. Without a namespace it asks about the whole cluster. Members of
system:masters may do everything besides.`,
		Example: `  foil access who-can get secrets -n shop
  foil access who-can create pods/exec -n shop cluster
  foil access who-can delete deployments.apps -n shop ./manifests
  foil access who-can get /metrics`,
		Args: arguments(cobra.RangeArgs(2, 3)),
		RunE: func(c *cobra.Command, args []string) error { return runWhoCan(c, args, streams) },
	}
	addTargetFlags(c)
	c.Flags().String("name", "", "name of the object that is asked about")
	c.Flags().StringP("output", "o", "table", "form of the output: table or json")
	return c
}

// whoCanAnswer is one line of the answer.
type whoCanAnswer struct {
	Subject  string       `json:"subject"`
	Binding  graph.NodeID `json:"binding"`
	Role     graph.NodeID `json:"role"`
	Rule     string       `json:"rule"` // the field of the role
	Position string       `json:"position,omitempty"`
}

func runWhoCan(c *cobra.Command, args []string, streams Streams) error {
	if _, err := loadConfig(c); err != nil {
		return err
	}
	asJSON, err := wantsJSON(c)
	if err != nil {
		return err
	}
	question, err := questionOf(c, args)
	if err != nil {
		return err
	}
	p := newProgress(streams.Err)
	defer p.end()
	target := []string{clusterTarget}
	if len(args) == 3 {
		target = args[2:]
	}
	t, err := newTarget(c, target, streams, p)
	if err != nil {
		return err
	}
	s, err := pipeline.Collect(c.Context(), t.source, p.begin)
	if err != nil {
		return err
	}
	p.end()
	answers := whoCan(rbac.NewIndex(s), question)
	if asJSON {
		err = printJSON(streams.Out, answers)
	} else {
		err = printWhoCan(streams.Out, answers)
	}
	if err != nil {
		return err
	}
	return seesRights(s)
}

// questionOf reads VERB and RESOURCE as kubectl users write them.
func questionOf(c *cobra.Command, args []string) (rbac.Question, error) {
	q := rbac.Question{Verb: args[0], Name: must(c.Flags().GetString("name"))}
	namespaces := must(c.Flags().GetStringSlice("namespace"))
	switch {
	case len(namespaces) > 1:
		return q, usageError(errors.New("a question is about one --namespace"), "")
	case strings.HasPrefix(args[1], "/"):
		q.Path = args[1]
		return q, nil
	case len(namespaces) == 1:
		q.Namespace = namespaces[0]
	}
	whole, subresource, _ := strings.Cut(args[1], "/")
	q.Resource, q.Group, _ = strings.Cut(whole, ".")
	q.Subresource = subresource
	if q.Resource == "" {
		return q, usageError(fmt.Errorf("%q names no resource", args[1]), "write it as pods, pods/exec or deployments.apps")
	}
	return q, nil
}

func whoCan(x *rbac.Index, q rbac.Question) []whoCanAnswer {
	answers := []whoCanAnswer{}
	for _, g := range x.WhoCan(q) {
		answers = append(answers, whoCanAnswer{
			Subject: g.Subject.String(), Binding: g.Binding.Node.ID, Role: g.Rule.Role, Rule: g.Rule.Value.Path(),
			Position: report.FormatPosition(g.Rule.Value.Position()),
		})
	}
	return answers
}

func printWhoCan(w io.Writer, answers []whoCanAnswer) error {
	if len(answers) == 0 {
		_, err := fmt.Fprintln(w, "Nobody, by any binding that was seen.")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "SUBJECT\tBINDING\tROLE\tRULE")
	for _, a := range answers {
		rule := a.Rule
		if a.Position != "" {
			rule = a.Position
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.Subject, report.NodeName(a.Binding), report.NodeName(a.Role), rule)
	}
	return table.Flush()
}

// seesRights tells when roles or bindings were not seen: then there may be more.
func seesRights(s *graph.Snapshot) error {
	for _, kind := range rbac.Kinds() {
		if !s.Sees(kind) {
			return &exitError{code: CodeIncomplete, err: fmt.Errorf("incomplete: %s could not be read, so there may be more", kind)}
		}
	}
	return nil
}
