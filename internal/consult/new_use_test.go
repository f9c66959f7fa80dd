package consult_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

const newcomer = "Birch Research"

// partner adds an organisation with an agreement.
func (w *world) partner(t testing.TB, name string) *consult.Agreement {
	t.Helper()
	p, err := w.AddPartner(t.Context(), w.staff[consult.Approver], consult.Partner{Name: name, Kind: "company"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.AddAgreement(t.Context(), w.staff[consult.Approver], consult.Agreement{NotMarketing: true, PartnerID: p.ID, Purpose: "Research", Promises: "No re-identification",
		ContactName: "Bea", ContactEmail: "bea@example.org", StartsOn: w.clock().Format(time.DateOnly), ExpiresAt: w.clock().AddDate(2, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// nameNewcomer makes the newcomer a recipient of totals, with the equality answers among them or not.
func nameNewcomer(equality bool) func(*privacy.Processing) {
	return func(p *privacy.Processing) {
		p.Purposes = slices.Clone(p.Purposes)
		p.Purposes[0].Recipients = append(slices.Clone(p.Purposes[0].Recipients), privacy.Recipient{Name: newcomer, Form: privacy.Anonymous, Location: "United Kingdom"})
		if equality {
			p.Partners = append(slices.Clone(p.Partners), newcomer)
		}
	}
}

var (
	changeNote = locale.Text{locale.English: "Birch helps us plan.", locale.Welsh: "Mae Birch yn ein helpu i gynllunio."}
	proposal   = consult.ChangeProposal{Note: changeNote}
)

// change takes a change through both people.
func (w *world) change(t testing.TB, c *consult.Consultation, edit func(*privacy.Processing), p consult.ChangeProposal) *consult.NoticeChange {
	t.Helper()
	x := w.proposedChange(t, c, edit, p)
	if err := w.ConfirmChange(t.Context(), w.staff[consult.DPO], x.ID, x.Version); err != nil {
		t.Fatal(err)
	}
	return w.changeNow(t, x.ID)
}

func (w *world) proposedChange(t testing.TB, c *consult.Consultation, edit func(*privacy.Processing), p consult.ChangeProposal) *consult.NoticeChange {
	t.Helper()
	by := w.staff[consult.Researcher]
	x, err := w.DraftChange(t.Context(), by, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	after := x.After
	edit(&after)
	if err := w.SaveChange(t.Context(), by, x.ID, x.Version, after); err != nil {
		t.Fatal(err)
	}
	w.screen(t, c.ID)
	if err := w.ProposeChange(t.Context(), by, x.ID, x.Version+1, p); err != nil {
		found, _ := w.ChangeFindings(t.Context(), by, x.ID)
		t.Fatal(err, found)
	}
	return w.changeNow(t, x.ID)
}

func (w *world) changeNow(t testing.TB, id string) *consult.NoticeChange {
	t.Helper()
	x, err := w.Change(t.Context(), w.staff[consult.DPO], id)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// use returns what a person is asked about a part; nil for nothing.
func (w *world) use(t testing.TB, code string, part privacy.Part) *consult.NewUse {
	t.Helper()
	uses, err := w.NewUses(t.Context(), code, locale.English)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(uses, func(u consult.NewUse) bool { return u.Part == part })
	if i < 0 {
		return nil
	}
	return &uses[i]
}

func (w *world) choose(t testing.TB, code string, part privacy.Part, agree bool) privacy.ConsentState {
	t.Helper()
	u := w.use(t, code, part)
	if u == nil {
		t.Fatal("nothing is asked")
	}
	u2, err := w.DecideNewUse(t.Context(), code, consult.NewUseChoice{Part: part, Version: u.Version, Agree: agree, StatementHash: u.Statement.Hash, Language: locale.English})
	if err != nil {
		t.Fatal(err)
	}
	return u2.State
}

// events of the ledger about one response, of one purpose.
func (w *world) eventsOf(t testing.TB, responseID, purpose string) (out []privacy.ConsentEvent) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		all, err := r.ConsentEvents(w.Keys.PrincipalToken(responseID))
		for _, e := range all {
			if purpose == "" || e.PurposeID == purpose {
				out = append(out, e)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func states(events []privacy.ConsentEvent) (out []privacy.ConsentState) {
	for _, e := range events {
		out = append(out, e.State)
	}
	return out
}

// UK GDPR art. 5(1)(b), 13(3); councils.md S0-19: one person proposes a change of what is done with answers, another confirms it.
func TestChangingWhatIsDoneNeedsTwoPeople(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	by, approver := w.staff[consult.Researcher], w.staff[consult.Approver]
	x, err := w.DraftChange(t.Context(), by, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.DraftChange(t.Context(), by, c.ID)
	want(t, err, fault.Conflict, "one change at a time")
	draft := w.draft(t, "net-zero")
	_, err = w.DraftChange(t.Context(), by, draft.ID)
	want(t, err, fault.Conflict, "a draft is edited itself")
	want(t, w.ProposeChange(t.Context(), by, x.ID, x.Version, proposal), fault.Conflict, "nothing is different")
	after := x.After
	nameNewcomer(true)(&after)
	after.Uses = append(slices.Clone(after.Uses), locale.Text{locale.English: "plan services", locale.Welsh: "cynllunio gwasanaethau"})
	want(t, w.SaveChange(t.Context(), by, x.ID, x.Version+1, after), fault.Conflict, "an older version")
	if err := w.SaveChange(t.Context(), by, x.ID, x.Version, after); err != nil {
		t.Fatal(err)
	}
	w.screen(t, c.ID)
	want(t, w.ProposeChange(t.Context(), by, x.ID, x.Version+1, consult.ChangeProposal{Note: locale.Text{locale.English: "Only English"}}), fault.Invalid, "the note is for people in every language")
	want(t, w.ProposeChange(t.Context(), by, x.ID, x.Version+1, consult.ChangeProposal{Note: changeNote, ClosesAt: w.clock()}), fault.Invalid, "people are asked until a time in the future")
	want(t, w.ConfirmChange(t.Context(), approver, x.ID, x.Version+1), fault.Conflict, "not proposed yet")
	if err := w.ProposeChange(t.Context(), by, x.ID, x.Version+1, proposal); err != nil {
		t.Fatal(err)
	}
	want(t, w.SaveChange(t.Context(), by, x.ID, x.Version+2, after), fault.Conflict, "what is proposed stands still")
	want(t, w.ReturnChange(t.Context(), approver, x.ID, x.Version+2, " "), fault.Invalid, "a reason is needed")
	if err := w.ReturnChange(t.Context(), approver, x.ID, x.Version+2, "Which services?"); err != nil {
		t.Fatal(err)
	}
	both := *approver // somebody with both roles, over time
	both.ID, both.Role = by.ID, consult.Approver
	if err := w.ProposeChange(t.Context(), by, x.ID, x.Version+3, proposal); err != nil {
		t.Fatal(err)
	}
	want(t, w.ConfirmChange(t.Context(), &both, x.ID, x.Version+4), fault.Forbidden, "who proposed it does not confirm it")
	if now := w.reload(t, c.ID); now.NoticeVersion != 1 || slices.Contains(now.Processing.Partners, newcomer) {
		t.Error("a proposal changes nothing")
	}
	if waiting, err := w.ChangesWaiting(t.Context(), approver); err != nil || len(waiting) != 1 {
		t.Errorf("waiting: %v, %v", waiting, err)
	}
	if err := w.ConfirmChange(t.Context(), approver, x.ID, x.Version+4); err != nil {
		t.Fatal(err)
	}
	now := w.reload(t, c.ID)
	notice, err := w.Notice(t.Context(), now.NoticeID, 2)
	if err != nil || now.NoticeVersion != 2 || notice.Verify() != nil || !strings.Contains(notice.Plain(locale.Welsh), newcomer) {
		t.Errorf("version 2 of the notice names the partner: %v, version %d", err, now.NoticeVersion)
	}
	first, err := w.Notice(t.Context(), now.NoticeID, 1)
	if err != nil || first.Verify() != nil || strings.Contains(first.Plain(locale.English), newcomer) {
		t.Errorf("version 1 stays as it was: %v", err)
	}
	if err := w.EraseChange(t.Context(), by, x.ID); err == nil {
		t.Error("a confirmed change was erased")
	}
	d := now.Details
	d.Processing.Partners = nil
	want(t, w.SaveDetails(t.Context(), by, now.ID, now.Slug, now.Version, d), fault.Conflict, "there is no way round it")
	for _, action := range []string{"notice.draft", "notice.edit", "notice.return", "notice.confirm"} {
		if w.audited(t, action) != 1 {
			t.Errorf("%s is in the log %d times", action, w.audited(t, action))
		}
	}
}

func TestWhatAChangeMayNotDo(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	by := w.staff[consult.Researcher]
	x, err := w.DraftChange(t.Context(), by, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	version := x.Version
	for _, row := range []struct {
		why, key string
		edit     func(*privacy.Processing)
	}{
		{"responses are not kept longer than people were told (art. 5(1)(e); decision 38)", "change.finding.longer", func(p *privacy.Processing) { p.Retention = "P10Y" }},
		{"equality answers are kept twelve months at most (privacy.md 10.4)", "notice.lint.equality_period_long", func(p *privacy.Processing) { p.EqualityPeriod = "P13M" }},
		{"a category that no question asks about (art. 9(2)(a))", "change.finding.category", func(p *privacy.Processing) {
			p.Categories = append(slices.Clone(p.Categories), locale.Text{locale.English: "religion", locale.Welsh: "crefydd"})
		}},
		{"a category that is asked about has to be named", "readiness.category", func(p *privacy.Processing) { p.Categories = p.Categories[:1] }},
		{"a purpose without a basis (art. 13(1)(c))", "", func(p *privacy.Processing) {
			p.Purposes = slices.Clone(p.Purposes)
			p.Purposes[0].Basis = ""
		}},
	} {
		after := c.Processing
		row.edit(&after)
		if err := w.SaveChange(t.Context(), by, x.ID, version, after); err != nil {
			t.Fatal(err)
		}
		version++
		w.screen(t, c.ID)
		found, err := w.ChangeFindings(t.Context(), by, x.ID)
		blocked := slices.ContainsFunc(found, func(f consult.Finding) bool { return !f.Warn && (row.key == "" || f.Key == row.key) })
		if err != nil || !blocked {
			t.Errorf("%s: %+v, %v", row.why, found, err)
		}
		want(t, w.ProposeChange(t.Context(), by, x.ID, version, proposal), fault.Conflict, row.why)
	}
	if err := w.EraseChange(t.Context(), by, x.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.Change(t.Context(), by, x.ID)
	want(t, err, fault.NotFound, "it was erased")
}

// A program cannot tell whether other words say more; two people do (privacy.md 2, decision 3).
func TestChangedWordsAreJudged(t *testing.T) {
	reword := func(p *privacy.Processing) {
		p.Purposes = slices.Clone(p.Purposes)
		p.Purposes[0].Text = locale.Text{locale.English: "To learn what people think", locale.Welsh: "I ddysgu beth mae pobl yn ei feddwl"}
	}
	for _, row := range []struct {
		why, wider string
		asked      bool
	}{{"they mean the same", "no", false}, {"they mean more", "yes", true}} {
		w := newWorld(t)
		c := w.open(t, "resident-satisfaction")
		done := w.submit(t, c, answers())
		x, err := w.DraftChange(t.Context(), w.staff[consult.Researcher], c.ID)
		if err != nil {
			t.Fatal(err)
		}
		after := x.After
		reword(&after)
		if err := w.SaveChange(t.Context(), w.staff[consult.Researcher], x.ID, x.Version, after); err != nil {
			t.Fatal(err)
		}
		w.screen(t, c.ID)
		want(t, w.ProposeChange(t.Context(), w.staff[consult.Researcher], x.ID, x.Version+1, proposal), fault.Invalid, "somebody has to say what they mean")
		if err := w.EraseChange(t.Context(), w.staff[consult.Researcher], x.ID); err != nil {
			t.Fatal(err)
		}
		w.change(t, c, reword, consult.ChangeProposal{Note: changeNote, Wider: row.wider})
		u := w.use(t, done.Code, privacy.PartResponses)
		if (u != nil) != row.asked {
			t.Fatalf("%s: asked %v", row.why, u)
		}
		if row.asked && !strings.Contains(u.Statement.String(), "To learn what people think") {
			t.Errorf("%s: %s", row.why, u.Statement)
		}
	}
}

// TestNobodyMovesToANewUseSilently tries it each way, for the response and for the equality answers: councils.md S0-19; UK GDPR art. 5(1)(b), 7, 9(2)(a).
func TestNobodyMovesToANewUseSilently(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	agreement := w.partner(t, newcomer)
	old := w.crowd(t, c, 40)
	late := w.begin(t, c, old[0].answers) // began before the change, sends after it
	w.change(t, c, nameNewcomer(true), proposal)
	c = w.reload(t, c.ID)
	w.turn(time.Hour)
	fresh := w.crowd(t, c, 80)
	if _, err := w.SubmitResponse(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	heating, bySex := consult.TableSpec{Question: "heating"}, consult.TableSpec{Question: "heating", By: "sex"}
	count := func(specs ...consult.TableSpec) *consult.Release {
		t.Helper()
		r := w.draftRelease(t, c, agreement, specs...)
		if err := w.EraseReleaseDraft(t.Context(), w.staff[consult.Researcher], r.ID); err != nil {
			t.Fatal(err)
		}
		return r
	}
	exported := func(each func(context.Context, *consult.Staff, string, func(*consult.Response) error) error) (n int) {
		t.Helper()
		if err := each(t.Context(), w.staff[consult.Researcher], c.ID, func(*consult.Response) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	check := func(why string, in, agreed int) {
		t.Helper()
		r := count(heating)
		if r.Responses != in || r.Coverage.Agreed != agreed || r.Coverage.LeftOut != 121-in {
			t.Errorf("%s: %d counted, %+v; want %d, %d of them because they agreed", why, r.Responses, r.Coverage, in, agreed)
		}
		if got := exported(w.EachResponse); got != in {
			t.Errorf("%s: %d in the file for every use that the notice names now, want %d", why, got, in)
		}
		if got := exported(w.EachResponseAsTold); got != 121 {
			t.Errorf("%s: %d in the file for what each was told, want everybody", why, got)
		}
	}
	check("those who answered before are out, those who were told are in, and who began before the change was told the old notice", 80, 0)
	for _, v := range old[:5] {
		if w.choose(t, v.done.Code, privacy.PartResponses, true) != privacy.ConsentGiven {
			t.Error("agreed")
		}
	}
	check("who agreed is in", 85, 5)
	for _, v := range old[5:8] {
		w.choose(t, v.done.Code, privacy.PartResponses, false)
	}
	check("who refused is out", 85, 5)
	w.choose(t, old[5].done.Code, privacy.PartResponses, true)
	check("who refused may agree later", 86, 6)
	if w.choose(t, old[0].done.Code, privacy.PartResponses, false) != privacy.ConsentWithdrawn {
		t.Error("refusing what was agreed to is withdrawing it")
	}
	check("who took it back is out", 85, 5)

	// The equality answers by themselves.
	consenting := slices.IndexFunc(old, func(v *visit) bool { return v.consents && v != old[0] && v != old[1] })
	equality := func(all []*visit) int { return truth(all, func(v *visit) bool { return v.consents }) }
	oldIn := 0
	for _, v := range old[1:6] {
		if v.consents {
			oldIn++
		}
	}
	if everybody := (&consult.Release{SnapshotAt: c.ClosesAt}); !everybody.MayBePublic(c) {
		t.Error("tables of everybody, counted after closing, may be public")
	}
	if part := (&consult.Release{SnapshotAt: c.ClosesAt, Coverage: consult.ReleaseCoverage{Silent: 1}}); part.MayBePublic(c) {
		t.Error("tables without the equality answers of some would be read as those of all")
	}
	if r := count(heating, bySex); r.Coverage.Silent != oldIn || !r.Equality {
		t.Errorf("equality answers of %d people are left out although their responses are counted, want %d", r.Coverage.Silent, oldIn)
	}
	if equality(fresh) == 0 || oldIn == 0 || consenting < 0 {
		t.Fatal("the crowd is no test")
	}
	for _, v := range old[1:6] {
		if v.consents {
			w.choose(t, v.done.Code, privacy.PartEquality, true)
		}
	}
	if r := count(heating, bySex); r.Coverage.Silent != 0 || r.Coverage.Agreed != 5 {
		t.Errorf("who agreed about these too is in: %+v", r.Coverage)
	}
	if w.profiles(t, c) != equality(old)+equality(fresh) {
		t.Error("the answers themselves stay where they are, whatever people choose")
	}
	// The old partner was named to everybody.
	if r := w.draftRelease(t, c, w.agree(t), heating); r.Responses != 121 || r.Coverage != (consult.ReleaseCoverage{}) {
		t.Errorf("the partner that everybody was told of: %d, %+v", r.Responses, r.Coverage)
	}
	if u := w.use(t, fresh[0].done.Code, privacy.PartResponses); u != nil {
		t.Errorf("who was told is not asked: %+v", u)
	}
	progress, err := w.ChangeProgress(t.Context(), w.staff[consult.Researcher], w.changes(t, c)[0].ID)
	if err != nil || len(progress) != 2 {
		t.Fatal(progress, err)
	}
	if p := progress[0]; p.Asked != 41 || p.Agreed != 5 || p.Refused != 3 || p.Silent != 33 || p.Answered[1] != 41 {
		t.Errorf("responses: %+v", p)
	}
	if p := progress[1]; p.Asked != equality(old) || p.Agreed != oldIn || p.Refused != 0 || p.Silent != equality(old)-oldIn {
		t.Errorf("equality answers: %+v of %d", p, equality(old))
	}
}

func (w *world) changes(t testing.TB, c *consult.Consultation) []*consult.NoticeChange {
	t.Helper()
	all, err := w.Changes(t.Context(), w.staff[consult.Researcher], c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// UK GDPR art. 7(1), 7(3); privacy.md 3.5: every answer is an event of the ledger, with the version and the words that were shown.
func TestANewUseInTheLedger(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.submit(t, c, answers())
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		t.Fatal(err)
	}
	if uses, err := w.NewUses(t.Context(), done.Code, locale.English); err != nil || len(uses) != 0 {
		t.Errorf("nothing changed, nothing is asked: %v, %v", uses, err)
	}
	x := w.change(t, c, nameNewcomer(true), proposal)
	c = w.reload(t, c.ID)
	choice := consult.NewUseChoice{Part: privacy.PartResponses, Version: 2, Agree: true, StatementHash: "something else", Language: locale.English}
	_, err := w.DecideNewUse(t.Context(), done.Code, choice)
	want(t, err, fault.Conflict, "words that were not shown")
	choice.Version = 3
	_, err = w.DecideNewUse(t.Context(), done.Code, choice)
	want(t, err, fault.Closed, "a version that there is not")
	_, err = w.DecideNewUse(t.Context(), "0000-0000-0000-0000-0000", choice)
	want(t, err, fault.NotFound, "nobody's code")

	u := w.use(t, done.Code, privacy.PartResponses)
	if !slices.ContainsFunc(u.Notes, func(n locale.Text) bool { return n[locale.Welsh] == changeNote[locale.Welsh] }) {
		t.Errorf("why it changes is said: %v", u.Notes)
	}
	w.choose(t, done.Code, privacy.PartResponses, false)
	w.choose(t, done.Code, privacy.PartResponses, false)
	w.choose(t, done.Code, privacy.PartResponses, true)
	events := w.eventsOf(t, done.ResponseID, "new_use")
	if got := states(events); !slices.Equal(got, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentRefused, privacy.ConsentRequested, privacy.ConsentSuperseded, privacy.ConsentGiven}) {
		t.Errorf("the ledger says %v: a refusal once, and superseded by the agreement", got)
	}
	last := events[len(events)-1]
	if last.NoticeVersion != 2 || last.Statement != u.Statement.String() || last.StatementHash != u.Statement.Hash || last.Option != u.Statement.Agree || last.Actor != "self" ||
		!last.ValidUntil.Equal(privacy.AddPeriod(c.ClosesAt, privacy.Period{Months: 36})) || !last.Intact() {
		t.Errorf("the event: %+v", last)
	}
	if held, err := w.HeldByCode(t.Context(), done.Code, "net"); err != nil || held.Consent.State != privacy.ConsentGiven || len(held.Equality) == 0 || held.Consent.Notice != 1 {
		t.Errorf("saying anything about the response touches nothing of the equality consent: %+v, %v", held.Consent, err)
	}
	w.choose(t, done.Code, privacy.PartEquality, false)
	if held, err := w.HeldByCode(t.Context(), done.Code, "net"); err != nil || len(held.Equality) == 0 {
		t.Errorf("refusing the new use of equality answers keeps the old one: %v", err)
	}
	w.choose(t, done.Code, privacy.PartEquality, true)

	if err := w.EndAsking(t.Context(), w.staff[consult.DPO], x.ID, x.Version); err != nil {
		t.Fatal(err)
	}
	want(t, w.EndAsking(t.Context(), w.staff[consult.DPO], x.ID, x.Version+1), fault.Conflict, "it has ended")
	second := w.submit(t, c, answers())
	if u := w.use(t, second.Code, privacy.PartResponses); u != nil {
		t.Error("who was told is not asked")
	}
	if w.choose(t, done.Code, privacy.PartResponses, false) != privacy.ConsentWithdrawn {
		t.Error("an agreement can be taken back at any time, also when nobody is asked any more (art. 7(3))")
	}
	choice = consult.NewUseChoice{Part: privacy.PartResponses, Version: 2, Agree: true, StatementHash: u.Statement.Hash, Language: locale.English}
	_, err = w.DecideNewUse(t.Context(), done.Code, choice)
	want(t, err, fault.Closed, "nobody is asked any more")
	if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
		t.Fatal(err)
	}
	if got := states(w.eventsOf(t, done.ResponseID, "new_use_equality")); got[len(got)-1] != privacy.ConsentWithdrawn {
		t.Errorf("withdrawing consent ends what was agreed on it: %v", got)
	}
	if err := privacy.VerifyConsentChain(func(fn func(privacy.ConsentEvent) error) error {
		return w.Store.View(t.Context(), func(r consult.Reader) error { return r.EachConsentEvent(fn) })
	}); err != nil {
		t.Error(err)
	}
}

// Erasing a response ends what its person agreed to, and a run that closes by itself asks nobody any more.
func TestAskingEnds(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done, other := w.submit(t, c, answers()), w.submit(t, c, answers())
	until := w.clock().Add(48 * time.Hour)
	x := w.change(t, c, nameNewcomer(false), consult.ChangeProposal{Note: changeNote, ClosesAt: until})
	w.choose(t, done.Code, privacy.PartResponses, true)
	for _, row := range []struct {
		why   string
		at    time.Time
		asked bool
	}{{"a second before", until.Add(-time.Second), true}, {"exactly then", until, false}} {
		w.turn(row.at.Sub(w.clock()))
		if u := w.use(t, other.Code, privacy.PartResponses); (u != nil && u.Asked) != row.asked {
			t.Errorf("%s: asked %v", row.why, u)
		}
	}
	want(t, w.EndAsking(t.Context(), w.staff[consult.Researcher], x.ID, x.Version), fault.Conflict, "it has ended by itself")
	if err := w.WithdrawResponse(t.Context(), done.Code); err != nil {
		t.Fatal(err)
	}
	if got := states(w.eventsOf(t, done.ResponseID, "new_use")); !slices.Equal(got, []privacy.ConsentState{privacy.ConsentRequested, privacy.ConsentGiven, privacy.ConsentWithdrawn}) {
		t.Errorf("the ledger says %v", got)
	}
}

// Whoever agrees to the whole statement after deciding about the new use alone has one consent, which says everything: the earlier decision is no longer shown, no
// longer taken back alone, and what the page says is what releases do (UK GDPR art. 7(3)).
func TestDecidingAloneAndThenAboutTheWhole(t *testing.T) {
	for _, first := range []bool{true, false} {
		w := newWorld(t)
		c := w.open(t, "resident-satisfaction")
		done := w.consented(t, c)
		w.change(t, c, nameNewcomer(true), proposal)
		c = w.reload(t, c.ID)
		w.choose(t, done.Code, privacy.PartEquality, first)
		status := w.consent(t, c, done.Code, true)
		if first { // the agreement stands already, and the statement is agreed to again as a whole
			if status.Notice != 2 {
				t.Errorf("agreed alone and then to the whole: %+v", status)
			}
		}
		if u := w.use(t, done.Code, privacy.PartEquality); u != nil {
			t.Errorf("first %v: the page says %+v beside a consent that says it all", first, u)
		}
		_, err := w.DecideNewUse(t.Context(), done.Code, consult.NewUseChoice{Part: privacy.PartEquality, Version: 2, Language: locale.English})
		want(t, err, fault.Closed, "there is nothing to take back alone")
		if got := states(w.eventsOf(t, done.ResponseID, "new_use_equality")); got[len(got)-1] != privacy.ConsentSuperseded {
			t.Errorf("first %v: the ledger says %v", first, got)
		}
		if _, err := w.WithdrawConsent(t.Context(), done.Code); err != nil {
			t.Fatal(err)
		}
		if held, err := w.HeldByCode(t.Context(), done.Code, "net"); err != nil || held.Consent.State != privacy.ConsentWithdrawn || len(held.Equality) != 0 {
			t.Errorf("first %v: withdrawing takes all of it: %+v, %v", first, held.Consent, err)
		}
	}
}

// A question that somebody ended stays ended, whatever a later change asks about another part.
func TestALaterChangeAsksOnlyAboutItself(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "resident-satisfaction")
	done := w.consented(t, c)
	x := w.change(t, c, nameNewcomer(false), proposal)
	if u := w.use(t, done.Code, privacy.PartResponses); u == nil || !u.Asked {
		t.Fatal("the first change asks about the response")
	}
	must(t, w.EndAsking(t.Context(), w.staff[consult.DPO], x.ID, x.Version))
	w.change(t, c, func(p *privacy.Processing) { p.Partners = append(slices.Clone(p.Partners), newcomer) }, proposal)
	if u := w.use(t, done.Code, privacy.PartResponses); u != nil && u.Asked {
		t.Errorf("asked again about what was ended: %+v", u)
	}
	if u := w.use(t, done.Code, privacy.PartEquality); u == nil || !u.Asked {
		t.Errorf("about the equality answers they are asked: %+v", u)
	}
}
