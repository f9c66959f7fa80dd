package dpo

import (
	"context"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// objectable says whether what is known to be the person's rests on a basis that gives a right to object.
func (d *Desk) objectable(ctx context.Context, r *privacy.Request) (out privacy.Objectable, err error) {
	ids := []string{r.ConsultationID}
	for _, l := range r.Linked() {
		ids = append(ids, l.ConsultationID)
	}
	err = d.Service.Store.View(ctx, func(read consult.Reader) error {
		out = privacy.ObjectUnknown
		for _, id := range ids {
			if id == "" {
				continue
			}
			c, err := read.Consultation(id)
			switch {
			case fault.Is(err, fault.NotFound):
				continue // it is known no more on what it rested
			case err != nil:
				return err
			case c.Processing.Objectable():
				out = privacy.ObjectYes
				return nil
			}
			out = privacy.ObjectNo
		}
		return nil
	})
	return out, err
}

// Balance records how an objection was weighed, before it is refused (art. 21(1)). Errors are those of privacy.Request.Balance; fault.Conflict if somebody was faster.
func (d *Desk) Balance(ctx context.Context, by *consult.Staff, id string, version int64, b privacy.Balancing) error {
	b.On = privacy.DateOf(d.Service.Now())
	c, err := d.Case(ctx, by, id)
	if err != nil {
		return err
	}
	object, err := d.objectable(ctx, &c.Request)
	if err != nil {
		return err
	}
	return d.change(ctx, by, id, version, "request.balance", "", func(r *privacy.Request, _ privacy.Calendar) error { return r.Balance(b, object) })
}
