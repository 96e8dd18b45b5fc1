package cluster

import (
	"context"
	"errors"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/foilsec/foil/internal/graph"
)

// selectedNamespaces reads the selected Namespaces one by one for a user who
// may not list all of them: a Role in a namespace can allow to get it. It
// returns what to use in place of the failed list.
func (c *collection) selectedNamespaces(ctx context.Context, l *lister, r resource, listed []observed, listError error) ([]observed, error) {
	if !apierrors.IsForbidden(listError) {
		return listed, listError
	}
	var found []observed
	for _, name := range c.source.options.Namespaces {
		namespace, err := l.one(ctx, r, name)
		switch {
		case err == nil:
			found = append(found, namespace)
		case !apierrors.IsNotFound(err):
			// Others than the selected ones do not matter, this one does.
			listError = errors.Join(listError, err)
			return found, listError
		}
	}
	return found, nil
}

// one reads a single object that stands in no namespace.
func (l *lister) one(ctx context.Context, r resource, name string) (observed, error) {
	body, err := fetch(ctx, l.client.Get().AbsPath(r.path("")+"/"+name).SetHeader("Accept", acceptJSON))
	if err != nil {
		return observed{}, err
	}
	at := l.now()
	document, err := l.decoder.Object(body, r.decodeType())
	if err != nil {
		return observed{}, &decodeError{err}
	}
	return observed{document, at}, nil
}

// checkSelection makes a gap of each selected namespace that does not exist: an
// API server lists nothing for it without complaint.
func (c *collection) checkSelection() {
	if !c.allSeen {
		return
	}
	for _, name := range c.source.options.Namespaces {
		if !c.namespaces[name] {
			c.builder.AddGap(graph.Gap{
				Subject: "namespace " + name,
				Reason:  "there is no such namespace in this cluster; look at: kubectl get namespaces",
			})
		}
	}
}
