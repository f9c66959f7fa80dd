package dpo

import (
	"context"
	"errors"
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
// Those with a question belong to its text; one without belongs to every text in which it stands. What was written does not change, and no word of it comes
// into the request: only where the passage stands. fault.Invalid for a passage that stands nowhere.
func (d *Desk) Redact(ctx context.Context, by *consult.Staff, id string, version int64, passages []privacy.Passage) error {
	c, all, err := d.Copy(ctx, by, id)
	if err != nil {
		return err
	}
	texts := Texts(all)
	marks, err := d.Service.TextMarks(ctx, all.Response.ID, texts)
	if err != nil {
		return err
	}
	var placed []privacy.Redaction
	for _, p := range passages {
		if err := privacy.Within("passage", p.Words, privacy.MaxPassage); err != nil {
			return err
		}
		found := false
		for _, question := range slices.Sorted(maps.Keys(texts)) {
			if places := p.In(texts[question]); (p.Question == "" || p.Question == question) && len(places) > 0 {
				found = true
				placed = append(placed, privacy.Redaction{Response: c.Request.Response, Question: question, Places: places, Mark: marks[question], Ground: p.Ground, Reason: p.Reason})
			}
		}
		if !found {
			return fault.New(fault.Invalid, "error.redact.nowhere").At("passage")
		}
	}
	return d.change(ctx, by, id, version, "request.redact", "", func(r *privacy.Request, _ privacy.Calendar) error { return r.Redact(placed) })
}

// Gaps returns what the copy of the response in hand leaves out, in the texts as they are now. all is what Copy returned with the case.
func (d *Desk) Gaps(ctx context.Context, c *Case, all *consult.Everything) (out []privacy.Gap, err error) {
	texts := Texts(all)
	marks, err := d.Service.TextMarks(ctx, all.Response.ID, texts)
	if err != nil {
		return nil, err
	}
	for i, r := range c.Request.Redactions {
		if text, ok := texts[r.Question]; ok && r.Response == all.Response.ID {
			gap := r.GapIn(text, marks[r.Question])
			gap.Number = i
			out = append(out, gap)
		} else if r.Response == all.Response.ID && slices.ContainsFunc(all.Corrections, func(x consult.Correction) bool { return x.Before[r.Question].Text != "" }) {
			out = append(out, privacy.Gap{Redaction: r, Number: i, Whole: true}) // it stands in the history only
		}
	}
	return out, nil
}

// ForgetWords rewrites requests that hold words of respondents, from before passages were kept as places, or marks of postcodes from before those lay apart, so that no byte
// of those is left. It returns how
// many; what is interrupted is taken up by the next call.
func (d *Desk) ForgetWords(ctx context.Context) (rewritten int, problems error) {
	var all []*privacy.Entry
	err := d.Service.Store.View(ctx, func(r consult.Reader) error {
		open, err := r.OpenEntries(privacy.RegisterRequests)
		if err != nil {
			return err
		}
		ended, err := r.EndedEntries(privacy.RegisterRequests, consult.EveryEntry)
		all = append(open, ended...)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, e := range all {
		changed, err := d.forgetWords(ctx, e)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
			continue // disposed of, or changed by an officer: then the next call looks again
		}
		problems = errors.Join(problems, err)
		if changed && err == nil {
			rewritten++
		}
	}
	return rewritten, problems
}

func (d *Desk) forgetWords(ctx context.Context, e *privacy.Entry) (changed bool, err error) {
	var r privacy.Request
	if err := d.read(ctx, e, &r); err != nil {
		return false, err
	}
	changed = r.ForgetWords()
	for i, x := range r.Redactions {
		if x.Mark == privacy.NoMark {
			continue
		}
		stale, err := d.Service.StaleMark(ctx, x.Response, x.Question, x.Mark)
		if err != nil {
			return false, err
		}
		if stale {
			r.Redactions[i].Mark, changed = privacy.NoMark, true
		}
	}
	if !changed {
		return false, nil
	}
	if err := d.write(ctx, e, r); err != nil {
		return false, err
	}
	return true, d.Service.Store.Update(ctx, func(w consult.Writer) error {
		copied := *e // fn may run more than once
		if err := w.ReplaceEntry(&copied); err != nil {
			return err
		}
		return w.AppendAudit(privacy.NewAuditEvent(privacy.Actor{Kind: "system"}, "request.forget", "request:"+e.ID))
	})
}

// Restore puts a passage that was left out back into the copy.
func (d *Desk) Restore(ctx context.Context, by *consult.Staff, id string, version int64, number int) error {
	return d.change(ctx, by, id, version, "request.restore", "", func(r *privacy.Request, _ privacy.Calendar) error { return r.Restore(number) })
}
