package consult

import (
	"context"
	"slices"
	"strconv"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// Receipt returns the receipt of the response with the code, with its signed files. It never holds an answer. fault.NotFound for an unknown
// code.
func (s *Service) Receipt(ctx context.Context, code string, lang locale.Lang) (privacy.SignedReceipt, error) {
	var facts privacy.ReceiptFacts
	err := s.Store.View(ctx, func(r Reader) error {
		response, c, err := s.byCode(r, code)
		if err != nil {
			return err
		}
		facts, err = s.receiptFacts(r, response, c)
		return err
	})
	if err != nil {
		return privacy.SignedReceipt{}, err
	}
	facts.Language, facts.Where = lang, s.withdrawAt(lang)
	facts.NoticeAt = s.in(lang, "/privacy/notices/"+facts.NoticeID+"/"+strconv.Itoa(facts.NoticeVersion))
	facts.VerifyAt = s.in(lang, "/receipt/verify")
	return privacy.SignReceipt(facts, s.Keys)
}

// in returns the address of a page in a language, as people read it.
func (s *Service) in(lang locale.Lang, path string) string {
	if lang == locale.Welsh {
		return s.Address + "/cy" + path
	}
	return s.Address + path
}

// receiptFacts gathers what a receipt says: what was told and agreed, and nothing that was answered.
func (s *Service) receiptFacts(r Reader, response *Response, c *Consultation) (f privacy.ReceiptFacts, err error) {
	h, _, err := history(r, c)
	if err != nil {
		return f, err
	}
	_, events, err := s.consentOf(r, response.ID)
	if err != nil {
		return f, err
	}
	people := newStandings(h, r.Now())
	st := people.of(response, events)
	processing, ok := people.holding(st)
	if !ok {
		processing = h[0].Processing
	}
	notice, err := r.Notice(response.NoticeID, st.responses) // that holds for the person
	if err != nil {
		return f, err
	}
	council, err := s.councilIn(r)
	if err != nil {
		return f, err
	}
	recorded, err := s.captureOf(r, response)
	if err != nil {
		return f, err
	}
	return privacy.ReceiptFacts{
		Reference: response.Reference, ConsultationID: c.ID, Title: c.Title, SurveyVersion: response.SurveyVersion,
		Date: response.SubmittedOn, Channel: string(response.Channel), Council: council, Processing: processing,
		NoticeID: notice.NoticeID, NoticeVersion: notice.Version, NoticeSHA256: notice.SHA256, Ages: response.Ages, At: r.Now(), Recorded: recorded.evidence(),
		Events: lastRecord(ofPurpose(events, EqualityPurpose)), NewUses: newUseEvents(events), State: statusOf(events, r.Now()).State,
	}, nil
}

// ReceiptKey is the public key that checks receipts: one line, for everybody.
func (s *Service) ReceiptKey() string { return s.Keys.NoteKey(seal.ReceiptSigner) }

// LedgerVerdict says whether the consent ledger holds what a genuine receipt names. The zero value: nobody looked, because the receipt is not
// genuine.
type LedgerVerdict string

// The verdicts.
const (
	LedgerHolds LedgerVerdict = "held" // every entry, unchanged
	LedgerLost  LedgerVerdict = "lost" // an entry is missing or altered
	LedgerNone  LedgerVerdict = "none" // the receipt names no entry: consent was not asked for
)

// ReceiptCheck is what the council says of a file that somebody says is a receipt.
type ReceiptCheck struct {
	privacy.CheckedReceipt
	Ledger LedgerVerdict
}

// CheckReceipt says what a file is and, of a genuine receipt, whether the consent ledger still holds the entries that it names. Anybody may ask:
// it tells nothing about what happened after the receipt was issued (docs/decisions/0034), keeps nothing and logs nothing. What is not genuine
// is never looked up, so that nobody can ask the ledger about entries of their own making.
func (s *Service) CheckReceipt(ctx context.Context, file []byte) (ReceiptCheck, error) {
	out := ReceiptCheck{CheckedReceipt: privacy.CheckReceipt(file, s.ReceiptKey())}
	if out.Verdict != privacy.Genuine {
		return out, nil
	}
	if out.Ledger = LedgerNone; len(out.Says.Hashes) == 0 {
		return out, nil
	}
	err := s.Store.View(ctx, func(r Reader) error {
		out.Ledger = LedgerHolds
		for i, hash := range out.Says.Hashes {
			events, err := r.ConsentRecord(out.Says.ConsultationID, out.Says.Records[i])
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(events, func(e privacy.ConsentEvent) bool { return e.Hash == hash && e.Intact() }) {
				out.Ledger = LedgerLost
			}
		}
		return nil
	})
	return out, err
}
