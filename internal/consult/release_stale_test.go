package consult_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// withdrawer picks the first of the crowd who did, or did not, agree to the equality questions.
func withdrawer(t *testing.T, all []*visit, consents bool) *visit {
	t.Helper()
	i := slices.IndexFunc(all, func(v *visit) bool { return v.consents == consents })
	if i < 0 {
		t.Fatalf("nobody in the crowd with consent %v", consents)
	}
	return all[i]
}

// since lists what the audit log says of the consultation after the newest draft of a release: what a test claims to be the only cause is.
func (w *world) since(t *testing.T, c *consult.Consultation, id string) (actions []string) {
	t.Helper()
	drafted := false
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(e privacy.AuditEvent) error {
			drafted = drafted || e.Object == "release:"+id
			if drafted && e.Object == "consultation:"+c.ID {
				actions = append(actions, e.Action)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

// staleCase is something that happens after the tables were counted. log is all that it leaves in the audit log about the consultation.
type staleCase struct {
	why    string
	tables []consult.TableSpec
	happen func(*testing.T, *world, *consult.Consultation, []*visit)
	log    []string
	stale  bool
}

var (
	withoutEquality = []consult.TableSpec{{Question: "heating"}}
	withEquality    = []consult.TableSpec{{Question: "heating"}, {Question: "heating", By: "sex"}}
)

func withdrawResponse(consents bool) func(*testing.T, *world, *consult.Consultation, []*visit) {
	return func(t *testing.T, w *world, _ *consult.Consultation, all []*visit) {
		if err := w.WithdrawResponse(t.Context(), withdrawer(t, all, consents).done.Code); err != nil {
			t.Fatal(err)
		}
	}
}

func restrict(on bool) func(*testing.T, *world, *consult.Consultation, []*visit) {
	return func(t *testing.T, w *world, _ *consult.Consultation, all []*visit) {
		t.Helper()
		must(t, w.Restrict(t.Context(), w.staff[consult.DPO], all[0].done.ResponseID, "r1", on, func(consult.Writer) error { return nil }))
	}
}

func withdrawConsent(t *testing.T, w *world, _ *consult.Consultation, all []*visit) {
	if _, err := w.WithdrawConsent(t.Context(), withdrawer(t, all, true).done.Code); err != nil {
		t.Fatal(err)
	}
}

func changeEquality(t *testing.T, w *world, c *consult.Consultation, all []*visit) {
	must(t, w.ChangeEquality(t.Context(), withdrawer(t, all, true).done.Code, c.ID, w.shown(t, withdrawer(t, all, true).done, otherSex)))
}

// The clock stands still: a withdrawal in the second of the snapshot counts too.
var staleCases = []staleCase{
	{"a whole response, of somebody who never was asked for consent", withoutEquality, withdrawResponse(false), []string{"response.withdraw"}, true},
	{"the same, where equality answers of others were counted", withEquality, withdrawResponse(false), []string{"response.withdraw"}, true},
	{"a whole response with its consent", withoutEquality, withdrawResponse(true), []string{"consent.withdrawn", "response.withdraw"}, true},
	{"equality consent alone: the response still counts, its equality answers do not", withEquality, withdrawConsent, []string{"consent.withdrawn"}, true},
	{"equality consent, where no equality answer was counted", withoutEquality, withdrawConsent, []string{"consent.withdrawn"}, false},
	{"refusing after having agreed is withdrawing", withEquality,
		func(t *testing.T, w *world, c *consult.Consultation, all []*visit) {
			w.consent(t, c, withdrawer(t, all, true).done.Code, false)
		}, []string{"consent.withdrawn"}, true},
	{"agreeing again does not undo it: the answers that were counted are gone", withEquality,
		func(t *testing.T, w *world, c *consult.Consultation, all []*visit) {
			withdrawConsent(t, w, c, all)
			w.consent(t, c, withdrawer(t, all, true).done.Code, true)
		}, []string{"consent.withdrawn", "consent.given"}, true},
	{"a withdrawal of long ago is found behind all that came after it", withoutEquality,
		func(t *testing.T, w *world, c *consult.Consultation, all []*visit) {
			withdrawResponse(false)(t, w, c, all)
			w.turn(time.Hour)
			for range 120 {
				w.crossed(t, c)
			}
		}, slices.Concat([]string{"response.withdraw"}, slices.Repeat([]string{"results.cross"}, 120)), true},
	{"refusing without having agreed withdraws nothing", withEquality,
		func(t *testing.T, w *world, c *consult.Consultation, all []*visit) {
			w.consent(t, c, withdrawer(t, all, false).done.Code, false)
		}, []string{"consent.refused"}, false},
	{"a withdrawal from another consultation", withEquality,
		func(t *testing.T, w *world, _ *consult.Consultation, _ []*visit) {
			other := w.open(t, "net-zero")
			withdrawResponse(true)(t, w, other, w.crowd(t, other, 10))
		}, nil, false},
	{"the use of a response is restricted (UK GDPR art. 18; the same after an objection, art. 21)", withoutEquality, restrict(true), []string{"response.restrict"}, true},
	{"an answer is corrected (UK GDPR art. 16): what was counted was not right", withoutEquality,
		func(t *testing.T, w *world, _ *consult.Consultation, all []*visit) {
			must(t, w.rectify(t, all[0].done.ResponseID, func(a survey.Answers) { delete(a, "heating") }))
		}, []string{"response.rectify"}, true},
	{"somebody changes equality answers (UK GDPR art. 5(1)(d); councils.md S3-18)", withEquality, changeEquality, []string{"equality.change"}, true},
	{"the same, where no equality answer was counted", withoutEquality, changeEquality, []string{"equality.change"}, false},
	{"the same, where equality answers were counted", withEquality, restrict(true), []string{"response.restrict"}, true},
	{"restricted and lifted again", withoutEquality,
		func(t *testing.T, w *world, c *consult.Consultation, all []*visit) {
			restrict(true)(t, w, c, all)
			restrict(false)(t, w, c, all)
		}, []string{"response.restrict", "response.lift"}, true},
	{"the consent statement says less or more: it may name the partner no more", withEquality,
		func(t *testing.T, w *world, c *consult.Consultation, _ []*visit) {
			w.change(t, c, nameNewcomer(true), proposal)
		}, []string{"notice.draft", "notice.edit", "screening.answer", "screening.decide", "notice.propose", "notice.confirm"}, true},
	{"officers at work", withEquality, func(t *testing.T, w *world, c *consult.Consultation, _ []*visit) { w.crossed(t, c) }, []string{"results.cross"}, false},
}

func (w *world) crossed(t *testing.T, c *consult.Consultation) {
	t.Helper()
	if _, err := w.CrossTab(t.Context(), w.staff[consult.Researcher], c.ID, "heating", "tenure"); err != nil {
		t.Fatal(err)
	}
}

// step is a way of a release towards the partner: ready brings it to the door, pass through it.
type step struct {
	name  string
	ready func(*testing.T, *world, *consult.Release)
	pass  func(*testing.T, *world, *consult.Release) error
}

var releaseSteps = []step{
	{"propose", func(*testing.T, *world, *consult.Release) {}, propose},
	{"propose again", func(t *testing.T, w *world, r *consult.Release) {
		must(t, propose(t, w, r))
		must(t, w.ReturnRelease(t.Context(), w.staff[consult.Approver], r.ID, w.release(t, r.ID).Version, "Look again"))
	}, propose},
	{"approve", func(t *testing.T, w *world, r *consult.Release) { must(t, propose(t, w, r)) }, approve(false)},
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func propose(t *testing.T, w *world, r *consult.Release) error {
	return w.ProposeRelease(t.Context(), w.staff[consult.Researcher], r.ID, w.release(t, r.ID).Version, checked)
}

func approve(public bool) func(*testing.T, *world, *consult.Release) error {
	return func(t *testing.T, w *world, r *consult.Release) error {
		return w.ApproveRelease(t.Context(), w.staff[consult.Approver], r.ID, w.release(t, r.ID).Version, public)
	}
}

// wantStale checks that the step is refused for this reason and no other, and leaves the release where it was.
func (w *world) wantStale(t *testing.T, why string, r *consult.Release, do func(*testing.T, *world, *consult.Release) error) {
	t.Helper()
	before := w.release(t, r.ID)
	err := do(t, w, r)
	want(t, err, fault.Conflict, why)
	var f *fault.Error
	if !errors.As(err, &f) || f.Key != "error.release.stale" {
		t.Errorf("%s: the reason is not clear: %v", why, err)
	}
	if after := w.release(t, r.ID); after.State != before.State || after.Version != before.Version {
		t.Errorf("%s: refused, yet it went from %s to %s", why, before.State, after.State)
	}
}

// Privacy.md 6, step 3: a withdrawal leaves every table that was not published. Each cause by itself, at each step.
func TestAWithdrawalMakesADraftStale(t *testing.T) {
	w := newWorld(t)
	for _, row := range staleCases {
		c := w.open(t, "net-zero")
		all := w.crowd(t, c, 14)
		a := w.agree(t)
		var at []*consult.Release // one release before each step
		for _, step := range releaseSteps {
			r := w.draftRelease(t, c, a, row.tables...)
			step.ready(t, w, r)
			at = append(at, r)
		}
		row.happen(t, w, c, all)
		if log := w.since(t, c, at[0].ID); !slices.Equal(log, row.log) {
			t.Fatalf("%s: the audit log has %q, want nothing but %q", row.why, log, row.log)
		}
		for i, step := range releaseSteps {
			if why := row.why + ": " + step.name; row.stale {
				w.wantStale(t, why, at[i], step.pass)
			} else if err := step.pass(t, w, at[i]); err != nil {
				t.Errorf("%s: %v", why, err)
			}
		}
		if row.stale {
			w.publish(t, w.draftRelease(t, c, a, row.tables...)) // made again it goes all the way
		}
	}
}

// What goes on the website is counted after the closing, when only the consent can still be withdrawn.
func TestAWithdrawalKeepsADraftOffTheWebsite(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	all := w.crowd(t, c, 14)
	w.turn(c.ClosesAt.Sub(w.clock()))
	a := w.agree(t)
	r := w.draftRelease(t, c, a, withEquality...)
	must(t, propose(t, w, r))
	withdrawConsent(t, w, c, all)
	w.wantStale(t, "on the website", r, approve(true))
	w.wantStale(t, "for the partner alone", r, approve(false))
	if _, err := w.PublicResults(t.Context(), c.Slug, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("on the website: %v", err)
	}
	again := w.draftRelease(t, c, a, withEquality...)
	must(t, propose(t, w, again))
	must(t, approve(true)(t, w, again))
}

// What was withdrawn before the snapshot is not in it, in the same second too.
func TestAnEarlierWithdrawalLeavesADraftAlone(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	all := w.crowd(t, c, 20)
	withdrawConsent(t, w, c, all)
	withdrawResponse(false)(t, w, c, all)
	r := w.publish(t, w.draftRelease(t, c, w.agree(t), withEquality...))
	if r.Responses != 19 {
		t.Errorf("%d responses were counted, want 19", r.Responses)
	}
}

// Somebody who answers after the snapshot is not in it, and takes nothing out of it.
func TestANewResponseLeavesADraftAlone(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 14)
	r := w.draftRelease(t, c, w.agree(t), withEquality...)
	w.crowd(t, c, 5)
	if r = w.publish(t, r); r.Responses != 14 {
		t.Errorf("%d responses were counted, want 14", r.Responses)
	}
}

// A draft with equality answers does not survive a change that takes its partner out of the consent statement (UK GDPR art. 9(2)(a)).
func TestAPartnerTakenOutOfTheConsentStatement(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	w.crowd(t, c, 14)
	a := w.agree(t)
	r := w.draftRelease(t, c, a, withEquality...)
	must(t, propose(t, w, r))
	w.change(t, c, func(p *privacy.Processing) {
		p.Partners, p.Purposes = nil, slices.Clone(p.Purposes)
		for i := range p.Purposes {
			if p.Purposes[i].Condition == privacy.ExplicitConsent {
				p.Purposes[i].Recipients = nil
			}
		}
	}, proposal)
	w.wantStale(t, "approve", r, approve(false))
	_, err := w.DraftRelease(t.Context(), w.staff[consult.Researcher], c.ID, a.ID, releaseTitle, withEquality)
	want(t, err, fault.Invalid, "nor is it made again")
}
