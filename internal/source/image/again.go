package image

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/foilsec/foil/internal/source/image/layer"
)

// again looks once more into a layer, for contents that only a link makes
// interesting, and remembers what it found as it does of whole layers.
func (s *stack) again(ctx context.Context, n int, names map[uint32][]string) ([]layer.File, error) {
	key := s.key(n) + " again"
	for _, entry := range slices.Sorted(maps.Keys(names)) {
		key += fmt.Sprintf(" %d %q", entry, names[entry])
	}
	if s.options.Cache != nil {
		var files []layer.File
		if kept, ok := s.options.Cache.Get(key); ok && json.Unmarshal(kept, &files) == nil {
			return files, nil
		}
	}
	files, err := layer.Again(ctx, s.reading(), s.blob(n), names)
	if err != nil {
		return nil, err
	}
	if s.options.Cache != nil {
		if kept, err := json.Marshal(files); err == nil { // what can't be kept is read again
			s.options.Cache.Put(key, kept)
		}
	}
	return files, nil
}
