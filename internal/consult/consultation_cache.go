package consult

import "sync"

// versions keeps consultations that were read before. A version of a consultation never changes, and which version there is gets read
// every time, in the transaction that needs it: so a kept one is never out of date, on any instance. It saves decoding the
// texts of a consultation for every response.
type versions struct {
	mu   sync.RWMutex
	byID map[string]*Consultation
}

// keptConsultations bounds the memory: each takes about 30 KB.
const keptConsultations = 256

func (v *versions) get(id string, version int64) *Consultation {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if c := v.byID[id]; c != nil && c.Version == version {
		return c
	}
	return nil
}

func (v *versions) put(c *Consultation) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.byID == nil || len(v.byID) >= keptConsultations {
		v.byID = map[string]*Consultation{}
	}
	v.byID[c.ID] = c
}

// consultationIn returns a consultation inside a transaction. What it points to is shared: whoever changes it reads it by Reader.Consultation.
func (s *Service) consultationIn(r Reader, id string) (*Consultation, error) {
	version, err := r.ConsultationVersion(id)
	if err != nil {
		return nil, err
	}
	return s.versionIn(r, id, version)
}

func (s *Service) versionIn(r Reader, id string, version int64) (*Consultation, error) {
	if c := s.consultations.get(id, version); c != nil {
		shared := *c
		return &shared, nil
	}
	c, err := r.Consultation(id)
	if err != nil {
		return nil, err
	}
	kept := *c
	s.consultations.put(&kept)
	return c, nil
}

// bySlugIn is consultationIn for an address.
func (s *Service) bySlugIn(r Reader, slug string) (*Consultation, error) {
	id, version, err := r.ConsultationBySlugVersion(slug)
	if err != nil {
		return nil, err
	}
	return s.versionIn(r, id, version)
}
