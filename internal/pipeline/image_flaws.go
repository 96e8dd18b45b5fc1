package pipeline

import (
	"context"
	"fmt"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/derive"
	"github.com/foilsec/foil/internal/derive/affected"
	"github.com/foilsec/foil/internal/source"
)

// PackageFlaw is one flaw of one package.
type PackageFlaw struct {
	ID   string
	PURL string
}

// ImageFlaws lists the flaws of the packages of an image, for comparing images
// with each other. A flaw that the distribution answers for counts once, at the
// package of the distribution.
func ImageFlaws(ctx context.Context, s source.Source, flaws derive.Deriver) ([]PackageFlaw, error) {
	snapshot, err := Collect(ctx, s, func(string) {}, flaws)
	if err != nil {
		return nil, err
	}
	var list []PackageFlaw
	for a, err := range artifact.Load(snapshot) {
		if err != nil {
			return nil, fmt.Errorf("list the flaws of an image: %w", err)
		}
		for i, node := range a.PackageNodes {
			for flaw, match := range affected.Of(snapshot, node) {
				if match.Accepted == "" {
					list = append(list, PackageFlaw{ID: flaw.ID, PURL: a.Packages[i].PURL})
				}
			}
		}
	}
	return list, nil
}
