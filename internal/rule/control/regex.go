package control

import (
	"regexp"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// cachedMatches declares matches(string, string) with a cache of compiled
// patterns behind it.
func cachedMatches() cel.EnvOption {
	cache := &regexCache{patterns: map[string]*cachedPattern{}}
	args := []*cel.Type{cel.StringType, cel.StringType}
	return cel.Function("matches",
		cel.Overload("matches", args, cel.BoolType),
		cel.MemberOverload("matches_string", args, cel.BoolType),
		cel.SingletonBinaryBinding(cache.matches),
	)
}

// regexCache keeps compiled patterns and what they said of short texts: an
// estate repeats the same names of variables, keys and images many times over.
// Patterns and texts that come from objects could be many, so there are limits.
type regexCache struct {
	mu       sync.RWMutex
	patterns map[string]*cachedPattern
}

const (
	maxCachedPatterns = 1000
	maxCachedTexts    = 2000 // for one pattern
	maxCachedText     = 64   // bytes
)

func (c *regexCache) matches(text, pattern ref.Val) ref.Val {
	s, ok := text.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(text)
	}
	p, ok := pattern.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(pattern)
	}
	compiled, err := c.compile(string(p))
	if err != nil {
		return types.NewErr("%v", err)
	}
	return types.Bool(compiled.match(string(s)))
}

func (c *regexCache) compile(pattern string) (*cachedPattern, error) {
	c.mu.RLock()
	p, ok := c.patterns[pattern]
	c.mu.RUnlock()
	if ok {
		return p, nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	p = &cachedPattern{re: re, seen: map[string]bool{}}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.patterns) < maxCachedPatterns {
		c.patterns[pattern] = p
	}
	return p, nil
}

// cachedPattern is a pattern with its answers so far.
type cachedPattern struct {
	re   *regexp.Regexp
	mu   sync.RWMutex
	seen map[string]bool
}

func (p *cachedPattern) match(text string) bool {
	if len(text) > maxCachedText {
		return p.re.MatchString(text)
	}
	p.mu.RLock()
	answer, known := p.seen[text]
	p.mu.RUnlock()
	if known {
		return answer
	}
	answer = p.re.MatchString(text)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.seen) < maxCachedTexts {
		p.seen[strings.Clone(text)] = answer // not to hold the document of text
	}
	return answer
}
