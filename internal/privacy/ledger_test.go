package privacy_test

import (
	"errors"
	"testing"
	"time"

	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

var states = []privacy.ConsentState{privacy.ConsentNone, privacy.ConsentRequested, privacy.ConsentRefused, privacy.ConsentGiven, privacy.ConsentRenewed,
	privacy.ConsentWithdrawn, privacy.ConsentExpired, privacy.ConsentSuperseded, privacy.ConsentInvalidated}

// privacy.md 3.5: requested → refused | given → renewed → withdrawn | expired | superseded | invalidated. Rows are where
// consent stands, columns where it goes, both in the order of states.
func TestCanFollow(t *testing.T) {
	for i, row := range []struct{ why, want string }{
		{"none: nobody has been asked", "nyyynnnnn"},
		{"requested: yes, no, or the question goes away", "nnyynnnyy"},
		{"refused: free choice may change later", "nynynnnyn"},
		{"given", "nnnnyyyyy"},
		{"renewed, also again", "nnnnyyyyy"},
		{"withdrawn: only a new consent", "nynynnnnn"},
		{"expired: a new one, and withdrawing at any time (art. 7(3))", "nyyynynnn"},
		{"superseded: as expired", "nyyynynnn"},
		{"invalidated: as expired", "nyyynynnn"},
	} {
		for j, to := range states {
			if got := privacy.CanFollow(states[i], to); got != (row.want[j] == 'y') {
				t.Errorf("%s: %s to %s is %v", row.why, states[i], to, got)
			}
		}
		if privacy.CanFollow(states[i], "") || privacy.CanFollow("", states[i]) {
			t.Errorf("%s: the zero state takes part", row.why)
		}
	}
}

// art. 9(2)(a): only consent that was given and stands allows anything.
func TestPermits(t *testing.T) {
	for _, s := range append(states, "", "GIVEN") {
		if want := s == privacy.ConsentGiven || s == privacy.ConsentRenewed; privacy.Permits(s) != want {
			t.Errorf("%q permits: %v", s, !want)
		}
	}
}

// at makes an event some hours after now; given and renewed are valid for a day.
func at(hours int, state privacy.ConsentState) privacy.ConsentEvent {
	e := privacy.ConsentEvent{State: state, At: now.Add(time.Duration(hours) * time.Hour)}
	if privacy.Permits(state) {
		e.ValidUntil = e.At.Add(24 * time.Hour)
	}
	return e
}

func TestStateOf(t *testing.T) {
	forever := at(0, privacy.ConsentGiven)
	forever.ValidUntil = time.Time{}
	for _, row := range []struct {
		why    string
		events []privacy.ConsentEvent
		after  time.Duration
		want   privacy.ConsentState
	}{
		{"never asked", nil, 0, privacy.ConsentNone},
		{"asked", []privacy.ConsentEvent{at(0, privacy.ConsentRequested)}, time.Hour, privacy.ConsentRequested},
		{"refused (refusals are recorded too)", []privacy.ConsentEvent{at(0, privacy.ConsentRequested), at(0, privacy.ConsentRefused)}, time.Hour, privacy.ConsentRefused},
		{"given, at the very moment", []privacy.ConsentEvent{at(0, privacy.ConsentGiven)}, 0, privacy.ConsentGiven},
		{"before it was given", []privacy.ConsentEvent{at(0, privacy.ConsentGiven)}, -time.Second, privacy.ConsentNone},
		{"the last second of validity", []privacy.ConsentEvent{at(0, privacy.ConsentGiven)}, 24*time.Hour - time.Second, privacy.ConsentGiven},
		{"validity has ended without any event (privacy.md 3.1)", []privacy.ConsentEvent{at(0, privacy.ConsentGiven)}, 24 * time.Hour, privacy.ConsentExpired},
		{"no end of validity: fails closed", []privacy.ConsentEvent{forever}, time.Hour, privacy.ConsentExpired},
		{"renewed in time", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(23, privacy.ConsentRenewed)}, 30 * time.Hour, privacy.ConsentRenewed},
		{"renewed too late: consent had ended, so it must be given afresh", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(25, privacy.ConsentRenewed)}, 30 * time.Hour, privacy.ConsentExpired},
		{"renewal also ends", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(23, privacy.ConsentRenewed)}, 47 * time.Hour, privacy.ConsentExpired},
		{"withdrawn: at once (art. 7(3))", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(1, privacy.ConsentWithdrawn)}, time.Hour, privacy.ConsentWithdrawn},
		{"withdrawn after it ended", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(30, privacy.ConsentWithdrawn)}, 31 * time.Hour, privacy.ConsentWithdrawn},
		{"renewed after withdrawal: nothing to renew", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(1, privacy.ConsentWithdrawn), at(2, privacy.ConsentRenewed)}, 3 * time.Hour, privacy.ConsentWithdrawn},
		{"renewed after refusal", []privacy.ConsentEvent{at(0, privacy.ConsentRefused), at(1, privacy.ConsentRenewed)}, 2 * time.Hour, privacy.ConsentRefused},
		{"given afresh after withdrawal", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(1, privacy.ConsentWithdrawn), at(2, privacy.ConsentGiven)}, 3 * time.Hour, privacy.ConsentGiven},
		{"invalidated by the DPO", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(1, privacy.ConsentInvalidated)}, 2 * time.Hour, privacy.ConsentInvalidated},
		{"superseded by a new notice", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(1, privacy.ConsentSuperseded)}, 2 * time.Hour, privacy.ConsentSuperseded},
		{"refused without having been asked again: stops all the same", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(1, privacy.ConsentRefused)}, 2 * time.Hour, privacy.ConsentRefused},
		{"a second given changes nothing, not even the end of validity", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(23, privacy.ConsentGiven)}, 25 * time.Hour, privacy.ConsentExpired},
		{"a later withdrawal does not reach back (art. 7(3))", []privacy.ConsentEvent{at(0, privacy.ConsentGiven), at(2, privacy.ConsentWithdrawn)}, time.Hour, privacy.ConsentGiven},
	} {
		if got := privacy.StateOf(row.events, now.Add(row.after)); got != row.want {
			t.Errorf("%s: %s, want %s", row.why, got, row.want)
		}
	}
}

// ledger returns a chained ledger of two respondents.
func ledger() []privacy.ConsentEvent {
	s := privacy.ConsentStatement(council(), processing(), libraryHours, both[0], where)
	var out []privacy.ConsentEvent
	prev := ""
	for i, state := range []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentRefused, privacy.ConsentWithdrawn, privacy.ConsentRequested} {
		e := at(i, state)
		e.Sequence, e.ID, e.RecordID, e.Principal = int64(i+1), string(rune('a'+i)), "record", "principal"
		e.ConsultationID, e.PurposeID, e.Channel, e.Actor, e.Language = "c1", "equality", "web", "self", both[0]
		e.NoticeID, e.NoticeVersion, e.SurveyVersion, e.Option = "library-hours", 1, "v1", s.Agree
		e.Statement, e.StatementHash = s.String(), s.Hash
		if state == privacy.ConsentWithdrawn { // nothing is shown
			e.Statement, e.StatementHash = "", ""
		}
		e = e.Chain(prev)
		prev = e.Hash
		out = append(out, e)
	}
	return out
}

// each walks over events as the store does.
func each[E any](events []E) func(func(E) error) error {
	return func(f func(E) error) error {
		for _, e := range events {
			if err := f(e); err != nil {
				return err
			}
		}
		return nil
	}
}

// security.md T9: an edit, deletion, insertion or exchange in the ledger is found, and where.
func TestConsentChainShowsTampering(t *testing.T) {
	if err := privacy.VerifyConsentChain(each(ledger())); err != nil {
		t.Fatal(err)
	}
	edit := func(change func(*privacy.ConsentEvent)) func([]privacy.ConsentEvent) []privacy.ConsentEvent {
		return func(l []privacy.ConsentEvent) []privacy.ConsentEvent { change(&l[2]); return l }
	}
	for _, row := range []struct {
		why    string
		change func([]privacy.ConsentEvent) []privacy.ConsentEvent
		want   int64
	}{
		{"refusal turned into consent", edit(func(e *privacy.ConsentEvent) { e.State = privacy.ConsentGiven }), 3},
		{"validity made longer", edit(func(e *privacy.ConsentEvent) { e.ValidUntil = now.Add(9e9 * time.Second) }), 3},
		{"moved to another respondent", edit(func(e *privacy.ConsentEvent) { e.Principal = "other" }), 3},
		{"another record", edit(func(e *privacy.ConsentEvent) { e.RecordID = "other" }), 3},
		{"another consultation", edit(func(e *privacy.ConsentEvent) { e.ConsultationID = "c2" }), 3},
		{"another purpose", edit(func(e *privacy.ConsentEvent) { e.PurposeID = "marketing" }), 3},
		{"back-dated", edit(func(e *privacy.ConsentEvent) { e.At = e.At.Add(-time.Second) }), 3},
		{"another notice", edit(func(e *privacy.ConsentEvent) { e.NoticeVersion = 2 }), 3},
		{"another notice id", edit(func(e *privacy.ConsentEvent) { e.NoticeID = "x" }), 3},
		{"another statement", edit(func(e *privacy.ConsentEvent) { e.Statement += "!" }), 3},
		{"another statement with its hash", edit(func(e *privacy.ConsentEvent) { e.Statement += "!"; e.StatementHash = seal.Digest(e.Statement) }), 3},
		{"a hash without its statement", edit(func(e *privacy.ConsentEvent) { e.Statement = "" }), 3},
		{"another option", edit(func(e *privacy.ConsentEvent) { e.Option = "x" }), 3},
		{"another channel", edit(func(e *privacy.ConsentEvent) { e.Channel = "phone" }), 3},
		{"another actor", edit(func(e *privacy.ConsentEvent) { e.Actor = "officer" }), 3},
		{"another language", edit(func(e *privacy.ConsentEvent) { e.Language = both[1] }), 3},
		{"another survey version", edit(func(e *privacy.ConsentEvent) { e.SurveyVersion = "v2" }), 3},
		{"evidence put in", edit(func(e *privacy.ConsentEvent) { e.Evidence.Form = "script/1" }), 3},
		{"a reason put in", edit(func(e *privacy.ConsentEvent) { e.Reason = privacy.ReasonUnderAge }), 3},
		{"a record superseded put in", edit(func(e *privacy.ConsentEvent) { e.Supersedes = "other" }), 3},
		{"another id", edit(func(e *privacy.ConsentEvent) { e.ID = "z" }), 3},
		{"edited and hashed anew, the rest left", edit(func(e *privacy.ConsentEvent) { e.State = privacy.ConsentGiven; *e = e.Chain(e.PrevHash) }), 4},
		{"one taken out", func(l []privacy.ConsentEvent) []privacy.ConsentEvent { return append(l[:2], l[3:]...) }, 3},
		{"one taken out, the rest renumbered", func(l []privacy.ConsentEvent) []privacy.ConsentEvent {
			l = append(l[:2], l[3:]...)
			l[2].Sequence, l[3].Sequence = 3, 4
			return l
		}, 3},
		{"the first taken out", func(l []privacy.ConsentEvent) []privacy.ConsentEvent { return l[1:] }, 1},
		{"one put in", func(l []privacy.ConsentEvent) []privacy.ConsentEvent {
			return append(l[:2:2], append([]privacy.ConsentEvent{l[1]}, l[2:]...)...)
		}, 3},
		{"two exchanged", func(l []privacy.ConsentEvent) []privacy.ConsentEvent { l[1], l[2] = l[2], l[1]; return l }, 2},
	} {
		err := privacy.VerifyConsentChain(each(row.change(ledger())))
		var bad *privacy.ChainError
		if !errors.As(err, &bad) || bad.Sequence != row.want || bad.Log != "consent" {
			t.Errorf("%s: %v, want entry %d", row.why, err, row.want)
		}
	}
}

func TestAuditChainShowsTampering(t *testing.T) {
	log := func() []privacy.AuditEvent {
		var out []privacy.AuditEvent
		prev := ""
		for i, action := range []string{"consultation.create", "consultation.publish", "release.approve"} {
			e := privacy.AuditEvent{Sequence: int64(i + 1), At: now, Actor: privacy.Actor{Kind: "staff", ID: "s1"}, Action: action,
				Object: "consultation:c1", Detail: map[string]string{"version": "1", "rows": "2", "state": "open"}}.Chain(prev)
			prev = e.Hash
			out = append(out, e)
		}
		return out
	}
	if err := privacy.VerifyAuditChain(each(log())); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		why    string
		change func(*privacy.AuditEvent)
	}{
		{"another actor", func(e *privacy.AuditEvent) { e.Actor.ID = "s2" }},
		{"another kind of actor", func(e *privacy.AuditEvent) { e.Actor.Kind = "system" }},
		{"id moved into the kind", func(e *privacy.AuditEvent) { e.Actor = privacy.Actor{Kind: "staffs1"} }},
		{"another action", func(e *privacy.AuditEvent) { e.Action = "consultation.view" }},
		{"another object", func(e *privacy.AuditEvent) { e.Object = "consultation:c2" }},
		{"another time", func(e *privacy.AuditEvent) { e.At = now.Add(time.Second) }},
		{"a detail changed", func(e *privacy.AuditEvent) { e.Detail["rows"] = "3" }},
		{"a detail taken out", func(e *privacy.AuditEvent) { delete(e.Detail, "rows") }},
		{"a detail renamed", func(e *privacy.AuditEvent) { delete(e.Detail, "rows"); e.Detail["row"] = "2" }},
		{"a detail put in", func(e *privacy.AuditEvent) { e.Detail["x"] = "" }},
	} {
		l := log()
		row.change(&l[1])
		err := privacy.VerifyAuditChain(each(l))
		var bad *privacy.ChainError
		if !errors.As(err, &bad) || bad.Sequence != 2 || bad.Log != "audit" {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	if err := privacy.VerifyAuditChain(each[privacy.AuditEvent](nil)); err != nil {
		t.Errorf("an empty log: %v", err)
	}
}
