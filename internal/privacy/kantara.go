package privacy

import (
	"slices"
	"strings"
	"time"

	"folkmoot/internal/locale"
)

// kantaraVersion names the specification: Kantara Initiative Consent Receipt v1.1.
const kantaraVersion = "KI-CR-v1.1.0"

// The types of consent of a Kantara receipt. The schema has free text here; these are the words of the specification and of its example.
const (
	kantaraExplicit = "EXPLICIT"
	kantaraImplicit = "IMPLICIT" // the lawful basis is consent, and it was given by sending the response
	kantaraNone     = "N/A"      // the lawful basis is another one
)

// kantaraReceipt is the second form of the receipt. Names are those of the schema of v1.1 (policyUrl and onBehalf, where a widespread library
// writes policyURL and on_behalf; privacy.md 3.4). The schema is open: what we have beside it lies in one member.
type kantaraReceipt struct {
	Version          string              `json:"version"`
	Jurisdiction     string              `json:"jurisdiction"`
	ConsentTimestamp int64               `json:"consentTimestamp"` // seconds since 1970, UTC
	CollectionMethod string              `json:"collectionMethod"`
	ConsentReceiptID string              `json:"consentReceiptID"`
	PublicKey        string              `json:"publicKey"`
	Language         locale.Lang         `json:"language"`
	PIIPrincipalID   string              `json:"piiPrincipalId"` // the reference of the response
	PIIControllers   []kantaraController `json:"piiControllers"`
	PolicyURL        string              `json:"policyUrl"`
	Services         []kantaraService    `json:"services"`
	Sensitive        bool                `json:"sensitive"`
	SPICat           []string            `json:"spiCat"` // special categories, in words
	Folkmoot         kantaraExtension    `json:"folkmoot"`
	Proof            *receiptProof       `json:"proof"`
}

type kantaraController struct {
	PIIController    string         `json:"piiController"`
	OnBehalf         bool           `json:"onBehalf"`
	Contact          string         `json:"contact"`
	Address          kantaraAddress `json:"address"`
	Email            string         `json:"email"`
	Phone            string         `json:"phone"`
	PIIControllerURL string         `json:"piiControllerUrl,omitempty"`
}

// kantaraAddress is a PostalAddress as schema.org has it.
type kantaraAddress struct {
	StreetAddress  string `json:"streetAddress"`
	AddressCountry string `json:"addressCountry"`
}

type kantaraService struct {
	Service  string           `json:"service"`
	Purposes []kantaraPurpose `json:"purposes"`
}

type kantaraPurpose struct {
	Purpose              string   `json:"purpose"`
	PurposeCategory      []string `json:"purposeCategory"`
	ConsentType          string   `json:"consentType"`
	PIICategory          []string `json:"piiCategory"`
	PrimaryPurpose       bool     `json:"primaryPurpose"`
	Termination          string   `json:"termination"`
	ThirdPartyDisclosure bool     `json:"thirdPartyDisclosure"`
	ThirdPartyName       string   `json:"thirdPartyName,omitempty"` // required where something is disclosed
}

// kantaraExtension is what the specification has no field for, and what ties the file to the ledger.
type kantaraExtension struct {
	SchemaVersion  string        `json:"schema_version"`
	RecordID       string        `json:"record_id"`
	ConsultationID string        `json:"consultation_id"`
	Date           string        `json:"date"` // of submission, yyyy-mm-dd in Europe/London
	PrivacyNotice  ReceiptNotice `json:"privacy_notice"`
	ConsentState   ConsentState  `json:"consent_state"`
	LedgerHash     string        `json:"ledger_hash"` // of the event that gave the consent
}

// NoKantara returns the key of the message that says why there is no Kantara receipt, or "" where there is one. The specification has no
// field for the state of a consent: whoever reads such a receipt takes consent for given. So there is one while it stands, and none otherwise.
func (r Receipt) NoKantara() string {
	switch state := r.Processing.ConsentState; {
	case Permits(state):
		return ""
	case state == ConsentRefused:
		return "receipt.kantara.refused"
	case state == ConsentNone || state == ConsentRequested:
		return "receipt.kantara.none"
	}
	return "receipt.kantara.ended"
}

// buildKantara writes a receipt whose consent stands in the form of Kantara.
func buildKantara(f ReceiptFacts, r Receipt, proof *receiptProof) kantaraReceipt {
	lang, given := f.Language, r.lastGiven()
	council := r.party(partyCouncil)
	out := kantaraReceipt{
		Version: kantaraVersion, Jurisdiction: jurisdiction, ConsentTimestamp: given.Time.Unix(), CollectionMethod: given.Channel,
		ConsentReceiptID: r.Header.ReceiptID, PublicKey: proof.Key, Language: lang, PIIPrincipalID: r.Header.PrincipalID,
		PIIControllers: []kantaraController{{
			PIIController: council.Name, Contact: council.Contact, Address: kantaraAddress{council.Address, jurisdiction},
			Email: council.Email, Phone: council.Phone, PIIControllerURL: council.URL,
		}},
		PolicyURL: r.Processing.PrivacyNotice.Address,
		SPICat:    []string{},
		Folkmoot: kantaraExtension{SchemaVersion: ReceiptSchema, RecordID: r.Header.RecordID, ConsultationID: f.ConsultationID, Date: f.Date,
			PrivacyNotice: r.Processing.PrivacyNotice, ConsentState: r.Processing.ConsentState, LedgerHash: given.LedgerHash},
		Proof: proof,
	}
	out.Folkmoot.PrivacyNotice.Type = "" // for readers of JSON-LD only
	for _, d := range r.PersonalData {
		if d.Special {
			out.SPICat = append(out.SPICat, d.Type)
		}
	}
	out.Sensitive = len(out.SPICat) > 0
	service := kantaraService{Service: r.Response.Consultation, Purposes: []kantaraPurpose{}}
	for i, p := range f.Processing.Purposes {
		service.Purposes = append(service.Purposes, kantaraPurposeOf(r, p, lang, i == 0))
	}
	out.Services = []kantaraService{service}
	return out
}

func kantaraPurposeOf(r Receipt, p Purpose, lang locale.Lang, primary bool) kantaraPurpose {
	kept := r.Processing.RetentionPeriod
	out := kantaraPurpose{
		Purpose: p.Text.In(lang), PurposeCategory: []string{p.ID}, ConsentType: kantaraNone, PIICategory: r.data(false), PrimaryPurpose: primary,
		Termination: say(lang, "notice.retention.responses", "period", r.words(kept.Responses), "trigger", strings.TrimRight(kept.Starts, ". ")),
	}
	switch {
	case p.Condition == ExplicitConsent:
		out.ConsentType, out.PIICategory = kantaraExplicit, r.data(true)
		out.Termination = say(lang, "notice.retention.equality", "period", r.words(kept.Equality))
	case p.Basis == Consent:
		out.ConsentType = kantaraImplicit
	}
	// Whoever gets totals from which nobody can learn anything about one person gets no personal data.
	for _, to := range p.Recipients {
		if to.Form != Anonymous && !slices.Contains(strings.Split(out.ThirdPartyName, "; "), to.Name) {
			out.ThirdPartyDisclosure = true
			out.ThirdPartyName = strings.TrimPrefix(out.ThirdPartyName+"; "+to.Name, "; ")
		}
	}
	return out
}

// data returns the categories of information, special or ordinary ones.
func (r Receipt) data(special bool) []string {
	out := []string{}
	for _, d := range r.PersonalData {
		if d.Special == special {
			out = append(out, d.Type)
		}
	}
	return out
}

// lastGiven is the last event that gave or confirmed consent.
func (r Receipt) lastGiven() ReceiptEvent {
	for _, e := range slices.Backward(r.Events) {
		if Permits(e.ConsentState) {
			return e
		}
	}
	return ReceiptEvent{Time: time.Unix(0, 0)}
}

func (r Receipt) party(id string) ReceiptParty {
	for _, p := range r.Parties {
		if p.ID == id {
			return p
		}
	}
	return ReceiptParty{}
}
