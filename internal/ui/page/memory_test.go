package page_test

import (
	"context"
	"sync"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
)

// memoryRows keeps sessions for the tests of this package only; the program keeps them in its database.
type memoryRows struct {
	mu    sync.Mutex
	rows  map[string]consult.Session
	down  bool // every call fails, as when the database is locked
	calls int

	afterLoad func() // what another request does meanwhile
}

func newRows() *memoryRows { return &memoryRows{rows: map[string]consult.Session{}} }

func (m *memoryRows) enter() error {
	m.mu.Lock()
	m.calls++
	if m.down {
		return fault.New(fault.Unavailable, "error.unavailable")
	}
	return nil
}

func (m *memoryRows) Session(_ context.Context, idHash string) (*consult.Session, error) {
	defer m.mu.Unlock()
	if err := m.enter(); err != nil {
		return nil, err
	}
	row, ok := m.rows[idHash]
	if !ok {
		return nil, fault.New(fault.NotFound, "error.text.not_found")
	}
	if m.afterLoad != nil {
		m.afterLoad()
	}
	return &row, nil
}

func (m *memoryRows) AddSession(_ context.Context, s *consult.Session) error {
	defer m.mu.Unlock()
	if err := m.enter(); err != nil {
		return err
	}
	m.rows[s.IDHash] = *s
	return nil
}

func (m *memoryRows) UpdateSession(_ context.Context, s *consult.Session) error {
	defer m.mu.Unlock()
	if err := m.enter(); err != nil {
		return err
	}
	if _, ok := m.rows[s.IDHash]; !ok {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	m.rows[s.IDHash] = *s
	return nil
}

func (m *memoryRows) TouchSession(_ context.Context, idHash string, seen, expires time.Time) error {
	defer m.mu.Unlock()
	if err := m.enter(); err != nil {
		return err
	}
	row, ok := m.rows[idHash]
	if !ok {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	row.SeenAt, row.ExpiresAt = seen, expires
	m.rows[idHash] = row
	return nil
}

func (m *memoryRows) RotateSession(_ context.Context, old string, s *consult.Session) error {
	defer m.mu.Unlock()
	if err := m.enter(); err != nil {
		return err
	}
	if _, ok := m.rows[old]; !ok {
		return fault.New(fault.NotFound, "error.text.not_found")
	}
	delete(m.rows, old)
	m.rows[s.IDHash] = *s
	return nil
}

func (m *memoryRows) EraseSession(_ context.Context, idHash string) error {
	defer m.mu.Unlock()
	if err := m.enter(); err != nil {
		return err
	}
	delete(m.rows, idHash)
	return nil
}

func (m *memoryRows) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.rows)
}
