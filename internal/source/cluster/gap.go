package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"unicode"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/foilsec/foil/internal/graph"
	"github.com/foilsec/foil/internal/source/cluster/decode"
)

// gapOf says that a resource could not be read, wholly or in one namespace.
func gapOf(r resource, namespace string, err error) graph.Gap {
	subject := r.title()
	if namespace != "" {
		subject += " in namespace " + namespace
	}
	return graph.Gap{Subject: subject, Reason: reason(r, namespace, err), Kinds: []graph.Kind{r.nodeKind()}}
}

// reason says why a list failed and what to do.
func reason(r resource, namespace string, err error) string {
	switch {
	case apierrors.IsForbidden(err):
		return fmt.Sprintf("this user may not list it; allow it with this rule in a %s: %s (deploy/rbac/foil-scan.yaml has the rules of all built-in kinds)", roleKind(namespace), rule(r))
	case apierrors.IsUnauthorized(err):
		return "the API server refused the credentials; log in again"
	case apierrors.IsNotFound(err):
		return "the API server announces it but does not serve it; repeat the scan, as a CustomResourceDefinition may have been removed meanwhile"
	case apierrors.IsMethodNotSupported(err):
		return "the API server announces that it can be listed, but refuses that: " + oneLine(err)
	case strings.Contains(err.Error(), "conversion webhook"):
		return fmt.Sprintf("its conversion webhook fails: %s; repair the webhook or look at: kubectl get crd %s -o yaml", oneLine(err), r.title())
	case apierrors.IsServiceUnavailable(err) && r.group != "":
		return fmt.Sprintf("the server behind it does not answer: %s; look at: kubectl get apiservice %s.%s", oneLine(err), r.version, r.group)
	case isTimeout(err):
		return "the API server did not answer in time; repeat the scan, with a longer --timeout if it stays so: " + oneLine(err)
	case errors.Is(err, decode.ErrSecretValues):
		return oneLine(err)
	case apierrors.ReasonForError(err) != "":
		return "the API server failed: " + oneLine(err) + "; repeat the scan, and look into the log of the API server if it stays so"
	}
	return oneLine(err)
}

// rule is the permission that is missing, as YAML on one line.
func rule(r resource) string {
	return fmt.Sprintf("{apiGroups: [%q], resources: [%q], verbs: [list]}", r.group, r.name)
}

func roleKind(namespace string) string {
	if namespace != "" {
		return "Role in namespace " + namespace
	}
	return "ClusterRole"
}

func isTimeout(err error) bool {
	var network net.Error
	return apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err) || errors.Is(err, context.DeadlineExceeded) ||
		errors.As(err, &network) && network.Timeout()
}

// explain adds what to do to an error that ends the scan.
func explain(err error) error {
	var network net.Error
	switch {
	case apierrors.IsUnauthorized(err):
		return fmt.Errorf("%w; the credentials are refused, log in again", err)
	case apierrors.IsForbidden(err):
		return fmt.Errorf("%w; bind the ClusterRole system:discovery to this user", err)
	case errors.As(err, &network):
		return fmt.Errorf("%w; is the cluster running, and the kubeconfig right?", err)
	}
	return err
}

// oneLine is the message of an error as a part of a sentence. It may come from
// a server of anyone's.
func oneLine(err error) string {
	const longest = 300
	text := strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}
