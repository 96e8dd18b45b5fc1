package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/foilsec/foil/internal/artifact"
	"github.com/foilsec/foil/internal/feed/vex"
	"github.com/foilsec/foil/internal/finding"
)

// Statements is what publishers state about flaws, in files that a user names
// and in documents that travel inside of images. Files win.
type Statements struct {
	files *vex.Set

	mu     sync.Mutex
	inside map[string]*vex.Set // by reference of the artifact
}

// LoadStatements reads files and folders of statements.
func LoadStatements(paths []string) (*Statements, error) {
	var all []vex.Statement
	for _, path := range paths {
		err := filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			list, err := statementsOf(file)
			if errors.Is(err, vex.ErrNotVEX) && file != path {
				return nil // something else in the folder
			}
			all = append(all, list...)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("--vex %s: %w", path, err)
		}
	}
	return &Statements{files: vex.NewSet(all), inside: map[string]*vex.Set{}}, nil
}

func statementsOf(path string) ([]vex.Statement, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > vex.MostBytes {
		return nil, fmt.Errorf("%s is larger than %d MB", path, vex.MostBytes>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	list, _, err := vex.Read(data, path)
	return list, err
}

// For implements vuln.Statements.
func (s *Statements) For(a *artifact.Artifact, p *artifact.Package, ids []string) *finding.VEX {
	if v := s.files.For(a, p, ids); v != nil {
		return v
	}
	if len(a.Documents) == 0 {
		return nil
	}
	return s.of(a).For(a, p, ids)
}

func (s *Statements) of(a *artifact.Artifact) *vex.Set {
	s.mu.Lock()
	defer s.mu.Unlock()
	set, ok := s.inside[a.Reference]
	if !ok {
		list, _ := vex.FromArtifact(a) // what can't be read suppresses nothing
		set = vex.NewSet(list)
		s.inside[a.Reference] = set
	}
	return set
}
