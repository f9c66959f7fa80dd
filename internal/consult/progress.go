package consult

import "context"

// Progress is how many responses a consultation has: what everybody in the office may know.
type Progress struct {
	Responses int
	Today     int // received today, Europe/London
}

// Progress counts the responses to a consultation. It needs SeeConsultations and reads no answer.
func (s *Service) Progress(ctx context.Context, by *Staff, id string) (p Progress, err error) {
	if err := by.Allow(SeeConsultations); err != nil {
		return Progress{}, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		p = Progress{} // fn may run more than once
		days, err := r.ResponsesByDay(id)
		if err != nil {
			return err
		}
		for _, d := range days {
			p.Responses += d.Count
			if d.Day == day(r.Now()) {
				p.Today += d.Count
			}
		}
		return nil
	})
	return p, err
}
