package consult

import (
	"context"

	"folkmoot/internal/fault"
)

const (
	originSetting = "origin"
	originDemo    = `"demo"`
	originReal    = `"real"`
)

// ClaimOrigin marks an empty store as one for demonstration (s.Demo) or for real use, and refuses a store of the other sort: nobody's
// real data is shown under a demonstration's open doors, and nothing invented is mistaken for what residents said. An empty store is marked
// with the master key too, and a store of another key is refused. fresh is true where the store was empty. fault.Conflict otherwise.
func (s *Service) ClaimOrigin(ctx context.Context) (fresh bool, err error) {
	want := originReal
	if s.Demo {
		want = originDemo
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		fresh = false
		have, _, err := w.Setting(originSetting)
		switch {
		case err == nil && string(have) == want:
			return s.checkKey(w)
		case err == nil && s.Demo:
			return fault.New(fault.Conflict, "error.origin.real")
		case err == nil:
			return fault.New(fault.Conflict, "error.origin.demo")
		case !fault.Is(err, fault.NotFound):
			return err
		}
		data, err := holdsData(w)
		if err != nil {
			return err
		}
		if data && s.Demo {
			return fault.New(fault.Conflict, "error.origin.real") // made before stores were marked: taken for real
		}
		if data {
			if err := s.checkKey(w); err != nil {
				return err
			}
		} else if err := w.PutSetting(keySetting, []byte(s.keyMark()), 0); err != nil {
			return err
		}
		fresh = !data
		if err := w.PutSetting(originSetting, []byte(want), 0); err != nil {
			return err
		}
		return w.AppendAudit(event(system(), "store.claim", "store:main", "origin", want))
	})
	return fresh, err
}
