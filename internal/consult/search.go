package consult

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

const (
	// MaxMatches is how many responses a search may find: an officer has to look at each.
	MaxMatches = 50
	// maxCandidates is how many responses are opened to see whether they really have the words.
	maxCandidates = 2000
)

// ErrSearchWords is fault.Invalid: no word of the query is long enough to look for.
func ErrSearchWords() error { return fault.New(fault.Invalid, "error.search.words").At("words") }

// SearchSubject looks for what is held about a person in every store. It returns ids and counts: what was found is shown by SubjectMatches, and the search is
// recorded in its request by whoever calls (dpo.Desk.Search). except is the entry of that request, which is not found. Nothing is opened but what the tags
// of words say yes to, and entries of registers. Equality answers are never searched: only the code opens them (privacy.md 5.4). fault.Invalid for a query that
// cannot be looked for.
func (s *Service) SearchSubject(ctx context.Context, by *Staff, q privacy.SubjectQuery, except string) (*privacy.SubjectFound, error) {
	if err := by.Allow(KeepRegisters); err != nil {
		return nil, err
	}
	if err := q.Validate(); err != nil {
		return nil, err
	}
	sought := soughtIn(q.Words)
	if len(sought) == 0 && strings.TrimSpace(q.Words) != "" {
		return nil, ErrSearchWords()
	}
	out := &privacy.SubjectFound{}
	if err := s.searchResponses(ctx, q, sought, out); err != nil {
		return nil, err
	}
	if err := s.searchRegisters(ctx, sought, except, out); err != nil {
		return nil, err
	}
	if err := s.searchPeople(ctx, sought, out); err != nil {
		return nil, err
	}
	if err := s.searchLedger(ctx, out); err != nil {
		return nil, err
	}
	out.Looked = append(out.Looked, privacy.Looked{Place: privacy.PlaceEquality}, privacy.Looked{Place: privacy.PlaceDrafts})
	return out, nil
}

// searchResponses finds the responses that fit everything that the query says.
func (s *Service) searchResponses(ctx context.Context, q privacy.SubjectQuery, sought []string, out *privacy.SubjectFound) error {
	coded, texts := privacy.Looked{Place: privacy.PlaceResponses}, privacy.Looked{Place: privacy.PlaceTexts}
	defer func() { out.Looked = append(out.Looked, coded, texts) }()
	var tagged []string // nil: words are not looked for
	if len(sought) > 0 {
		texts.Done = true
		var err error
		if texts.Left, err = s.untagged(ctx); err != nil {
			return err
		}
		if tagged, texts.In, err = s.Store.Keys().FindTagged(ctx, s.Keys.FindWords(sought).In); err != nil {
			return err
		}
		tagged = append([]string{}, tagged...)
	}
	found, err := s.fitting(ctx, q, tagged, &coded)
	if err != nil {
		return err
	}
	if len(found) > maxCandidates {
		found, out.More = found[:maxCandidates], true
	}
	if len(sought) > 0 {
		if found, err = s.havingWords(ctx, found, sought); err != nil {
			return err
		}
		texts.Found = len(found)
	}
	if len(found) > MaxMatches {
		found, out.More = found[:MaxMatches], true
	}
	for _, r := range found {
		out.Matches = append(out.Matches, privacy.Match{Response: r.ID, ConsultationID: r.ConsultationID})
	}
	return nil
}

// untagged counts the records whose words cannot be looked for yet.
func (s *Service) untagged(ctx context.Context) (n int, err error) {
	for after := ""; ; {
		ids, err := s.Store.Keys().Untagged(ctx, after, tagBatch)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		n, after = n+len(ids), ids[len(ids)-1]
	}
}

// fitting reads the responses that fit the coded part of the query, of those that seem to have the words, if tagged is not nil. It stops where there are more
// than can be opened.
func (s *Service) fitting(ctx context.Context, q privacy.SubjectQuery, tagged []string, looked *privacy.Looked) (found []*Response, err error) {
	seems := func(r *Response) bool {
		if tagged == nil {
			return true
		}
		_, ok := slices.BinarySearch(tagged, r.ID)
		return ok
	}
	err = s.Store.View(ctx, func(r Reader) (err error) {
		found = nil
		looked.Done = strings.TrimSpace(q.Reference) != "" || q.Narrow()
		if looked.Done && looked.In == 0 {
			if looked.In, err = s.looksIn(r, q); err != nil {
				return err
			}
		}
		switch {
		case strings.TrimSpace(q.Reference) != "":
			var all []*Response
			if all, err = r.ResponsesByReference(referenceOf(q.Reference)); err != nil {
				return err
			}
			for _, x := range all {
				if seems(x) && fits(x, q) {
					found = append(found, x)
				}
			}
		case q.ConsultationID != "":
			err = eachLike(r, q, func(x *Response) bool {
				if seems(x) {
					found = append(found, x)
				}
				return len(found) <= maxCandidates
			})
		default:
			for _, id := range tagged[:min(len(tagged), maxCandidates+1)] {
				x, err := r.Response(id)
				if fault.Is(err, fault.NotFound) {
					continue // a key whose response is being stored or has gone
				}
				if err != nil {
					return err
				}
				found = append(found, x)
			}
		}
		if looked.Done {
			looked.Found = len(found)
		}
		return err
	})
	return found, err
}

// looksIn counts the responses among which the coded part of the query chooses.
func (s *Service) looksIn(r Reader, q privacy.SubjectQuery) (n int, err error) {
	if strings.TrimSpace(q.Reference) != "" || q.ConsultationID == "" {
		return r.EveryResponseCount()
	}
	if n, err = r.ResponseCount(q.ConsultationID); err != nil {
		return 0, err
	}
	held, err := r.RestrictedCount(q.ConsultationID)
	return n + held, err
}

// eachLike calls fn for the responses of a consultation that fit the coded part of the query, until fn says no.
func eachLike(r Reader, q privacy.SubjectQuery, fn func(*Response) bool) error {
	for after := ""; ; {
		page, err := r.ResponsesLike(q, after, exportBatch)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, x := range page {
			if !fn(x) {
				return nil
			}
		}
		after = page[len(page)-1].ID
	}
}

// fits reports whether a response is as the coded part of the query says.
func fits(r *Response, q privacy.SubjectQuery) bool {
	on := privacy.Date(r.SubmittedOn)
	if q.ConsultationID != "" && r.ConsultationID != q.ConsultationID || q.From != "" && on < q.From || q.To != "" && on > q.To ||
		q.Channel != "" && string(r.Channel) != q.Channel {
		return false
	}
	for question, code := range q.Answers {
		if !slices.Contains(r.Answers[question].Codes, code) {
			return false
		}
	}
	return true
}

// referenceOf writes a reference as it is stored: people type it in small letters, with blanks, and letters for digits.
func referenceOf(typed string) string {
	groups := strings.Fields(strings.ToUpper(FoldWords(typed)))
	for i := max(0, len(groups)-2); i < len(groups); i++ {
		groups[i] = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(groups[i])
	}
	return strings.Join(groups, "-")
}

// havingWords opens responses and returns those that really have the words, in their free text or a kept postcode. What has no key any more is being erased.
func (s *Service) havingWords(ctx context.Context, found []*Response, sought []string) (out []*Response, err error) {
	var ids []string
	for _, r := range found {
		ids = append(ids, r.ID, PostcodeKey(r.ID))
	}
	keys, err := s.Store.Keys().Keys(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		has := map[string]string{}
		for _, id := range []string{r.ID, PostcodeKey(r.ID)} {
			if len(keys[id]) == 0 {
				continue
			}
			texts, err := s.sealedUnder(r, id, keys[id])
			if err != nil {
				return nil, err
			}
			maps.Copy(has, texts)
		}
		if hasAll(has, sought) {
			out = append(out, r)
		}
	}
	return out, nil
}

// EveryEntry is more entries than any register has.
const EveryEntry = 1 << 30

// searchRegisters opens the entries of every register and finds those that have the words.
func (s *Service) searchRegisters(ctx context.Context, sought []string, except string, out *privacy.SubjectFound) error {
	looked := privacy.Looked{Place: privacy.PlaceRegisters}
	defer func() { out.Looked = append(out.Looked, looked) }()
	if len(sought) == 0 {
		return nil
	}
	looked.Done = true
	var entries []*privacy.Entry
	err := s.Store.View(ctx, func(r Reader) error {
		entries = nil
		for _, register := range privacy.Registers() {
			open, err := r.OpenEntries(register)
			if err != nil {
				return err
			}
			ended, err := r.EndedEntries(register, EveryEntry)
			if err != nil {
				return err
			}
			entries = append(append(entries, open...), ended...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.ID == except {
			continue
		}
		plain, err := s.OpenRecord(ctx, e.ID, e.Sealed, EntryPlace(e.ID))
		if fault.Is(err, fault.NotFound) {
			continue // disposed of since it was read
		}
		if err != nil {
			return err
		}
		looked.In++
		if hasAll(map[string]string{"": stringsIn(plain)}, sought) {
			looked.Found++
			out.Entries = append(out.Entries, privacy.EntryMatch{ID: e.ID, Register: e.Register, Number: e.Number})
		}
	}
	return nil
}

// stringsIn returns all that is said in a JSON document.
func stringsIn(document []byte) string {
	var content any
	if json.Unmarshal(document, &content) != nil {
		return ""
	}
	var all strings.Builder
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			all.WriteString(v + "\n")
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(content)
	return all.String()
}

// searchPeople finds accounts and contacts in agreements that have the words.
func (s *Service) searchPeople(ctx context.Context, sought []string, out *privacy.SubjectFound) error {
	staff, partners := privacy.Looked{Place: privacy.PlaceStaff}, privacy.Looked{Place: privacy.PlacePartners}
	defer func() { out.Looked = append(out.Looked, staff, partners) }()
	if len(sought) == 0 {
		return nil
	}
	staff.Done, partners.Done = true, true
	return s.Store.View(ctx, func(r Reader) error {
		accounts, err := r.StaffList()
		if err != nil {
			return err
		}
		agreements, err := r.Agreements()
		if err != nil {
			return err
		}
		staff.In, staff.Found, partners.In, partners.Found, out.Staff, out.Partner = len(accounts), 0, len(agreements), 0, nil, nil
		for _, a := range accounts {
			if hasAll(map[string]string{"name": a.Name, "email": a.Email}, sought) {
				staff.Found++
				out.Staff = append(out.Staff, a.ID)
			}
		}
		for _, a := range agreements {
			if hasAll(map[string]string{"name": a.ContactName, "email": a.ContactEmail}, sought) {
				partners.Found++
				out.Partner = append(out.Partner, a.ID)
			}
		}
		return nil
	})
}

// searchLedger counts the events of the consent ledger about the responses that were found, by their principals.
func (s *Service) searchLedger(ctx context.Context, out *privacy.SubjectFound) error {
	looked := privacy.Looked{Place: privacy.PlaceConsent, Done: len(out.Matches) > 0, In: len(out.Matches)}
	err := s.Store.View(ctx, func(r Reader) error {
		looked.Found = 0
		for _, m := range out.Matches {
			events, err := r.ConsentEvents(s.Keys.PrincipalToken(m.Response))
			if err != nil {
				return err
			}
			looked.Found += len(events)
		}
		return nil
	})
	out.Looked = append(out.Looked, looked)
	return err
}
