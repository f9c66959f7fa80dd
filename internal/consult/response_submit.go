package consult

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// SubmitResponse stores the response durably and returns its reference and withdrawal code. A draft that was stored before gives the
// same ones again, whatever it holds now (security.md T1). Answers off the path are dropped. fault.Closed after closing;
// fault.Invalid if a required answer is missing or an answer does not fit its question; fault.Forbidden unless the draft has passed the
// consultation's age gate (Draft.Ages); fault.Unavailable if it could not be
// stored: then nothing was.
func (s *Service) SubmitResponse(ctx context.Context, d *Draft) (Submitted, error) {
	return s.submit(ctx, d, arrival{channel: wayOf(ctx), entry: event(respondent(), "response.submit", "consultation:"+d.ConsultationID)})
}

// submit stores a response with its audit entry, which has no response id, language or channel of what was sent: with the time beside
// them they could tell who answered when.
func (s *Service) submit(ctx context.Context, d *Draft, a arrival) (Submitted, error) {
	if !tokenForm.MatchString(d.Token) {
		return Submitted{}, fault.New(fault.Invalid, "error.response.token")
	}
	council, err := s.Council(ctx)
	if err != nil {
		return Submitted{}, err
	}
	done := s.receiptFor(d.Token, council)
	r, err := s.newResponse(ctx, d, a, done)
	if fault.Is(err, fault.Invalid) {
		if reference, ok := s.stored(ctx, d.Token); ok {
			done.Repeated, done.Reference = true, reference
			return done, nil
		}
	}
	if err != nil {
		return Submitted{}, err
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		done.Repeated, done.Reference = false, r.Reference // fn may run more than once
		return s.addResponse(w, r, &done, a)
	})
	if err != nil {
		return Submitted{}, err
	}
	return done, nil
}

// receiptFor is what the holder of the submission token gets. All of it is derived from the token, so that a retry after a lost reply
// shows the same code and a stolen database holds none.
func (s *Service) receiptFor(token string, council privacy.Council) Submitted {
	return Submitted{
		ResponseID: s.Keys.ResponseIDFor(token),
		Reference:  s.Keys.ReferenceFor(token, council.ShortName),
		Code:       s.Keys.CodeFor(token),
	}
}

// stored returns the reference of the response that the submission token made, if there is one.
func (s *Service) stored(ctx context.Context, token string) (reference string, ok bool) {
	err := s.Store.View(ctx, func(r Reader) error {
		response, err := r.ResponseByToken(seal.TokenHash(token))
		if err == nil {
			reference = response.Reference
		}
		return err
	})
	return reference, err == nil
}

// newResponse validates and seals outside the transaction: transactions are short, and share commits.
func (s *Service) newResponse(ctx context.Context, d *Draft, a arrival, done Submitted) (*Response, error) {
	def, err := s.definitionOf(ctx, d.SurveyVersion)
	if err != nil {
		return nil, err
	}
	geography, err := s.Geography(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := d.validate(def, geography, a.recording != nil, nil)
	if err != nil {
		return nil, err
	}
	if !d.Language.Valid() {
		return nil, fault.New(fault.Invalid, "error.response.language")
	}
	r := &Response{
		ID: done.ResponseID, ConsultationID: d.ConsultationID, Reference: done.Reference, Channel: a.channel,
		TokenHash: seal.TokenHash(d.Token), CodeHash: s.Keys.CodeHash(done.Code),
		SurveyVersion: d.SurveyVersion, NoticeVersion: d.NoticeVersion, Language: d.Language, Ages: d.Ages,
	}
	var sealed map[string]string
	r.Answers, sealed = split(def, answers)
	texts, postcodes := apart(def, sealed)
	r.Flags = flagsOf(texts)
	if len(postcodes) > 0 {
		if err := s.sealPostcodes(ctx, r, postcodes); err != nil {
			return nil, err
		}
	}
	if len(texts) == 0 {
		return r, nil
	}
	return r, s.sealTexts(ctx, r, texts)
}

func (s *Service) definitionOf(ctx context.Context, version string) (def *survey.Definition, err error) {
	if def = s.definitions.get(version); def != nil {
		return def, nil
	}
	err = s.Store.View(ctx, func(r Reader) error {
		def, err = s.definition(r, version)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(err, fault.Invalid, "error.response.version")
	}
	return def, err
}

// addResponse is the transaction of SubmitResponse. The token decides first: a repeated draft is answered even after closing.
func (s *Service) addResponse(w Writer, r *Response, done *Submitted, a arrival) error {
	switch stored, err := w.ResponseByToken(r.TokenHash); {
	case err == nil:
		done.Repeated, done.Reference = true, stored.Reference // its prefix may be a setting that has changed since
		return nil
	case !fault.Is(err, fault.NotFound):
		return err
	}
	c, err := s.consultationIn(w, r.ConsultationID)
	if err != nil {
		return err
	}
	form, err := s.mayArrive(w, c, a)
	if err != nil {
		return err
	}
	if c.SurveyVersion != r.SurveyVersion || !slices.Contains(append(slices.Clone(c.Languages), locale.English), r.Language) {
		return fault.New(fault.Invalid, "error.response.version")
	}
	pinned := *r // fn may run more than once
	pinned.NoticeID = c.NoticeID
	if pinned.NoticeVersion, err = toldVersion(w, c, r.NoticeVersion); err != nil {
		return err
	}
	if pinned.Ages, err = c.Processing.Ages.Admit(r.Ages); err != nil { // however it came: by the pages, by telephone or past both
		return err
	}
	pinned.SubmittedOn = day(w.Now())
	if form != nil { // what the person was told, and when
		pinned.NoticeID, pinned.NoticeVersion = form.NoticeID, form.NoticeVersion
		pinned.SubmittedOn = cmp.Or(string(a.recording.ReceivedOn), pinned.SubmittedOn)
	}
	if err := w.AddResponse(&pinned); err != nil {
		return err
	}
	if form != nil {
		if err := s.capture(w, c, &pinned, a, form); err != nil {
			return err
		}
	}
	return w.AppendAudit(a.entry)
}

// mayArrive returns the form that a recorded response came on, nil for one that was sent.
func (s *Service) mayArrive(r Reader, c *Consultation, a arrival) (*privacy.IssuedForm, error) {
	if a.recording == nil {
		return nil, takesResponses(c, r.Now())
	}
	return s.checkRecording(r, c, a.recording)
}

// toldVersion is the version of the notice that a response pins: the one that was shown when its draft began, also where the notice has changed since.
// Where nobody knows, it is the first: that permits least.
func toldVersion(r Reader, c *Consultation, shown int) (int, error) {
	if shown == c.NoticeVersion {
		return shown, nil
	}
	h, _, err := history(r, c)
	if err != nil {
		return 0, err
	}
	if _, known := h.Of(shown); known {
		return shown, nil
	}
	return h[0].Version, nil
}

// sealTexts seals free text under a key of its own for each response. The key is stored first: a crash leaves a key without a
// record, which opens nothing and which the running program destroys (SweepKeys).
func (s *Service) sealTexts(ctx context.Context, r *Response, texts map[string]string) error {
	key, err := s.keyWith(ctx, r.ID, s.Keys.WordTags(r.ID, wordsOf(texts)))
	if err != nil {
		return err
	}
	r.FreeText, err = sealWithKey(key, r.ID, texts)
	return err
}

// sealWithKey seals the free text of a response.
func sealWithKey(key seal.RecordKey, id string, texts map[string]string) ([]byte, error) {
	plain, err := json.Marshal(texts)
	if err != nil {
		return nil, fmt.Errorf("encode free text: %w", err)
	}
	return seal.SealWith(key, plain, seal.Place("response", id, "free_text")), nil
}

// recordKey returns the key of a record, making it if there is none. A retry after a crash, and a second caller at the same moment,
// get the key that is there.
func (s *Service) recordKey(ctx context.Context, recordID string) (seal.RecordKey, error) {
	return s.keyWith(ctx, recordID, "")
}

// keyWith is recordKey for a record with the tags of the words of its text. A draft that is sent again after a crash may have other words: then the tags of
// the first time are forgotten, and made anew from what is stored (TagTexts).
func (s *Service) keyWith(ctx context.Context, recordID, tags string) (seal.RecordKey, error) {
	for {
		wrapped, err := s.Store.Keys().Key(ctx, recordID)
		switch {
		case err == nil:
			if tags != "" {
				if err := s.forgetTags(ctx, recordID); err != nil {
					return seal.RecordKey{}, err
				}
			}
			return s.Keys.Unwrap(wrapped, recordID)
		case !fault.Is(err, fault.NotFound):
			return seal.RecordKey{}, err
		}
		key, wrapped := s.Keys.NewRecordKey(recordID)
		err = s.Store.Keys().PutTextKey(ctx, recordID, wrapped, tags)
		if !fault.Is(err, fault.Conflict) {
			return key, err
		}
	}
}

// openTexts opens the free text of a response into its answers, whole: for the respondent and for the data protection officer, and for
// nobody else (guardTexts). wrapped is its record key; nil if it has no free text.
func (s *Service) openTexts(r *Response, wrapped []byte) error {
	if len(r.FreeText) == 0 {
		return nil
	}
	texts, _, err := s.unsealTexts(r, wrapped)
	if err != nil {
		return err
	}
	r.Answers, r.FreeText = join(r.Answers, texts), nil
	return nil
}

// unsealTexts returns the free text of a response by question, and the key that opens what else is sealed with it.
func (s *Service) unsealTexts(r *Response, wrapped []byte) (texts map[string]string, key seal.RecordKey, err error) {
	if key, err = s.Keys.Unwrap(wrapped, r.ID); err != nil {
		return nil, key, fmt.Errorf("open free text: %w", err)
	}
	plain, err := seal.OpenWith(key, r.FreeText, seal.Place("response", r.ID, "free_text"))
	if err != nil {
		return nil, key, fmt.Errorf("open free text: %w", err)
	}
	if err := json.Unmarshal(plain, &texts); err != nil {
		return nil, key, fmt.Errorf("open free text: %w", err)
	}
	return texts, key, nil
}

// takesResponses returns fault.Closed unless the consultation is open at the moment now.
func takesResponses(c *Consultation, now time.Time) error {
	switch c.Status(now) {
	case StatusOpen:
		return nil
	case StatusUpcoming:
		return fault.New(fault.Closed, "error.consultation.upcoming", "OpensAt", c.OpensAt)
	case StatusDraft:
		return fault.New(fault.NotFound, "error.consultation.unknown")
	}
	return fault.New(fault.Closed, "error.consultation.closed", "ClosesAt", c.ClosesAt)
}
