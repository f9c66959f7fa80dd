package privacy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
)

// dpvBasis and dpvState give the terms of the W3C Data Privacy Vocabulary (https://w3id.org/dpv).
var (
	dpvBasis = map[Basis]string{
		Consent:             "dpv:Consent",
		Contract:            "dpv:Contract",
		LegalObligation:     "dpv:LegalObligation",
		PublicTask:          "dpv:PublicInterest",
		LegitimateInterests: "dpv:LegitimateInterest",
	}
	basisArticle = map[Basis]string{
		Consent:             "UK GDPR art. 6(1)(a)",
		Contract:            "UK GDPR art. 6(1)(b)",
		LegalObligation:     "UK GDPR art. 6(1)(c)",
		PublicTask:          "UK GDPR art. 6(1)(e)",
		LegitimateInterests: "UK GDPR art. 6(1)(f)",
	}
	dpvState = map[ConsentState]string{
		ConsentRequested:   "dpv:ConsentRequested",
		ConsentRefused:     "dpv:ConsentRefused",
		ConsentGiven:       "dpv:ConsentGiven",
		ConsentRenewed:     "dpv:RenewedConsentGiven",
		ConsentWithdrawn:   "dpv:ConsentWithdrawn",
		ConsentExpired:     "dpv:ConsentExpired",
		ConsentSuperseded:  "dpv:ConsentInvalidated",
		ConsentInvalidated: "dpv:ConsentInvalidated",
	}
)

// Article returns the provision that the basis is: "UK GDPR art. 6(1)(e)". It is empty for one that is not valid.
func (b Basis) Article() string { return basisArticle[b] }

const (
	dpvExplicit  = "dpv:ExplicitlyExpressedConsent"
	jurisdiction = "GB"
)

// Ids of the parties that every receipt has: nodes of the file, whose base is the receipt's own id.
const (
	partyCouncil   = "#controller"
	partyRegulator = "#authority"
)

// respondentID is the node of the data subject.
const respondentID = "#respondent"

// BuildReceipt makes the receipt for a response, in the language of the response. It is whole also where consent was
// refused or never asked.
func BuildReceipt(f ReceiptFacts) Receipt {
	lang, p := f.Language, f.Processing
	state := cmp.Or(f.State, StateOf(lastRecord(f.Events), f.At))
	r := Receipt{
		Header:  ReceiptHeader{SchemaVersion: ReceiptSchema, PrincipalID: f.Reference},
		Subject: ReceiptSubject{respondentID, "dpv:DataSubject", f.Reference},
		Response: ReceiptResponse{Reference: f.Reference, Consultation: f.Title.In(lang), ConsultationID: f.ConsultationID,
			SurveyVersion: f.SurveyVersion, Date: f.Date, Ages: f.Ages.Checks, Authorised: f.Ages.Authorised},
		Processing: ReceiptProcessing{
			Type:             "dpv:Process",
			PrivacyNotice:    ReceiptNotice{"dpv:PrivacyNotice", f.NoticeID, f.NoticeVersion, f.NoticeSHA256, f.NoticeAt},
			Language:         lang,
			Purposes:         receiptPurposes(p, lang),
			Controllers:      []string{partyCouncil},
			CollectionMethod: f.Channel,
			StorageLocations: []ReceiptPlace{{"dpv:StorageLocation", places(p.Locations, lang)}},
			RetentionPeriod:  ReceiptRetention{Type: "dpv:StorageDuration", Responses: p.Retention, Starts: p.RetentionTrigger.In(lang)},
			Jurisdiction:     jurisdiction,
			WithdrawalMethod: ReceiptWithdrawal{Type: "dpv:WithdrawConsent", Address: f.Where,
				Text: say(lang, "receipt.withdraw", "where", f.Where, "phone", f.Council.Phone, "address", oneLine(f.Council.Address))},
			Rights:       receiptRights(p, lang),
			Authority:    partyRegulator,
			ConsentState: state,
		},
		PersonalData: receiptData(f, state),
		Events:       receiptEvents(f.Events),
	}
	if p.KeepTotals {
		r.Processing.RetentionPeriod.After = say(lang, "notice.retention.totals")
	}
	if e := f.Recorded; e != nil {
		r.Response.Form, r.Response.Scan, r.Response.ReceivedOn, r.Response.RecordedBy, r.Response.RecorderRole = e.Form, e.Scan, e.On, partyCouncil, e.Role
	}
	for i, e := range receiptEvents(f.NewUses) {
		e.RecordID, e.PurposeID = f.NewUses[i].RecordID, f.NewUses[i].PurposeID
		r.NewUses = append(r.NewUses, e)
	}
	if len(f.Events) > 0 {
		r.Header.ConformsTo, r.Processing.PrivacyNotice.Type = receiptProfile, "dpv:ConsentNotice"
		r.Header.RecordID = f.Events[len(f.Events)-1].RecordID
		r.Processing.RetentionPeriod.Equality = p.EqualityPeriod
	}
	r.Parties, r.Processing.Recipients = receiptParties(f.Council, p, lang)
	r.Header.ReceiptID = receiptID(f, state)
	return r
}

// lastRecord returns the events of the newest consent record: whoever agrees again after refusing starts a new one.
func lastRecord(events []ConsentEvent) []ConsentEvent {
	var out []ConsentEvent
	for _, e := range events {
		if e.RecordID == events[len(events)-1].RecordID {
			out = append(out, e)
		}
	}
	return out
}

// receiptID names the facts: reference, notice and the last event of the ledger.
func receiptID(f ReceiptFacts, state ConsentState) string {
	last := ""
	if n := len(f.Events); n > 0 {
		last = f.Events[n-1].Hash
	}
	fields := []string{"receipt", f.Reference, f.ConsultationID, f.NoticeSHA256, f.Date, string(state), last}
	if n := len(f.NewUses); n > 0 {
		fields = append(fields, f.NewUses[n-1].Hash)
	}
	sum := seal.Digest(string(seal.Canonical(fields...)))
	return sum[:8] + "-" + sum[8:12] + "-" + sum[12:16] + "-" + sum[16:20] + "-" + sum[20:32]
}

func receiptPurposes(p Processing, lang locale.Lang) []ReceiptPurpose {
	out := []ReceiptPurpose{}
	for _, purpose := range p.Purposes {
		item := ReceiptPurpose{
			Type: "dpv:Purpose", PurposeID: purpose.ID, Purpose: purpose.Text.In(lang), Processing: append([]string{}, texts(purpose.Activities, lang)...),
			LawfulBasis: dpvBasis[purpose.Basis], Article: basisArticle[purpose.Basis],
		}
		if purpose.Condition == ExplicitConsent {
			item.Special = dpvExplicit
		}
		out = append(out, item)
	}
	return out
}

func receiptRights(p Processing, lang locale.Lang) []ReceiptRight {
	out := []ReceiptRight{}
	for _, e := range p.Rights() {
		if text := RightText(e, lang); text != "" {
			out = append(out, ReceiptRight{"dpv:DataSubjectRight", e.Right, e.Offer, text, e.Clause, e.Only})
		}
	}
	return out
}

// receiptData lists what is held: the response, and the equality categories once consent was given.
func receiptData(f ReceiptFacts, state ConsentState) []ReceiptData {
	out := []ReceiptData{{Class: "dpv:PersonalData", Type: f.Processing.Data.In(f.Language), Necessity: "dpv:Required", Held: true}}
	if !slices.ContainsFunc(f.Events, func(e ConsentEvent) bool { return Permits(e.State) }) {
		return out
	}
	for _, name := range texts(f.Processing.Categories, f.Language) {
		out = append(out, ReceiptData{Class: "dpv:SpecialCategoryPersonalData", Type: name, Optional: true, Necessity: "dpv:Optional", Special: true, Held: Permits(state)})
	}
	return out
}

func receiptParties(c Council, p Processing, lang locale.Lang) ([]ReceiptParty, []ReceiptRecipient) {
	parties := []ReceiptParty{
		{ID: partyCouncil, Name: c.Name.In(lang), Address: oneLine(c.Address), Contact: strings.TrimSpace(c.DPOName + " " + c.DPOEmail),
			Type: "dpv:DataController", Email: c.Email, Phone: c.Phone, URL: c.Website},
		{ID: partyRegulator, Name: c.Regulator.In(lang), Address: c.RegulatorContact.In(lang), Contact: c.RegulatorContact.In(lang),
			Type: "dpv:DataProtectionAuthority"},
	}
	recipients := []ReceiptRecipient{}
	ids := map[string]string{}
	for _, r := range p.recipients() {
		if ids[r.Name] == "" {
			ids[r.Name] = "#recipient-" + strconv.Itoa(len(ids)+1)
			// We hold no address of recipients; the controller's data protection officer answers for them.
			parties = append(parties, ReceiptParty{ID: ids[r.Name], Name: r.Name, Address: places(r.Location, lang), Contact: c.DPOEmail, Type: "dpv:Recipient"})
		}
		if item := (ReceiptRecipient{ids[r.Name], r.Form}); !slices.Contains(recipients, item) {
			recipients = append(recipients, item)
		}
	}
	return parties, recipients
}

func receiptEvents(events []ConsentEvent) []ReceiptEvent {
	out := []ReceiptEvent{}
	for _, e := range events {
		item := ReceiptEvent{
			Time: e.At.UTC().Truncate(time.Second), Type: dpvExplicit, State: dpvState[e.State], ConsentState: e.State, EntityID: respondentID,
			Validity: "P0D", ValidUntil: stamp(e.ValidUntil), NoticeVersion: e.NoticeVersion, Channel: e.Channel, Language: e.Language,
			Statement: e.Statement, StatementHash: e.StatementHash, Option: e.Option, LedgerHash: e.Hash,
			GivenBy: e.Evidence.Giver, Relation: e.Evidence.Relation, Form: e.Evidence.Form, Scan: e.Evidence.Scan, GivenOn: e.Evidence.On,
			RecorderRole: e.Evidence.Role, Reason: e.Reason, Supersedes: e.Supersedes,
		}
		if e.Actor != "self" {
			item.RecordedBy = partyCouncil // which officer is no business of the receipt
		}
		switch {
		case e.Evidence.Giver == GivenByParent || e.Evidence.Giver == GivenByRepresentative:
			item.EntityID = "#" + string(e.Evidence.Giver)
		case e.Evidence.Giver == "":
			item.EntityID = cmp.Or(item.RecordedBy, respondentID)
		}
		if Permits(e.State) && e.ValidUntil.After(e.At) {
			item.Validity = Period{Days: int(e.ValidUntil.Sub(e.At).Hours() / 24)}.String()
		}
		out = append(out, item)
	}
	return out
}
