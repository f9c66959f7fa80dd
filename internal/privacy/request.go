package privacy

import (
	"slices"
	"time"
	"unicode/utf8"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// RequestKind is what somebody asks of the controller. The zero value is invalid.
type RequestKind string

// The kinds, in the order in which they are offered.
const (
	AskAccess      RequestKind = "access"      // art. 15
	AskRectify     RequestKind = "rectify"     // art. 16
	AskErase       RequestKind = "erase"       // art. 17
	AskRestrict    RequestKind = "restrict"    // art. 18
	AskPortability RequestKind = "portability" // art. 20
	AskObject      RequestKind = "object"      // art. 21
	AskComplaint   RequestKind = "complaint"   // DPA 2018 s.164A
)

// RequestKinds lists the kinds in the order in which they are offered.
func RequestKinds() []RequestKind {
	return []RequestKind{AskAccess, AskRectify, AskErase, AskRestrict, AskPortability, AskObject, AskComplaint}
}

// Clause returns the provision that gives the right.
func (k RequestKind) Clause() string {
	return map[RequestKind]string{
		AskAccess: "UK GDPR art. 15", AskRectify: "UK GDPR art. 16", AskErase: "UK GDPR art. 17", AskRestrict: "UK GDPR art. 18",
		AskPortability: "UK GDPR art. 20", AskObject: "UK GDPR art. 21", AskComplaint: "DPA 2018 s.164A",
	}[k]
}

// StopsUse reports whether the responses that the request is about are held and not used from the moment at which they are known: while an objection is
// considered (art. 18(1)(d), 21(1)), and where just that is asked (art. 18; privacy.md 5.1: in practice at once). An objection to marketing is none:
// a response is not used for that.
func (r *Request) StopsUse() bool {
	return r.Outcome == nil && (r.Kind == AskRestrict || r.Kind == AskObject && !r.Marketing)
}

// Resumes reports whether use goes on with the outcome by itself: only where the person took the request back. After a refusal the officer takes the
// responses into use again, once the person has been told (art. 18(3)); an objection that is upheld, and a restriction that is granted, keep them out of
// use until somebody erases them or lifts that.
func (r *Request) Resumes() bool {
	return r.Outcome != nil && (r.Kind == AskRestrict || r.Kind == AskObject && !r.Marketing) && r.Outcome.Decision == Withdrawn
}

// Hold notes that a response of the person is held and not used, or used again. It reports whether that is new.
func (r *Request) Hold(response string, hold bool) (changed bool) {
	for _, l := range r.Linked() {
		changed = changed || l.Response == response && l.Restricted != hold
	}
	if r.Response == response {
		r.Restricted = hold
	}
	for i := range r.Links {
		if r.Links[i].Response == response {
			r.Links[i].Restricted = hold
		}
	}
	return changed
}

// RequestChannel is how a request reached the council. Any means is valid, spoken words too (privacy.md 5.1).
type RequestChannel string

// The channels.
const (
	ByForm      RequestChannel = "form"
	ByEmail     RequestChannel = "email"
	ByTelephone RequestChannel = "phone"
	ByPost      RequestChannel = "post"
	InPerson    RequestChannel = "in_person"
)

// RequestChannels lists the channels; the form is used by residents only, so it comes last.
func RequestChannels() []RequestChannel {
	return []RequestChannel{ByEmail, ByTelephone, ByPost, InPerson, ByForm}
}

// IdentityTier says how sure the council is that the person is who they say (privacy.md 5.4). More than is needed must not be asked.
type IdentityTier string

// The tiers.
const (
	IdentityNone      IdentityTier = ""
	IdentityCode      IdentityTier = "code"      // the withdrawal code or the link: enough for that response
	IdentityEmail     IdentityTier = "email"     // an answer from the e-mail address that is held
	IdentityKnowledge IdentityTier = "knowledge" // details that only the person and the council know
	IdentityDocument  IdentityTier = "document"  // a document was seen; only with recorded doubt, and no copy is kept
)

// IdentityTiers lists the tiers that an officer may record.
func IdentityTiers() []IdentityTier {
	return []IdentityTier{IdentityCode, IdentityEmail, IdentityKnowledge, IdentityDocument}
}

// Pause is time that does not count: from the day on which the controller asked what the request is about to the day on which it was told
// (art. 12A; access only).
type Pause struct {
	Asked    Date   `json:"asked"`
	Answered Date   `json:"answered,omitempty"` // empty while the answer is awaited
	Question string `json:"question"`
}

// Extension is two further months for a complex request or many of them (art. 12(3), 12A).
type Extension struct {
	NotifiedOn Date   `json:"notified_on"`
	Reason     string `json:"reason"` // as told to the person
}

// Exemption withholds one item, never a whole request (privacy.md 5.5).
type Exemption struct {
	Ground string `json:"ground"` // one of ExemptionGrounds
	Item   string `json:"item"`   // what is withheld
	Reason string `json:"reason"` // why the ground applies
}

// ExemptionGrounds lists the grounds that may be recorded, with their provisions.
func ExemptionGrounds() []ExemptionGround {
	return []ExemptionGround{
		{"third_party", "DPA 2018 Sch. 2 para. 16"},
		{"crime_tax", "DPA 2018 Sch. 2 para. 2"},
		{"legal_proceedings", "DPA 2018 Sch. 2 para. 5"},
		{"regulatory", "DPA 2018 Sch. 2 para. 7"},
		{"privilege", "DPA 2018 Sch. 2 para. 19"},
		{"forecasts", "DPA 2018 Sch. 2 para. 22"},
		{"negotiations", "DPA 2018 Sch. 2 para. 23"},
		{"references", "DPA 2018 Sch. 2 para. 24"},
		{"research", "DPA 2018 Sch. 2 para. 27"},
		{"archiving", "DPA 2018 Sch. 2 para. 28"},
		{"serious_harm", "DPA 2018 Sch. 3"},
		{"unfounded", "UK GDPR art. 12(5)"},
	}
}

// ExemptionGround is a ground with its provision.
type ExemptionGround struct{ ID, Clause string }

// SearchDone records one search: what is reasonable and proportionate has to be shown (art. 15(1A)).
type SearchDone struct {
	On    Date   `json:"on"`
	Where string `json:"where"` // stores and consultations
	For   string `json:"for"`   // sort of detail: "withdrawal code", "reference"; never the detail itself
	Found int    `json:"found"` // responses
	By    string `json:"by"`    // staff id

	Query   *SubjectQuery `json:"query,omitempty"`   // of a search by the service; nil for one by hand
	Subject *SubjectFound `json:"subject,omitempty"` // what it found
}

// Decision is what came of a request.
type Decision string

// The decisions.
const (
	Granted       Decision = "granted"
	GrantedPartly Decision = "partly"
	Refused       Decision = "refused"
	NothingHeld   Decision = "nothing_held"   // nothing about the person was found
	NotIdentified Decision = "not_identified" // the person cannot be told from others (art. 11)
	Withdrawn     Decision = "withdrawn"      // by the person
	Upheld        Decision = "upheld"         // a complaint
	PartlyUpheld  Decision = "partly_upheld"
	NotUpheld     Decision = "not_upheld"
)

// Decisions lists those that can end a request of the kind.
func (k RequestKind) Decisions() []Decision {
	if k == AskComplaint {
		return []Decision{Upheld, PartlyUpheld, NotUpheld, Withdrawn}
	}
	return []Decision{Granted, GrantedPartly, Refused, NothingHeld, NotIdentified, Withdrawn}
}

// NeedsReasons reports whether the person must be told why (art. 12(4)).
func (d Decision) NeedsReasons() bool {
	return slices.Contains([]Decision{GrantedPartly, Refused, NotIdentified, PartlyUpheld, NotUpheld}, d)
}

// Outcome ends a request.
type Outcome struct {
	On       Date     `json:"on"`
	Decision Decision `json:"decision"`
	Reasons  string   `json:"reasons,omitempty"` // as told to the person
	Done     string   `json:"done,omitempty"`    // what was done, as told to the person
}

// Corrected says that answers of a response were corrected for its person, and which (art. 16); never what they said. What stood there before lies with the
// response.
type Corrected struct {
	On        Date          `json:"on"`
	Response  string        `json:"response"`
	Questions []locale.Text `json:"questions"`
	Equality  bool          `json:"equality,omitempty"` // answers to the equality questions, and nobody says which

	Recipients []string `json:"recipients,omitempty"` // who has to be told (art. 19): number in its register, and name
}

// Telling says that a recipient has to be told of what was changed for a request (art. 19). Whether it was told stands in its register.
type Telling struct {
	On      Date     `json:"on"`
	Step    string   `json:"step"`            // request.rectify, or request.tell for what an officer noted afterwards
	Number  string   `json:"number"`          // of the entry
	Name    string   `json:"name"`            // of the recipient
	About   []ToldOf `json:"about,omitempty"` // what it is told; empty for what was noted before that was kept
	NotTold bool     `json:"-"`               // its register says that it is not told, and why: that is impossible or takes disproportionate effort
	Open    bool     `json:"open,omitempty"`  // the person may know that it got something; not of disclosures about which the person was not told
}

// ToldOf is something done for a request of which recipients have to be told (art. 19). The zero value is invalid.
type ToldOf string

// The changes, in the order in which they are said.
const (
	ToldCorrected  ToldOf = "corrected"
	ToldErased     ToldOf = "erased"
	ToldRestricted ToldOf = "restricted" // held and not used, if only for a time
)

// changeOf says which change a step of a request was; steps that are none are not in it.
var changeOf = map[string]ToldOf{"request.rectify": ToldCorrected, "request.equality": ToldCorrected, "request.erase": ToldErased,
	"request.withdraw_consent": ToldErased, "request.restrict": ToldRestricted}

// Changes lists what was corrected, erased or restricted for the request, of which recipients have to be told (art. 19): each kind once.
func (r *Request) Changes() (out []ToldOf) {
	for _, c := range []ToldOf{ToldCorrected, ToldErased, ToldRestricted} {
		if slices.ContainsFunc(r.Steps, func(s RequestStep) bool { return changeOf[s.What] == c }) {
			out = append(out, c)
		}
	}
	return out
}

// Changed reports whether there is any of Changes.
func (r *Request) Changed() bool { return len(r.Changes()) > 0 }

// RequestStep is one thing that happened to a request.
type RequestStep struct {
	At   time.Time `json:"at"`   // UTC
	By   string    `json:"by"`   // staff id, "respondent" or "system"
	What string    `json:"what"` // noun.verb, for example "identity.satisfied"
	Note string    `json:"note,omitempty"`
}

// Request is one request or complaint of a person about their information: the content of an Entry of the register of requests.
type Request struct {
	Kind     RequestKind    `json:"kind"`
	Received Date           `json:"received"`
	Channel  RequestChannel `json:"channel"`

	Name      string `json:"name,omitempty"`
	Contact   string `json:"contact,omitempty"`   // how to answer: e-mail address, telephone number or postal address
	Authority string `json:"authority,omitempty"` // who asks for whom, and what showed that they may
	Text      string `json:"text,omitempty"`      // what they ask, in their words
	Marketing bool   `json:"marketing,omitempty"` // an objection to direct marketing: absolute, at once (art. 21(2), (3))

	Response       string `json:"response,omitempty"` // id of the response that it is about, once identified: of several, that in hand
	ConsultationID string `json:"consultation,omitempty"`
	Links          []Link `json:"links,omitempty"` // all that are known to be the person's, where a search found some

	IdentityAsked Date         `json:"identity_asked,omitempty"`
	IdentityOn    Date         `json:"identity_on,omitempty"` // satisfied
	Tier          IdentityTier `json:"tier,omitempty"`
	IdentityNote  string       `json:"identity_note,omitempty"` // "passport seen", and for documents why there was doubt

	Acknowledged Date          `json:"acknowledged,omitempty"`
	Pauses       []Pause       `json:"pauses,omitempty"`
	Extension    *Extension    `json:"extension,omitempty"`
	Exemptions   []Exemption   `json:"exemptions,omitempty"`
	Redactions   []Redaction   `json:"redactions,omitempty"` // passages that the copy leaves out
	Balancing    *Balancing    `json:"balancing,omitempty"`  // how an objection was weighed
	Searches     []SearchDone  `json:"searches,omitempty"`
	Corrections  []Corrected   `json:"corrections,omitempty"`
	Tellings     []Telling     `json:"tellings,omitempty"`
	Restricted   bool          `json:"restricted,omitempty"` // the response is held and not used until the request ends (art. 18)
	Outcome      *Outcome      `json:"outcome,omitempty"`
	Steps        []RequestStep `json:"steps"`
}

// How long the texts of a request may be, in characters.
const (
	MaxRequestText = 5000
	MaxRequestLine = 200
)

// Within returns fault.Invalid, which names the field, for a text of more characters than that.
func Within(field, text string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return fault.New(fault.Invalid, "error.request.long", "Max", most).At(field)
	}
	return nil
}

// Faults lists all that a new request lacks, each fault.Invalid, in the order of the form.
func (r Request) Faults() (out []error) {
	need := func(ok bool, key string) {
		if !ok {
			out = append(out, fault.New(fault.Invalid, key))
		}
	}
	need(slices.Contains(RequestKinds(), r.Kind), "error.request.kind")
	_, err := ParseDate(string(r.Received))
	need(err == nil, "error.request.received")
	need(slices.Contains(RequestChannels(), r.Channel), "error.request.channel")
	need(r.Kind != AskComplaint || !blank(r.Text), "error.request.text")
	need(r.Response != "" || !blank(r.Contact), "error.request.contact") // or nobody could answer
	for _, x := range []struct {
		field, text string
		most        int
	}{{"text", r.Text, MaxRequestText}, {"name", r.Name, MaxRequestLine}, {"contact", r.Contact, MaxRequestText / 10}, {"authority", r.Authority, MaxRequestText / 10}} {
		if err := Within(x.field, x.text, x.most); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// Validate returns the first of Faults, or nil.
func (r Request) Validate() error {
	if faults := r.Faults(); len(faults) > 0 {
		return faults[0]
	}
	return nil
}
