package consult

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// Written is what one person wrote, as it may be read: redacted, or held back.
type Written struct {
	Text string
	Held []privacy.MarkKind // what it seems to hold; Text is empty then
}

// TextPage is a page of what people wrote to one question.
type TextPage struct {
	Texts []Written
	Total int // of the question
	Held  int // of those, how many are known to be held back
}

// Texts returns the free-text answers to a question, in the random order of response ids, from offset on. A text that seems to hold
// somebody's personal details is held back until the data protection officer has decided. Every call is in the audit log.
func (s *Service) Texts(ctx context.Context, by *Staff, id, question string, offset, limit int) (*TextPage, error) {
	if err := by.Allow(SeeResults); err != nil {
		return nil, err
	}
	c, err := s.consultation(ctx, id)
	if err != nil {
		return nil, err
	}
	def, err := s.definitionForResults(ctx, c)
	if err != nil {
		return nil, err
	}
	q, ok := Stated(def).Question(question)
	if !ok || q.Kind != survey.ShortText && q.Kind != survey.LongText || offset < 0 || limit < 0 {
		return nil, fault.New(fault.NotFound, "error.texts.unknown")
	}
	err = s.Store.Update(ctx, func(w Writer) error {
		return w.AppendAudit(event(by.Actor(), "texts.read", "consultation:"+id, "question", question))
	})
	if err != nil {
		return nil, err
	}
	out := &TextPage{}
	var page []*Response
	err = s.Store.View(ctx, func(r Reader) error {
		page, *out = nil, TextPage{}
		return r.Responses(id, func(response *Response) error {
			if len(response.Answers[question].Codes) == 0 || len(response.FreeText) == 0 { // not answered, or disposed of by a rule since
				return nil
			}
			if response.Flags[question].State == FlagWaiting {
				out.Held++
			}
			if out.Total++; out.Total > offset && out.Total <= offset+limit {
				page = append(page, response)
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	err = s.openAll(ctx, page, func(r *Response) error {
		out.Texts = append(out.Texts, Written{r.Answers[question].Text, r.HeldBack[question]})
		return nil
	})
	return out, err
}

// openAll opens the free text of several responses, as researchers may read it, with one look-up of their keys, and calls fn for each.
func (s *Service) openAll(ctx context.Context, responses []*Response, fn func(*Response) error) error {
	var ids []string
	for _, r := range responses {
		if len(r.FreeText) > 0 {
			ids = append(ids, r.ID)
		}
	}
	keys, err := s.Store.Keys().Keys(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range responses {
		if len(r.FreeText) > 0 && len(keys[r.ID]) == 0 {
			there, err := s.there(ctx, r.ID)
			if err != nil {
				return err
			}
			if !there {
				continue // withdrawn since it was read
			}
			r.FreeText = nil // its text is being disposed of: the coded answers stay
		}
		if err := s.guardTexts(ctx, r, keys[r.ID]); err != nil {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

// there reports whether a response has not been erased since it was read.
func (s *Service) there(ctx context.Context, id string) (bool, error) {
	err := s.Store.View(ctx, func(r Reader) error {
		_, err := r.Response(id)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// exportBatch is how many responses share one look-up of keys.
const exportBatch = 500

// EachResponse is EachResponseAsTold for those for whom the newest version of the notice holds: whoever answered before it changed and did not agree to the
// new use is left out, so that the file may serve every use that the notice names now (councils.md S0-19).
func (s *Service) EachResponse(ctx context.Context, by *Staff, id string, fn func(*Response) error) error {
	return s.eachResponse(ctx, by, id, true, fn)
}

// EachResponseAsTold calls fn for every response with free text opened as researchers may read it (Response.HeldBack), for an export, in the
// random order of their ids. It writes the audit event first. No transaction is open while fn runs: fn may wait for a slow line, and an erasure must not wait for it. So a response that
// comes or goes meanwhile may be among them or not.
func (s *Service) EachResponseAsTold(ctx context.Context, by *Staff, id string, fn func(*Response) error) error {
	return s.eachResponse(ctx, by, id, false, fn)
}

func (s *Service) eachResponse(ctx context.Context, by *Staff, id string, newest bool, fn func(*Response) error) error {
	if err := by.Allow(ExportResponses); err != nil {
		return err
	}
	var only map[string]bool // nil = everybody
	err := s.Store.Update(ctx, func(w Writer) error {
		c, err := w.Consultation(id)
		if err != nil {
			return err
		}
		n, err := w.ResponseCount(id)
		if err != nil {
			return err
		}
		detail := []string{"responses", fmt.Sprint(n)}
		if newest {
			if only, err = s.holding(w, c); err != nil {
				return err
			}
			if only != nil {
				n = len(only)
			}
			detail = []string{"responses", fmt.Sprint(n), "notice_version", strconv.Itoa(c.NoticeVersion)}
		}
		return w.AppendAudit(event(by.Actor(), "responses.export", "consultation:"+id, detail...))
	})
	if err != nil {
		return err
	}
	for after := ""; ; {
		var batch []*Response
		err := s.Store.View(ctx, func(r Reader) (err error) {
			batch, err = r.ResponsesAfter(id, after, exportBatch)
			return err
		})
		if err != nil || len(batch) == 0 {
			return err
		}
		after = batch[len(batch)-1].ID
		if only != nil {
			batch = slices.DeleteFunc(batch, func(r *Response) bool { return !only[r.ID] })
		}
		if err := s.openAll(ctx, batch, fn); err != nil {
			return err
		}
	}
}
