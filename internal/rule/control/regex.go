package control

import (
	"regexp"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// cachedMatches declares matches(string, string) with a cache of compiled
// patterns behind it.
func cachedMatches() cel.EnvOption {
	cache := &regexCache{patterns: map[string]*regexp.Regexp{}}
	args := []*cel.Type{cel.StringType, cel.StringType}
	return cel.Function("matches",
		cel.Overload("matches", args, cel.BoolType),
		cel.MemberOverload("matches_string", args, cel.BoolType),
		cel.SingletonBinaryBinding(cache.matches),
	)
}

// regexCache keeps compiled patterns. Patterns that come from objects could be
// without number, so it stops keeping at a fixed size.
type regexCache struct {
	mu       sync.RWMutex
	patterns map[string]*regexp.Regexp
}

const maxCachedPatterns = 1000

func (c *regexCache) matches(text, pattern ref.Val) ref.Val {
	s, ok := text.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(text)
	}
	p, ok := pattern.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(pattern)
	}
	re, err := c.compile(string(p))
	if err != nil {
		return types.NewErr("%v", err)
	}
	return types.Bool(re.MatchString(string(s)))
}

func (c *regexCache) compile(pattern string) (*regexp.Regexp, error) {
	c.mu.RLock()
	re, ok := c.patterns[pattern]
	c.mu.RUnlock()
	if ok {
		return re, nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.patterns) < maxCachedPatterns {
		c.patterns[pattern] = re
	}
	return re, nil
}
