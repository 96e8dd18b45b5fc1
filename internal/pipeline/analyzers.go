package pipeline

import (
	"github.com/foilsec/foil/internal/analyze"
	"github.com/foilsec/foil/internal/analyze/access"
	"github.com/foilsec/foil/internal/analyze/config"
	"github.com/foilsec/foil/internal/analyze/dockerfile"
	"github.com/foilsec/foil/internal/analyze/network"
	"github.com/foilsec/foil/internal/analyze/relation"
	"github.com/foilsec/foil/internal/rule/control"
)

// Cache keeps verdicts between runs.
type Cache = config.Cache

// AnalyzerOptions are what analyzers need besides content.
type AnalyzerOptions struct {
	Workers int   // 0: one for each processor
	Cache   Cache // nil: none
}

// Analyzers makes every analyzer of a scan and tells the content about their
// rules.
func Analyzers(c *Content, o AnalyzerOptions) ([]analyze.Analyzer, error) {
	set, err := control.Compile(c.Controls, c.Settings)
	if err != nil {
		return nil, err
	}
	list := []analyze.Analyzer{config.New(set, o.Workers, o.Cache), access.New(), network.New(), relation.New(), dockerfile.New()}
	c.Rules = nil
	for _, a := range list {
		c.Rules = append(c.Rules, a.Rules()...)
	}
	return list, nil
}
