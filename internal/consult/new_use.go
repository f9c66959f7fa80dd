package consult

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// NewUse is what one person who answered before is asked about a part, or has agreed to.
type NewUse struct {
	Part      privacy.Part
	Version   int                  // of the notice that has it
	Asked     bool                 // it may be decided now: Statement must be shown as it is
	Statement privacy.Statement    // empty unless Asked
	Notes     []locale.Text        // what changed since and why, in the words of those who decided it
	State     privacy.ConsentState // none, refused, given, withdrawn or expired
	At        time.Time            // UTC, of the last event; zero where there is none
}

// newUses are what a person is asked, and what they agreed to, part by part.
func (s *Service) newUses(r Reader, response *Response, c *Consultation, events []privacy.ConsentEvent, lang locale.Lang) (out []NewUse, err error) {
	h, changes, err := history(r, c)
	if err != nil || len(h) < 2 {
		return nil, err
	}
	council, err := s.councilIn(r)
	if err != nil {
		return nil, err
	}
	st := newStandings(h, r.Now()).of(response, events)
	for _, part := range privacy.Parts() {
		from, told := st.responses, response.NoticeVersion
		if part == privacy.PartEquality {
			from, told = st.equality, statusOf(events, r.Now()).Notice
		}
		asked := from != 0 && asking(changes, part, from, r.Now())
		now := NewUse{Part: part, Version: c.NoticeVersion, State: privacy.ConsentNone}
		seen := map[int]bool{}
		for _, a := range agreements(events, part, r.Now()) { // the newest first
			use := NewUse{Part: part, Version: a.last.NoticeVersion, State: a.state, At: a.last.At}
			switch {
			case seen[use.Version], use.Version <= told: // it is in the whole that they were told or agreed to later
			case use.Version == c.NoticeVersion:
				now = use
			case a.permits:
				out = append(out, use)
			}
			seen[use.Version] = true
		}
		if now.Asked = asked; asked {
			now.Statement, now.Notes = s.askAbout(council, c, h, changes, part, from, lang), notesSince(changes, from)
		}
		if asked || now.State != privacy.ConsentNone {
			out = append(out, now)
		}
	}
	return out, nil
}

// askAbout writes the question about everything that the part's newest version has and the version from, which holds for the person, has not.
func (s *Service) askAbout(council privacy.Council, c *Consultation, h privacy.History, changes []*NoticeChange, part privacy.Part, from int, lang locale.Lang) privacy.Statement {
	before, _ := h.Of(from)
	wider := slices.ContainsFunc(changes, func(x *NoticeChange) bool { return x.State == ChangeConfirmed && x.To > from && x.Wider })
	return privacy.NewUse{Part: part, Title: c.Title, Before: before, After: c.Processing, Wider: wider, Withdrawal: s.withdrawAt(lang)}.Statement(council, lang)
}

func notesSince(changes []*NoticeChange, from int) (out []locale.Text) {
	for _, x := range changes {
		if x.State == ChangeConfirmed && x.To > from {
			out = append(out, x.Note)
		}
	}
	return out
}

// NewUses returns what the person with the code is asked, and what they agreed to or refused. fault.NotFound for an unknown code.
func (s *Service) NewUses(ctx context.Context, code string, lang locale.Lang) (out []NewUse, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		response, c, err := s.byCode(r, code)
		if err != nil {
			return err
		}
		_, events, err := s.consentOf(r, response.ID)
		if err != nil {
			return err
		}
		out, err = s.newUses(r, response, c, events, lang)
		return err
	})
	return out, err
}

// NewUseChoice is what a person chose.
type NewUseChoice struct {
	Part          privacy.Part
	Version       int // of the notice
	Agree         bool
	StatementHash string // of the statement that was shown; not needed to take an agreement back
	Language      locale.Lang

	way Channel // by which it is decided
}

// DecideNewUse records that the person with the code agreed to a new use of the part, or refused it. Refusing what was agreed to is withdrawing, and
// possible at any time; repeating a decision records nothing. fault.Conflict if the statement is not the one that was shown, fault.Closed if nobody is
// asked any more, fault.NotFound for an unknown code.
func (s *Service) DecideNewUse(ctx context.Context, code string, choice NewUseChoice) (NewUse, error) {
	var out NewUse
	choice.way = wayOf(ctx)
	var ended string // the response whose equality answers must go
	err := s.Store.Update(ctx, func(w Writer) error {
		response, c, err := s.byCode(w, code)
		if err != nil {
			return err
		}
		_, events, err := s.consentOf(w, response.ID)
		if err != nil {
			return err
		}
		uses, err := s.newUses(w, response, c, events, choice.Language)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(uses, func(u NewUse) bool { return u.Part == choice.Part && u.Version == choice.Version })
		if i < 0 {
			return fault.New(fault.Closed, "error.new_use.ended")
		}
		out = uses[i]
		if err := s.decideNewUse(w, response, c, events, &out, choice); err != nil {
			return err
		}
		ended, err = s.withoutConsent(w, response, choice.Part)
		return err
	})
	if err != nil {
		return out, err
	}
	return out, s.afterAgreement(ctx, ended)
}

// withoutConsent returns the id of the response if its equality answers rest on no consent after a decision about the part, or "".
func (s *Service) withoutConsent(r Reader, response *Response, part privacy.Part) (string, error) {
	after, _, err := s.consentOf(r, response.ID)
	if err == nil && part == privacy.PartEquality && !privacy.Permits(after.State) {
		return response.ID, nil
	}
	return "", err
}

// afterAgreement makes sure that what was taken back does not come back with a backup, and erases the equality answers of the response ended, if any.
func (s *Service) afterAgreement(ctx context.Context, ended string) error {
	err := s.settle(ctx)
	if ended != "" {
		err = errors.Join(err, s.eraseEquality(ctx, ended))
	}
	return err
}

func (s *Service) decideNewUse(w Writer, response *Response, c *Consultation, events []privacy.ConsentEvent, use *NewUse, choice NewUseChoice) error {
	stands := privacy.Permits(use.State)
	switch {
	case choice.Agree && stands, !choice.Agree && use.State == privacy.ConsentRefused, !choice.Agree && !use.Asked && use.State == privacy.ConsentWithdrawn:
		return nil // as it stands
	case !choice.Agree && stands:
		return s.endAgreements(w, c, ending{events: events, part: choice.Part, version: use.Version, by: doing{actor: respondent(), by: "self", channel: string(choice.way)}}, use)
	case !use.Asked:
		return fault.New(fault.Closed, "error.new_use.ended")
	case use.Statement.Hash != choice.StatementHash:
		return fault.New(fault.Conflict, "error.consent.changed")
	}
	return s.recordNewUse(w, response, c, events, use, choice)
}

// recordNewUse begins a record: that it was asked, and what was decided. Earlier records about the part are superseded by one that agrees.
func (s *Service) recordNewUse(w Writer, response *Response, c *Consultation, events []privacy.ConsentEvent, use *NewUse, choice NewUseChoice) error {
	asked := s.consentEvent(response, c, use.Statement, seal.RandomUUID())
	asked.Channel = string(choice.way)
	asked.PurposeID, asked.State, asked.Reason = newUsePurpose[choice.Part], privacy.ConsentRequested, privacy.ReasonPurposeChanged
	if _, err := appendConsent(w, asked); err != nil {
		return err
	}
	decided := s.consentEvent(response, c, use.Statement, asked.RecordID)
	decided.Channel, decided.PurposeID, decided.State, decided.Option = asked.Channel, asked.PurposeID, privacy.ConsentRefused, use.Statement.Refuse
	if choice.Agree {
		until, err := s.agreedUntil(w, c, events, choice.Part)
		if err != nil {
			return err
		}
		decided.State, decided.Option, decided.ValidUntil = privacy.ConsentGiven, use.Statement.Agree, until
		if decided.Supersedes, err = s.supersede(w, events, choice.Part, choice.way); err != nil {
			return err
		}
	}
	stored, err := appendConsent(w, decided)
	if err != nil {
		return err
	}
	use.State, use.At = stored.State, stored.At
	return w.AppendAudit(event(respondent(), "newuse."+string(decided.State), "consultation:"+c.ID, "version", strconv.Itoa(use.Version), "part", string(choice.Part)))
}

// agreedUntil is until when an agreement holds: as long as responses are kept, or as long as the consent it belongs to; longer than that only where
// it is what was agreed.
func (s *Service) agreedUntil(r Reader, c *Consultation, events []privacy.ConsentEvent, part privacy.Part) (time.Time, error) {
	if part == privacy.PartResponses {
		return keptUntil(c)
	}
	status := statusOf(events, r.Now())
	h, _, err := history(r, c)
	if err != nil {
		return time.Time{}, err
	}
	from, _ := h.Of(h.Standing(part, status.Notice))
	longer := slices.ContainsFunc(privacy.CompareProcessing(from, c.Processing), func(d privacy.Difference) bool { return d.Kind == privacy.LongerEquality })
	until, err := validUntil(c)
	if err != nil || !longer || until.Before(status.Until) {
		return status.Until, err
	}
	return until, nil
}

// supersede ends the earlier records about the part that still say something, and returns the newest of them.
func (s *Service) supersede(w Writer, events []privacy.ConsentEvent, part privacy.Part, way Channel) (newest string, err error) {
	for _, a := range agreements(events, part, w.Now()) {
		if !privacy.CanFollow(a.state, privacy.ConsentSuperseded) {
			continue
		}
		e := following(a.last, privacy.ConsentSuperseded, "self", string(way))
		e.Reason = privacy.ReasonPurposeChanged
		if _, err := appendConsent(w, e); err != nil {
			return "", err
		}
		newest = cmp.Or(newest, a.last.RecordID)
	}
	return newest, nil
}

// following is an event that ends the record of the event e, with nothing that was shown or chosen.
func following(e privacy.ConsentEvent, state privacy.ConsentState, actor, channel string) privacy.ConsentEvent {
	return privacy.ConsentEvent{
		ID: seal.RandomID(), RecordID: e.RecordID, Principal: e.Principal, ConsultationID: e.ConsultationID, PurposeID: e.PurposeID, State: state,
		Channel: channel, Actor: actor, Language: e.Language, NoticeID: e.NoticeID, NoticeVersion: e.NoticeVersion, SurveyVersion: e.SurveyVersion,
	}
}

// ending says which agreements end: those of a person about a part, of one version of the notice or, where it is 0, of every one.
type ending struct {
	events  []privacy.ConsentEvent
	part    privacy.Part
	version int
	record  string // only this; empty for every one
	by      doing
}

func (e ending) ends(a agreement) bool {
	return a.permits && (e.version == 0 || e.version == a.last.NoticeVersion) && (e.record == "" || e.record == a.last.RecordID)
}

// endAgreements withdraws what somebody agreed to. use, if not nil, is told where it stands then.
func (s *Service) endAgreements(w Writer, c *Consultation, end ending, use *NewUse) error {
	all := agreements(end.events, end.part, w.Now())
	for _, a := range all {
		if !end.ends(a) {
			continue
		}
		if err := s.noteEnded(w, a, all, end.by); err != nil {
			return err
		}
		stored, err := appendConsent(w, following(a.last, privacy.ConsentWithdrawn, end.by.by, end.by.channel))
		if err != nil {
			return err
		}
		if use != nil {
			use.State, use.At = stored.State, stored.At
		}
		e := event(end.by.actor, newUseWithdrawn, "consultation:"+c.ID, "version", strconv.Itoa(a.last.NoticeVersion), "part", string(end.part))
		if err := w.AppendAudit(e); err != nil {
			return err
		}
	}
	return nil
}

// noteEnded notes for the list that an agreement was taken back, and those that it superseded: in a copy made before it they still stand.
func (s *Service) noteEnded(w Writer, ended agreement, all []agreement, by doing) error {
	for _, a := range all {
		if a.last.RecordID != ended.last.RecordID && a.state != privacy.ConsentSuperseded {
			continue
		}
		if err := s.noteErasure(w, Erasure{Kind: WithdrawnConsent, By: by.by, Channel: by.channel}, a.last.RecordID); err != nil {
			return err
		}
	}
	return nil
}
