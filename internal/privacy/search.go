package privacy

import (
	"slices"
	"strings"

	"folkmoot/internal/fault"
)

// SubjectQuery is what an officer looks for to find what is held about a person (art. 15(1A), DUAA s.78). It is sealed with its request and lies nowhere else.
type SubjectQuery struct {
	Reference      string            `json:"reference,omitempty"` // of a response, as its receipt shows it
	Words          string            `json:"words,omitempty"`     // all of them have to stand in one response or entry
	ConsultationID string            `json:"consultation,omitempty"`
	From           Date              `json:"from,omitempty"` // submitted on this day or later
	To             Date              `json:"to,omitempty"`   // or earlier
	Channel        string            `json:"channel,omitempty"`
	Answers        map[string]string `json:"answers,omitempty"` // question id to the code that they remember
}

// MaxSearchWords is the most characters of the words and of the reference of a query.
const MaxSearchWords = 200

// Narrow reports whether the query says anything of a response that only a consultation can be looked through for.
func (q SubjectQuery) Narrow() bool {
	return q.From != "" || q.To != "" || q.Channel != "" || len(q.Answers) > 0
}

// Validate returns fault.Invalid for a query that would find nobody, or everybody.
func (q SubjectQuery) Validate() error {
	switch {
	case blank(q.Reference) && blank(q.Words) && !q.Narrow():
		return fault.New(fault.Invalid, "error.search.nothing").At("words")
	case q.Narrow() && q.ConsultationID == "":
		return fault.New(fault.Invalid, "error.search.consultation").At("consultation")
	case q.From != "" && q.To != "" && q.To < q.From:
		return fault.New(fault.Invalid, "error.search.days").At("to-day")
	}
	if err := Within("reference", q.Reference, MaxSearchWords); err != nil {
		return err
	}
	return Within("words", q.Words, MaxSearchWords)
}

// Classes names the sorts of details that the query has, sorted, for the audit log: never a detail.
func (q SubjectQuery) Classes() (out []string) {
	for name, has := range map[string]bool{
		"reference": !blank(q.Reference), "words": !blank(q.Words), "consultation": q.ConsultationID != "", "date": q.From != "" || q.To != "",
		"channel": q.Channel != "", "answers": len(q.Answers) > 0,
	} {
		if has {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Place is a store that a search looks through, or says why not.
type Place string

// The places, in the order in which a search reports them.
const (
	PlaceResponses Place = "responses" // references, days, channels, coded answers
	PlaceTexts     Place = "texts"     // sealed free text
	PlaceRegisters Place = "registers" // earlier requests, complaints, breaches
	PlaceStaff     Place = "staff"     // accounts
	PlacePartners  Place = "partners"  // contacts in agreements
	PlaceConsent   Place = "consent"   // the ledger, by the principals of responses that were found
	PlaceEquality  Place = "equality"  // never: only the code opens them (privacy.md 5.4)
	PlaceDrafts    Place = "drafts"    // never: they lie in the person's own session
)

// Looked says what a search did in one place.
type Looked struct {
	Place Place `json:"place"`
	In    int   `json:"in"`             // records looked through; 0 and not Searched: the query has nothing to look for there
	Found int   `json:"found"`          //
	Left  int   `json:"left,omitempty"` // records that could not be looked through yet
	Done  bool  `json:"done"`           // the place was searched
}

// MatchVerdict is what an officer decided about a match. Empty: nothing yet.
type MatchVerdict string

// The verdicts.
const (
	VerdictTheirs    MatchVerdict = "theirs"
	VerdictDismissed MatchVerdict = "dismissed" // of somebody else, with the reason
)

// Match is a response that a search found.
type Match struct {
	Response       string       `json:"response"`
	ConsultationID string       `json:"consultation"`
	Verdict        MatchVerdict `json:"verdict,omitempty"`
	Reason         string       `json:"reason,omitempty"`
}

// EntryMatch is an entry of a register that a search found.
type EntryMatch struct {
	ID       string   `json:"id"`
	Register Register `json:"register"`
	Number   int64    `json:"number"`
}

// SubjectFound is what a search found.
type SubjectFound struct {
	Looked  []Looked     `json:"looked"`
	Matches []Match      `json:"matches,omitempty"`
	More    bool         `json:"more,omitempty"` // there were more matches than can be looked at: the query has to be narrower
	Entries []EntryMatch `json:"entries,omitempty"`
	Staff   []string     `json:"staff,omitempty"` // ids of accounts
	Partner []string     `json:"partner,omitempty"`
}

// Complete reports whether every place that the query has something for was looked through to the end.
func (f SubjectFound) Complete() bool {
	return !f.More && !slices.ContainsFunc(f.Looked, func(l Looked) bool { return l.Left > 0 })
}

// Link is a response that was found to be the person's.
type Link struct {
	Response       string       `json:"response"`
	ConsultationID string       `json:"consultation"`
	Tier           IdentityTier `json:"tier"`                 // how the person showed that it is theirs
	Restricted     bool         `json:"restricted,omitempty"` // of those that are not in hand
}

// Linked lists the responses that are known to be the person's, that in hand first.
func (r *Request) Linked() []Link {
	if r.Response == "" {
		return nil
	}
	out := []Link{{r.Response, r.ConsultationID, r.InHandTier(), r.Restricted}}
	for _, l := range r.Links {
		if l.Response != r.Response {
			out = append(out, l)
		}
	}
	return out
}

// InHandTier is how the person showed that the response in hand is theirs. Only the code opens equality answers (privacy.md 5.4).
func (r *Request) InHandTier() IdentityTier {
	for _, l := range r.Links {
		if l.Response == r.Response {
			return l.Tier
		}
	}
	if r.Response != "" {
		return IdentityCode // known before there was a search: by the code and in no other way
	}
	return IdentityNone
}

// Attach adds a response to the person's, and takes it in hand if none is. One that is known gets the tier if that is the code.
func (r *Request) Attach(response, consultation string, tier IdentityTier) {
	if r.Response != "" && len(r.Links) == 0 {
		r.Links = []Link{{r.Response, r.ConsultationID, IdentityCode, false}}
	}
	i := slices.IndexFunc(r.Links, func(l Link) bool { return l.Response == response })
	switch {
	case i < 0:
		r.Links = append(r.Links, Link{Response: response, ConsultationID: consultation, Tier: tier})
	case tier == IdentityCode:
		r.Links[i].Tier = tier
	}
	if r.Response == "" {
		r.Response, r.ConsultationID = response, consultation
	}
}

// TakeInHand makes another of the person's responses the one that steps are about. fault.NotFound if it is not theirs; fault.Conflict if the request has
// ended.
func (r *Request) TakeInHand(response string) error {
	i := slices.IndexFunc(r.Links, func(l Link) bool { return l.Response == response })
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case i < 0:
		return fault.New(fault.NotFound, "error.search.match")
	}
	for j := range r.Links {
		if r.Links[j].Response == r.Response {
			r.Links[j].Restricted = r.Restricted
		}
	}
	r.Response, r.ConsultationID, r.Restricted = r.Links[i].Response, r.Links[i].ConsultationID, r.Links[i].Restricted
	return nil
}

// Searchable returns fault.Conflict unless the request is open and its person is identified: a search for somebody tells whoever makes it what that person
// said (art. 12(6), privacy.md 5.4).
func (r *Request) Searchable() error {
	switch {
	case r.Outcome != nil:
		return fault.New(fault.Conflict, "error.request.ended")
	case r.Tier == IdentityNone:
		return fault.New(fault.Conflict, "error.search.identity")
	}
	return nil
}

// Decide records what an officer decided about a match of the search with the number. A response that is theirs becomes one of the person's, by the way in
// which the person was identified; the code alone counts as the code. fault.Invalid for a dismissal without a reason.
func (r *Request) Decide(search int, response string, v MatchVerdict, reason string) error {
	if err := r.Searchable(); err != nil {
		return err
	}
	if search < 0 || search >= len(r.Searches) || r.Searches[search].Subject == nil {
		return fault.New(fault.NotFound, "error.search.match")
	}
	matches := r.Searches[search].Subject.Matches
	i := slices.IndexFunc(matches, func(m Match) bool { return m.Response == response })
	switch {
	case i < 0:
		return fault.New(fault.NotFound, "error.search.match")
	case matches[i].Verdict != "":
		return fault.New(fault.Conflict, "error.search.decided")
	case v == VerdictDismissed && blank(reason):
		return fault.New(fault.Invalid, "error.search.reason").At("reason")
	case v != VerdictDismissed && v != VerdictTheirs:
		return fault.New(fault.Invalid, "error.search.verdict").At("verdict")
	}
	if err := Within("reason", reason, MaxRequestText); err != nil {
		return err
	}
	matches[i].Verdict, matches[i].Reason = v, strings.TrimSpace(reason)
	if v == VerdictTheirs {
		tier := r.Tier
		if tier == IdentityCode { // the code was that of another response
			tier = IdentityKnowledge
		}
		r.Attach(response, matches[i].ConsultationID, tier)
	}
	return nil
}
