package consult

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

// MaxConfidentiality is the most characters of a statement of confidentiality in one language.
const MaxConfidentiality = 5_000

// Confidentiality is one version of what staff accept before they work in the office (councils.md S2-5: genuine business need, authorised
// manner, duty of confidentiality).
type Confidentiality struct {
	Number int64       // from 1; 0 for the standard words while nobody has accepted them
	Text   locale.Text // Markdown
	Own    bool        // the council's own words, not the standard ones
	Hash   string      // SHA-256 of the text in every language, in hex
	At     time.Time   // UTC, from which it was kept; zero for Number 0
}

func confidentialityHash(t locale.Text) string {
	var fields []string
	for _, lang := range locale.Langs() {
		if t[lang] != "" {
			fields = append(fields, string(lang), t[lang])
		}
	}
	return seal.Digest(string(seal.Canonical(fields...)))
}

// Confidentiality returns what staff have to accept now: the council's own words where there are any, else the standard ones.
func (s *Service) Confidentiality(ctx context.Context) (c *Confidentiality, err error) {
	err = s.Store.View(ctx, func(r Reader) error {
		c, err = confidentialityIn(r)
		return err
	})
	return c, err
}

func confidentialityIn(r Reader) (*Confidentiality, error) {
	standard := &Confidentiality{Text: privacy.ConfidentialityStatement()}
	standard.Hash = confidentialityHash(standard.Text)
	kept, err := r.Confidentiality(standard.Hash)
	if fault.Is(err, fault.NotFound) {
		return standard, nil
	}
	return kept, err
}

// hasAccepted reports whether the person has accepted what holds now. A later version that was accepted counts too: an older program that knows
// older standard words asks nobody again.
func hasAccepted(r Reader, member *Staff) (bool, error) {
	c, err := confidentialityIn(r)
	return err == nil && c.Number > 0 && member.Acknowledged >= c.Number, err
}

// Acknowledge records that a member of staff accepts the statement with the hash. Accepting it twice is no error. fault.Conflict if another
// one holds by now: nobody accepts what they have not seen.
func (s *Service) Acknowledge(ctx context.Context, by *Staff, hash string) error {
	if err := by.Allow(EnterOffice); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		c, err := confidentialityIn(w)
		if err != nil {
			return err
		}
		if c.Hash != hash {
			return fault.New(fault.Conflict, "error.confidentiality.changed")
		}
		member, err := w.StaffMember(by.ID)
		if err != nil {
			return err
		}
		if c.Number > 0 && member.Acknowledged >= c.Number {
			return nil
		}
		if c.Number == 0 { // the standard words are kept once somebody relies on them: a later program may bring others
			if err := w.AddConfidentiality(c); err != nil {
				return err
			}
		}
		if err := w.AddAcknowledgement(by.ID, c.Number); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "staff.acknowledge", "staff:"+by.ID, "version", fmt.Sprint(c.Number)))
	})
}

// SaveConfidentiality makes the text the one that staff accept from their next request on. number is that of the one that was edited.
// fault.Invalid, with the field, for a text that is missing in a language of the council, too long or unchanged; fault.Conflict if somebody
// was faster.
func (s *Service) SaveConfidentiality(ctx context.Context, by *Staff, number int64, text locale.Text) error {
	if err := by.Allow(KeepRegisters); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(w Writer) error {
		council, err := s.councilIn(w)
		if err != nil {
			return err
		}
		before, err := confidentialityIn(w)
		if err != nil {
			return err
		}
		next, err := nextConfidentiality(before, council.Languages, text)
		if err != nil {
			return err
		}
		if before.Number != number {
			return fault.New(fault.Conflict, "error.confidentiality.changed")
		}
		if err := w.AddConfidentiality(next); err != nil {
			return err
		}
		return w.AppendAudit(event(by.Actor(), "settings.confidentiality", "setting:confidentiality", "version", fmt.Sprint(next.Number)))
	})
}

// nextConfidentiality checks the text, which is in English and in every language of the council.
func nextConfidentiality(before *Confidentiality, languages []locale.Lang, text locale.Text) (*Confidentiality, error) {
	next := &Confidentiality{Text: locale.Text{}, Own: true}
	for _, lang := range locale.Langs() {
		said := strings.TrimSpace(strings.ReplaceAll(text[lang], "\r\n", "\n"))
		field := "text." + string(lang)
		switch {
		case !slices.Contains(languages, lang) && lang != locale.English:
			continue
		case said == "":
			return nil, fault.New(fault.Invalid, "error.confidentiality.missing").At(field)
		case utf8.RuneCountInString(said) > MaxConfidentiality:
			return nil, fault.New(fault.Invalid, "error.confidentiality.long", "Max", MaxConfidentiality).At(field)
		}
		next.Text[lang] = said
	}
	if next.Hash = confidentialityHash(next.Text); next.Hash == before.Hash {
		return nil, fault.New(fault.Invalid, "error.confidentiality.same").At("text." + string(locale.English))
	}
	return next, nil
}

// Acknowledgements counts who of the people of the council that may sign in has accepted the statement that holds, of how many.
func (s *Service) Acknowledgements(ctx context.Context, by *Staff) (accepted, of int, err error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return 0, 0, err
	}
	err = s.Store.View(ctx, func(r Reader) error {
		accepted, of = 0, 0 // fn may run more than once
		all, err := r.StaffList()
		if err != nil {
			return err
		}
		for _, m := range all {
			if !m.May(EnterOffice) || !s.maySignIn(m) {
				continue
			}
			yes, err := hasAccepted(r, m)
			if err != nil {
				return err
			}
			of++
			if yes {
				accepted++
			}
		}
		return nil
	})
	return accepted, of, err
}
