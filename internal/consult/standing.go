package consult

import (
	"slices"
	"time"

	"folkmoot/internal/privacy"
)

// newUsePurpose is the purpose, in the consent ledger, of what people agree to or refuse who answered before the notice changed: a record of its own for
// each version and part, so that saying no to a new use takes nothing from what was agreed to before.
var newUsePurpose = map[privacy.Part]string{privacy.PartResponses: "new_use", privacy.PartEquality: "new_use_equality"}

// agreement is where one record about a new use stands.
type agreement struct {
	last    privacy.ConsentEvent
	state   privacy.ConsentState
	permits bool
}

// agreements returns where each record about a new use of the part stands at the moment now, among the events of one respondent, the newest first.
func agreements(events []privacy.ConsentEvent, part privacy.Part, now time.Time) (out []agreement) {
	var records []string
	for _, e := range ofPurpose(events, newUsePurpose[part]) {
		if !slices.Contains(records, e.RecordID) {
			records = append(records, e.RecordID)
		}
	}
	slices.Reverse(records)
	for _, id := range records {
		var record []privacy.ConsentEvent
		for _, e := range events {
			if e.RecordID == id {
				record = append(record, e)
			}
		}
		state := privacy.StateOf(record, now)
		out = append(out, agreement{record[len(record)-1], state, privacy.Permits(state)})
	}
	return out
}

// agreedVersions are the versions of the notice whose new use of the part somebody agreed to, and still does.
func agreedVersions(events []privacy.ConsentEvent, part privacy.Part, now time.Time) (out []int) {
	for _, a := range agreements(events, part, now) {
		if a.permits {
			out = append(out, a.last.NoticeVersion)
		}
	}
	return out
}

// standing says which version of the notice holds for one person.
type standing struct {
	responses int // as regards the response
	equality  int // as regards the answers to the equality questions; 0 where consent does not stand
	silent    int // as responses, had the person agreed to nothing since they answered
}

// standings works out which version holds for whom. One is for one moment and one consultation.
type standings struct {
	history privacy.History
	now     time.Time
	known   map[standingKey]int
}

// standingKey is everything that a standing follows from, where agreements are few: as many as there are versions.
type standingKey struct {
	part   privacy.Part
	from   int
	agreed [4]int
}

func newStandings(h privacy.History, now time.Time) *standings {
	return &standings{history: h, now: now, known: map[standingKey]int{}}
}

// changed reports whether the notice ever changed: else every version is the one that holds.
func (s *standings) changed() bool { return len(s.history) > 1 }

// of returns where a person stands, from the response and that person's events of the ledger.
func (s *standings) of(response *Response, events []privacy.ConsentEvent) standing {
	out := standing{silent: s.at(privacy.PartResponses, response.NoticeVersion)}
	out.responses = s.at(privacy.PartResponses, response.NoticeVersion, agreedVersions(events, privacy.PartResponses, s.now)...)
	if status := statusOf(events, s.now); privacy.Permits(status.State) {
		out.equality = s.at(privacy.PartEquality, status.Notice, agreedVersions(events, privacy.PartEquality, s.now)...)
	}
	return out
}

// at is privacy.History.Standing, remembered: a consultation has a hundred thousand people and a handful of answers.
func (s *standings) at(part privacy.Part, from int, agreed ...int) int {
	if len(agreed) > len(standingKey{}.agreed) {
		return s.history.Standing(part, from, agreed...)
	}
	key := standingKey{part: part, from: from}
	copy(key.agreed[:], agreed)
	if v, ok := s.known[key]; ok {
		return v
	}
	v := s.history.Standing(part, from, agreed...)
	s.known[key] = v
	return v
}

// told reports whether the version names the recipient of anonymous totals.
func (s *standings) told(version int, recipient string) bool {
	p, ok := s.history.Of(version)
	return ok && p.MayReceive(recipient, privacy.Anonymous)
}

// named reports whether the consent statement of the version names the partner.
func (s *standings) named(version int, partner string) bool {
	p, ok := s.history.Of(version)
	return ok && slices.Contains(p.Partners, partner)
}

// holding returns the processing that holds for a person: of the response by the one version, of the equality answers by the other.
func (s *standings) holding(st standing) (privacy.Processing, bool) {
	p, ok := s.history.Of(st.responses)
	if !ok || st.equality == 0 || st.equality == st.responses {
		return p, ok
	}
	equality, ok := s.history.Of(st.equality)
	return p.WithEquality(equality), ok
}

// newUseEvents returns what was asked and decided since the notice changed, about every part, in the order of the ledger.
func newUseEvents(events []privacy.ConsentEvent) (out []privacy.ConsentEvent) {
	for _, e := range events {
		if e.PurposeID == newUsePurpose[privacy.PartResponses] || e.PurposeID == newUsePurpose[privacy.PartEquality] {
			out = append(out, e)
		}
	}
	return out
}
