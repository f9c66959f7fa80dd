package dpo

import (
	"context"
	"maps"
	"slices"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Texts lists what the person of a request wrote in the response in hand, by question: what may hold passages about others. Numbers and dates hold none.
func Texts(all *consult.Everything) map[string]string {
	out := map[string]string{}
	for id, a := range all.Response.Answers {
		if q, ok := all.Definition.Question(id); a.Text != "" && (!ok || q.Kind != survey.Number && q.Kind != survey.Date) {
			out[id] = a.Text
		}
	}
	return out
}

// Redact leaves passages of the response in hand out of the person's copy, each on a ground and with a reason (DPA 2018 Sch. 2 para. 16; councils.md S3-10).
// Those with a question belong to its text; one without belongs to every text in which it stands. What was written does not change. fault.Invalid for a passage
// that stands nowhere.
func (d *Desk) Redact(ctx context.Context, by *consult.Staff, id string, version int64, passages []privacy.Redaction) error {
	c, all, err := d.Copy(ctx, by, id)
	if err != nil {
		return err
	}
	texts := Texts(all)
	var placed []privacy.Redaction
	for _, p := range passages {
		p.Response = c.Request.Response
		found := false
		for _, question := range slices.Sorted(maps.Keys(texts)) {
			if (p.Question == "" || p.Question == question) && p.In(texts[question]) {
				x := p
				x.Question, found = question, true
				placed = append(placed, x)
			}
		}
		if !found {
			return fault.New(fault.Invalid, "error.redact.nowhere").At("passage")
		}
	}
	return d.change(ctx, by, id, version, "request.redact", "", func(r *privacy.Request, _ privacy.Calendar) error { return r.Redact(placed) })
}

// Restore puts a passage that was left out back into the copy.
func (d *Desk) Restore(ctx context.Context, by *consult.Staff, id string, version int64, number int) error {
	return d.change(ctx, by, id, version, "request.restore", "", func(r *privacy.Request, _ privacy.Calendar) error { return r.Restore(number) })
}
