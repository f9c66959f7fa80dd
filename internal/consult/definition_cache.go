package consult

import (
	"fmt"
	"sync"

	"folkmoot/internal/survey"
)

// parsed keeps definitions that were parsed before. A definition is named by the hash of its source and of nothing
// else, so that a kept one can never be out of date, on any instance.
type parsed struct {
	mu   sync.RWMutex
	byID map[string]*survey.Definition
}

// keptDefinitions bounds the memory: each takes about 100 KB.
const keptDefinitions = 64

func (p *parsed) get(version string) *survey.Definition {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.byID[version]
}

func (p *parsed) put(version string, d *survey.Definition) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byID == nil || len(p.byID) >= keptDefinitions {
		p.byID = map[string]*survey.Definition{}
	}
	p.byID[version] = d
}

// definition returns the definition of a published survey version as it was resolved then, whatever the bank says now. It is shared: callers that change it clone it.
func (s *Service) definition(r Reader, version string) (*survey.Definition, error) {
	if d := s.definitions.get(version); d != nil {
		return d, nil
	}
	source, err := r.SurveySource(version)
	if err != nil {
		return nil, fmt.Errorf("read survey version: %w", err)
	}
	d, err := survey.Thaw(source)
	if err != nil {
		return nil, fmt.Errorf("published survey version %s: %w", version, err)
	}
	s.definitions.put(version, d)
	return d, nil
}
