package consult

import (
	"context"
	"fmt"
	"sync"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// settingLife is how long a decoded setting is used again. Another instance's change shows after that; our own at once.
const settingLife = 5 * time.Second

// settings keeps decoded settings for a moment: every page needs the council's name.
type settings struct {
	mu   sync.Mutex
	kept map[string]keptSetting
}

type keptSetting struct {
	value   any
	version int64
	until   time.Time
}

func (k *settings) get(name string, now time.Time) (keptSetting, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	v, ok := k.kept[name]
	return v, ok && now.Before(v.until)
}

func (k *settings) put(name string, v keptSetting) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil {
		k.kept = map[string]keptSetting{}
	}
	k.kept[name] = v
}

func (k *settings) forget(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, name)
}

// setting returns a decoded setting. It is shared: nobody may change it. fault.NotFound if it was never set.
func (s *Service) setting(ctx context.Context, name string, decode func([]byte) (any, error)) (any, error) {
	now := s.Now()
	if v, ok := s.settings.get(name, now); ok {
		return v.value, nil
	}
	var out keptSetting
	err := s.Store.View(ctx, func(r Reader) error {
		raw, version, err := r.Setting(name)
		if err != nil {
			return err
		}
		value, err := decode(raw)
		if err != nil {
			return fmt.Errorf("decode setting %s: %w", name, err)
		}
		out = keptSetting{value, version, now.Add(settingLife)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.settings.put(name, out)
	return out.value, nil
}

// putSetting stores a setting. version is the one that was edited, or negative for whatever is there.
func (s *Service) putSetting(ctx context.Context, name string, raw []byte, version int64, e privacy.AuditEvent) error {
	defer s.settings.forget(name)
	return s.Store.Update(ctx, func(w Writer) error {
		expected := version
		if version < 0 {
			_, current, err := w.Setting(name)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			expected = current
		}
		if err := w.PutSetting(name, raw, expected); err != nil {
			return err
		}
		return w.AppendAudit(e)
	})
}
