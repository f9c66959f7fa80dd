package dpo

import (
	"slices"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// bySystem is who a step of a request was taken by that follows from the law and not from anybody's choice.
const bySystem = "system"

// follow notes what follows by law from a change of a request, and returns what does it in the transaction that stores the request: there is no moment at
// which the one is stored and the other not. Responses that are newly known to be the person's are held and not used where the request asks for that or
// while it is considered (UK GDPR art. 18(1)(d), 21(1)); use goes on where the person takes the request back. before are the responses that were known.
func (d *Desk) follow(r *privacy.Request, before []privacy.Link, ended bool, id string, actor privacy.Actor) (also []func(consult.Writer) error) {
	for _, l := range r.Linked() {
		known := slices.ContainsFunc(before, func(b privacy.Link) bool { return b.Response == l.Response })
		switch {
		case r.StopsUse() && !known && r.Hold(l.Response, true):
			also = append(also, d.hold(r, l.Response, true, id, actor))
		case !ended && r.Resumes() && r.Hold(l.Response, false):
			also = append(also, d.hold(r, l.Response, false, id, actor))
		}
	}
	return also
}

// hold writes the step, and returns what does it. The log names whose act brought it about, with the same events as when an officer does it. A response
// that its person has withdrawn in this moment needs no holding.
func (d *Desk) hold(r *privacy.Request, response string, hold bool, id string, actor privacy.Actor) func(consult.Writer) error {
	step := privacy.RequestStep{At: d.Service.Now().UTC(), By: bySystem, What: "request.lift"}
	if hold {
		step.What = "request.restrict"
	}
	r.Steps = append(r.Steps, step)
	return func(w consult.Writer) error {
		err := d.Service.RestrictIn(w, actor, response, id, hold)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if hold {
			return w.AppendAudit(privacy.NewAuditEvent(actor, "request.restrict", "request:"+id))
		}
		return w.AppendAudit(privacy.NewAuditEvent(actor, "request.lift", "request:"+id))
	}
}
