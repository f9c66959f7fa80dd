package dpo_test

import (
	"strings"
	"testing"

	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/uitest"
)

// Use stops by itself while it is asked about, from the moment at which the response is known, and goes on when the person was told that it will, or took the request back (art. 18(3); privacy.md 5.1:
// "default: stop while considering", "in practice at once").
func TestUseStopsWhileItIsConsidered(t *testing.T) {
	const code = true
	for _, row := range []struct {
		why      string
		request  privacy.Request
		code     bool // told with the request; else later, to the officer
		decision privacy.Decision
		stops    bool
		after    bool // out of use after the outcome
	}{
		{"art. 21(1): an objection in the form, refused: until the person was told (art. 18(3))", privacy.Request{Kind: privacy.AskObject}, code, privacy.Refused, true, true},
		{"art. 21(1): upheld", privacy.Request{Kind: privacy.AskObject}, code, privacy.Granted, true, true},
		{"art. 21(1): upheld in part", privacy.Request{Kind: privacy.AskObject}, code, privacy.GrantedPartly, true, true},
		{"art. 21(1): taken back", privacy.Request{Kind: privacy.AskObject}, code, privacy.Withdrawn, true, false},
		{"art. 21(1): by telephone, and the code told later", privacy.Request{Kind: privacy.AskObject}, !code, privacy.Refused, true, true},
		{"art. 21(2), (3): marketing is another use, which ends at once", privacy.Request{Kind: privacy.AskObject, Marketing: true}, code, privacy.Granted, false, false},
		{"art. 18: asked for, and granted", privacy.Request{Kind: privacy.AskRestrict}, code, privacy.Granted, true, true},
		{"art. 18: asked for, and refused: until the person was told (art. 18(3))", privacy.Request{Kind: privacy.AskRestrict}, code, privacy.Refused, true, true},
		{"art. 18: by letter", privacy.Request{Kind: privacy.AskRestrict}, !code, privacy.Granted, true, true},
		{"art. 15: asking for a copy stops nothing", privacy.Request{Kind: privacy.AskAccess}, code, privacy.Granted, false, false},
		{"art. 16: a correction offers it, and does not do it unasked (art. 18(1)(a))", privacy.Request{Kind: privacy.AskRectify}, code, privacy.Granted, false, false},
		{"art. 17: erasure", privacy.Request{Kind: privacy.AskErase}, !code, privacy.Refused, false, false},
	} {
		w, ctx := newWorld(t), t.Context()
		used := func() bool {
			t.Helper()
			out, err := w.Service.Results(ctx, uitest.Researcher, w.c.ID)
			ok(t, err)
			return out.Responses == 1
		}
		var id string
		if row.code {
			c, err := w.desk.Receive(ctx, row.request, w.code, "n")
			ok(t, err)
			id = c.Entry.ID
		} else {
			r := row.request
			r.Received, r.Channel, r.Contact = "2026-03-28", privacy.ByTelephone, "01632 960 000"
			c, err := w.desk.Enter(ctx, officer, r)
			ok(t, err)
			if id = c.Entry.ID; c.Request.Restricted || !used() {
				t.Errorf("%s: stopped before anybody knew which response", row.why)
			}
			ok(t, w.desk.Identify(ctx, officer, id, c.Entry.Version, "2026-03-29", privacy.IdentityCode, w.code, ""))
		}
		x := w.read(t, id)
		if used() == row.stops || x.Request.Restricted != row.stops {
			t.Errorf("%s: used %v, restricted %v", row.why, used(), x.Request.Restricted)
		}
		steps, log := 0, w.audit(t)
		for _, s := range x.Request.Steps {
			if s.What == "request.restrict" {
				steps++
			}
		}
		if (steps == 1) != row.stops || strings.Contains(log, "response.restrict") != row.stops || strings.Contains(log, "request.restrict") != row.stops {
			t.Errorf("%s: %d steps; the log has the same events as when an officer does it", row.why, steps)
		}
		if x.Request.Kind == privacy.AskObject && (row.decision == privacy.Refused || row.decision == privacy.GrantedPartly) {
			x = w.weigh(t, id)
		}
		ok(t, w.desk.End(ctx, officer, id, x.Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: row.decision, Reasons: "We weighed it up."}))
		x = w.read(t, id)
		if used() == row.after || x.Request.Restricted != row.after {
			t.Errorf("%s: after %s used %v, restricted %v", row.why, row.decision, used(), x.Request.Restricted)
		}
		if lifted := strings.Contains(w.audit(t), "response.lift"); lifted != (row.stops && !row.after) {
			t.Errorf("%s: lifted %v", row.why, lifted)
		}
		if row.after {
			ok(t, w.desk.Lift(ctx, officer, id, x.Entry.Version, "2026-03-29"))
			if !used() || w.read(t, id).Request.Restricted {
				t.Errorf("%s: the person was told, and it is still held", row.why)
			}
		}
	}
}

// An objection and a request to restrict hold the same response: lifting the one leaves the other (art. 18).
func TestOneOfTwoIsLifted(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	for _, kind := range []privacy.RequestKind{privacy.AskRestrict, privacy.AskObject} {
		c, err := w.desk.Receive(ctx, privacy.Request{Kind: kind}, w.code, "n")
		ok(t, err)
		if kind == privacy.AskObject {
			c = w.weigh(t, c.Entry.ID)
			ok(t, w.desk.End(ctx, officer, c.Entry.ID, c.Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Refused, Reasons: "We weighed it up."}))
			ok(t, w.desk.Lift(ctx, officer, c.Entry.ID, w.read(t, c.Entry.ID).Entry.Version, "2026-03-29"))
		}
	}
	out, err := w.Service.Results(ctx, uitest.Researcher, w.c.ID)
	ok(t, err)
	if out.Responses != 0 {
		t.Error("the refusal of one request lifted the restriction of another")
	}
}

// A request that comes twice by the same form restricts once, and a response that is gone needs no holding.
func TestStoppedOnce(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	for range 2 {
		_, err := w.desk.ReceiveOnce(ctx, privacy.Request{Kind: privacy.AskObject}, w.code, "n", "the same form")
		ok(t, err)
	}
	if n := strings.Count(w.audit(t), "response.restrict"); n != 1 {
		t.Errorf("restricted %d times", n)
	}
	ok(t, w.Service.WithdrawResponse(ctx, w.code))
	open, _, err := w.desk.Cases(ctx, officer)
	ok(t, err)
	ok(t, w.desk.End(ctx, officer, open[0].Entry.ID, w.weigh(t, open[0].Entry.ID).Entry.Version, privacy.Outcome{On: "2026-03-29", Decision: privacy.Refused, Reasons: "It is gone."}))
}

// Another response that turns out to be theirs is held as soon as it is linked (art. 18), and both are used again when the person was told of a refusal.
func TestStoppedWhenLinked(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c, err := w.desk.Receive(ctx, privacy.Request{Kind: privacy.AskObject}, w.code, "n")
	ok(t, err)
	id, version := c.Entry.ID, func() int64 { return w.read(t, c.Entry.ID).Entry.Version }
	second := w.another(t, "Zzsecondottermentzz")
	number, err := w.desk.Search(ctx, officer, id, version(), privacy.SubjectQuery{Words: "zzsecondottermentzz"})
	ok(t, err)
	ok(t, w.desk.Decide(ctx, officer, id, version(), number, second, privacy.VerdictTheirs, ""))
	for _, want := range []bool{true, false} {
		out, err := w.Service.Results(ctx, uitest.Researcher, w.c.ID)
		ok(t, err)
		for _, l := range w.read(t, id).Request.Linked() {
			if l.Restricted != want {
				t.Errorf("held %v, want %v: %+v", l.Restricted, want, l)
			}
		}
		if (out.Responses == 0) != want {
			t.Errorf("%d responses are used, want held %v", out.Responses, want)
		}
		if want {
			w.weigh(t, id)
			ok(t, w.desk.End(ctx, officer, id, version(), privacy.Outcome{On: "2026-03-29", Decision: privacy.Refused, Reasons: "We weighed it up."}))
			ok(t, w.desk.Lift(ctx, officer, id, version(), "2026-03-29"))
		}
	}
}
