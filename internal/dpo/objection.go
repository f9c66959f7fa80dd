package dpo

import (
	"context"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// objectable says whether what holds for the person of any response that is known to be theirs rests on a basis that gives a right to object (art. 21(1)): what they
// were told, and agreed to since, not what the consultation says now. Where nobody can say what holds, it does. Of responses that are gone nothing is used.
func (d *Desk) objectable(ctx context.Context, by *consult.Staff, r *privacy.Request) (out privacy.Objectable, err error) {
	out = privacy.ObjectUnknown
	for _, l := range r.Linked() {
		p, known, err := d.Service.HoldingFor(ctx, by, l.Response)
		switch {
		case fault.Is(err, fault.NotFound):
			continue
		case err != nil:
			return privacy.ObjectUnknown, err
		case !known || p.Objectable():
			return privacy.ObjectYes, nil
		}
		out = privacy.ObjectNo
	}
	return out, nil
}

// Balance records how an objection was weighed, before it is refused (art. 21(1)). Errors are those of privacy.Request.Balance; fault.Conflict if somebody was faster.
func (d *Desk) Balance(ctx context.Context, by *consult.Staff, id string, version int64, b privacy.Balancing) error {
	b.On = privacy.DateOf(d.Service.Now())
	c, err := d.Case(ctx, by, id)
	if err != nil {
		return err
	}
	object, err := d.objectable(ctx, by, &c.Request)
	if err != nil {
		return err
	}
	return d.change(ctx, by, id, version, "request.balance", "", func(r *privacy.Request, _ privacy.Calendar) error { return r.Balance(b, object) })
}
