package consult_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// trail is a world in which everybody and everything has a name that can be searched for.
type trail struct {
	*world
	open, draft     *consult.Consultation
	screened        *consult.Consultation
	agreement       *consult.Agreement
	released, other *consult.Release
	done            []consult.Submitted
	invited         *consult.Staff
	token           string
	noticed         *consult.NoticeChange
	flagged         string // a response with a text that is held back
}

const mark = "xqzmark" // in names, texts and addresses of the trail

var marked = survey.Answers{
	"local_area": {Codes: []string{"fairly_satisfied"}}, "runs_things": {Codes: []string{"very_satisfied"}},
	"one_thing": {Text: "Ask " + mark + " Okafor of 4 Mill Lane"}, "ward": {Codes: []string{"abbots_cross"}},
}

// leavesNoTrace are the methods of the service that write nothing into the log, each with why. Whoever adds one says so here or in trailSteps.
var leavesNoTrace = map[string]string{
	"AuditCheckpoint": "the log", "AuditEntry": "the log", "AuditEvents": "the log", "Begin": "an empty draft", "CheckKey": "", "ConsentStatement": "words",
	"ConsultationForStaff": "no answers", "Consultations": "no answers", "Council": "settings", "CouncilVersion": "settings", "Colleagues": "names of colleagues",
	"DisclosureReport": "how the figures of a release were protected, counted by rule", "FileKey": "public", "Geography": "settings",
	"HeldByCode": "looks again in a session whose code OpenByCode has proved, for the respondent", "Invited": "an invitation, for its holder",
	"LogKey": "public", "LogStates": "the log", "MakeCheckpoints": "the log", "Notice": "public", "Notices": "public", "Partners": "no answers",
	"PrivacyLedger": "what releases cost", "Progress": "how many responses there are", "Protection": "settings", "PublicCheckpoint": "public", "PublicConsultation": "public",
	"PublicConsultations": "public", "PublicGrowth": "public", "PublicResults": "public", "Readiness": "no answers", "Receipt": "for the respondent, and no answers",
	"Release": "figures as they are protected for disclosure", "ReleaseCatalogue": "questions", "ReleaseFacts": "no answers", "ReleaseJob": "no answers",
	"ReleaseSeries": "figures as they are protected for disclosure", "Releases": "figures as they are protected for disclosure", "Confidentiality": "words for staff", "Access": "names of colleagues", "SupportAccesses": "names of people who were let in", "SupportProcessors": "names of firms", "AccessReview": "names of colleagues", "Acknowledgements": "a count", "Agreement": "no answers", "Agreements": "no answers",
	"Shelf": "titles", "BeginRecording": "an empty draft", "KioskCode": "an address", "KioskOf": "public", "FormByCode": "words", "ShelfAgreements": "no answers", "SignFiles": "a list of checksums", "StaffList": "names of colleagues", "StaffMember": "the person who is signed in",
	"StopRelease": "ends what has not been made", "Wards": "settings", "WithResults": "public", "WatchLogs": "the log: audit.broken and audit.mended, see TestMending",
	"AgreedFor": "versions of a notice, for the register of requests", "HoldingFor": "what a notice says, for the register of requests", "EqualityOver": "whether a time is over, for the register of requests",
	"Change": "no answers", "ChangeFindings": "no answers", "ChangeProgress": "counts of people who agreed", "Changes": "no answers", "ChangesWaiting": "no answers",
	"NewUses": "words, for the respondent", "ExpireConsent": "consent.expired, by housekeeping: see TestConsentExpires",
	"CheckReceipt": "public", "DisposeEquality": "equality.dispose, by housekeeping", "KeptInformation": "public", "PublicSchedule": "public", "PreviewRetention": "counts", "RefreshPreview": "retention.preview",
	"RetentionPlan": "counts", "RunRetention": "retention.begin and retention.certify, see the tests of retention", "StoredPreview": "counts", "FlagCounts": "counts", "FlaggedTexts": "where texts wait, without them", "HeldBackTexts": "a count", "TextMarks": "hashes of what Copy has shown", "StaleMark": "whether, for housekeeping: request.forget where a mark is forgotten", "PartPostcodes": "postcodes.part where they lay in free text, see TestPartPostcodes", "TagTexts": "texts.tag where texts were stored before there was a search", "SearchSubject": "ids, for the register of requests, which says request.search", "ScanTexts": "texts.scan where texts were stored before there were guards", "EverythingByCode": "as HeldByCode, for the respondent", "ReceiptKey": "public", "ResponseByCode": "an id, for the register of requests", "RestrictIn": "as Restrict", "Rectifiable": "request.read when it is shown, see TestRectifyPages", "PlanRectification": "what Rectifiable showed", "HasStatements": "whether there are any", "SealRecord": "a register", "OpenRecord": "a register",
	"Screening": "no answers of respondents", "Record": "settings", "Snapshots": "settings", "Snapshot": "settings", "TakeSnapshot": "processing.snapshot, see TestTheRecordOfProcessingAndItsSnapshots", "Screenings": "no answers of respondents", "DPIA": "settings",
	"NamedRecipients": "settings",
	"ClaimOrigin":     "store.claim at the first start, see TestClaim", "FirstAdministratorToken": "staff.invite_first at the first start", "DisposeSignIns": "counts of failures, which name nobody",
	"StartRelease": "release.draft, as DraftRelease", "SweepKeys": "keys.sweep where a crash left a key, see TestKeysWithoutARecord", "RepairConsent": "equality.repair where a crash left answers",
	"SettleErasures": "what was erased left its entry", "FindErased": "counts", "CheckRestored": "counts", "KnowList": "store.accept_list where a list is lost: see TestLostListIsRefused", "ReplayErasures": "store.restore and what it erases: see TestRestoreBringsNothingBack",
	"BackupDays": "public", "KeepAnchors": "the log", "Discontinuities": "the log", "RecordRestore": "audit.restored, see the tests of anchors",
	"Unfinished": "counts", "FinishErasures": "equality.repair and keys.sweep where a crash left something", "FinishDisposals": "as RunRetention",
}

// trailStep is one thing that somebody does, in order.
type trailStep struct {
	method string // of the service
	kind   consult.AuditKind
	action string
	also   []string // actions that come with it
	who    string   // kind of actor
	do     func(*testing.T, *trail) error
}

func ignore[T any](_ T, err error) error { return err }

// trailSteps are everything that shows, exports, changes, discloses or erases. The routes that lead here are in internal/ui.
func trailSteps() []trailStep {
	by := func(w *trail, role consult.Role) *consult.Staff { return w.staff[role] }
	specs := []consult.TableSpec{{Question: "local_area"}}
	return []trailStep{
		{"CreateConsultation", consult.Changed, "consultation.create", nil, "staff", func(t *testing.T, w *trail) (err error) {
			w.draft, _, err = w.CreateConsultation(t.Context(), by(w, consult.Researcher), "blank", nil)
			return err
		}},
		{"SaveDetails", consult.Changed, "consultation.details", nil, "staff", func(t *testing.T, w *trail) error {
			d := w.draft.Details
			d.Title = locale.Text{locale.English: "About " + mark, locale.Welsh: "Am " + mark}
			d.ContactName, d.ContactEmail = mark, mark+"@example.org"
			return w.SaveDetails(t.Context(), by(w, consult.Researcher), w.draft.ID, mark, w.draft.Version, d)
		}},
		{"SaveSource", consult.Changed, "consultation.survey", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.SaveSource(t.Context(), by(w, consult.Researcher), w.draft.ID, w.draft.Version+1, w.draft.Source))
		}},
		{"SaveDefinition", consult.Changed, "consultation.survey", nil, "staff", func(t *testing.T, w *trail) error {
			_, def, _, err := w.ConsultationForStaff(t.Context(), by(w, consult.Researcher), w.draft.ID)
			if err != nil {
				return err
			}
			return ignore(w.SaveDefinition(t.Context(), by(w, consult.Researcher), w.draft.ID, w.draft.Version+2, def))
		}},
		{"ApproveAges", consult.Changed, "consultation.approve_ages", nil, "staff", func(t *testing.T, w *trail) error {
			return w.ApproveAges(t.Context(), by(w, consult.DPO), w.draft.ID, w.draft.Version+3, mark, mark)
		}},
		{"EraseDraft", consult.Erased, "consultation.erase", nil, "staff", func(t *testing.T, w *trail) error {
			return w.EraseDraft(t.Context(), by(w, consult.Researcher), w.draft.ID)
		}},
		{"SaveDPIA", consult.Changed, "dpia.save", nil, "staff", func(t *testing.T, w *trail) error {
			w.platform(t)
			return nil
		}},
		{"Screen", consult.Changed, "screening.answer", []string{"consultation.create", "consultation.details"}, "staff", func(t *testing.T, w *trail) error {
			w.screened = w.world.draft(t, "net-zero")
			w.answer(t, w.screened.ID, func(a map[string]privacy.ScreeningAnswer) {
				a["tracking"] = privacy.ScreeningAnswer{Yes: true, Why: mark}
			})
			return nil
		}},
		{"DecideScreening", consult.Changed, "screening.decide", nil, "staff", func(t *testing.T, w *trail) error {
			d := approval(w.world)
			d.Reasons, d.Reference = mark+" said so", mark
			w.decide(t, w.screened.ID, d)
			return nil
		}},
		{"ExportRecord", consult.Exported, "processing.export", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.ExportRecord(t.Context(), by(w, consult.DPO), ""))
		}},
		{"Publish", consult.Changed, "consultation.publish", []string{"consultation.create", "consultation.details", "screening.answer", "screening.decide", "dpia.save"}, "staff", func(t *testing.T, w *trail) error {
			w.open = w.world.open(t, "resident-satisfaction")
			return nil
		}},
		{"SubmitResponse", consult.Changed, "response.submit", nil, "respondent", func(t *testing.T, w *trail) error {
			w.done = append(w.done, w.submit(t, w.open, marked))
			return nil
		}},
		{"IssueForm", consult.Changed, "form.issue", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.IssueForm(t.Context(), by(w, consult.Interviewer), w.open.ID, privacy.PaperForm, locale.English))
		}},
		{"RecordResponse", consult.Changed, "response.record", nil, "staff", func(t *testing.T, w *trail) error {
			done, err := w.RecordResponse(t.Context(), by(w, consult.Researcher), w.begin(t, w.open, marked), w.paper(t, w.open, "DOC-2026-0001"))
			w.done = append(w.done, done)
			return err
		}},
		{"CheckEqualityAge", consult.Changed, "response.age", []string{"response.submit", "response.withdraw"}, "respondent", func(t *testing.T, w *trail) error {
			d := w.begin(t, w.open, marked)
			d.Ages = privacy.AgeChecks{}
			done, err := w.SubmitResponse(t.Context(), d)
			if err != nil {
				return err
			}
			_, err = w.CheckEqualityAge(t.Context(), done.Code, true)
			return errors.Join(err, w.WithdrawResponse(t.Context(), done.Code))
		}},
		{"DecideConsent", consult.Changed, "consent.given", nil, "respondent", func(t *testing.T, w *trail) error {
			w.consent(t, w.open, w.done[0].Code, true)
			return nil
		}},
		{"DecideConsent", consult.Changed, "consent.refused", nil, "respondent", func(t *testing.T, w *trail) error {
			w.consent(t, w.open, w.done[1].Code, false)
			return nil
		}},
		{"SaveEquality", consult.Changed, "equality.save", nil, "respondent", func(t *testing.T, w *trail) error {
			return w.SaveEquality(t.Context(), w.done[0].Code, w.open.ID, sex)
		}},
		{"ChangeEquality", consult.Changed, "equality.change", nil, "respondent", func(t *testing.T, w *trail) error {
			return w.ChangeEquality(t.Context(), w.done[0].Code, w.open.ID, w.shown(t, w.done[0], sex))
		}},
		{"OpenByCode", consult.Saw, "response.open", nil, "respondent", func(t *testing.T, w *trail) error {
			return ignore(w.OpenByCode(t.Context(), w.done[0].Code, "203.0.113.7"))
		}},
		{"OpenByCode", consult.Entered, "code.unknown", nil, "respondent", func(t *testing.T, w *trail) error {
			_, err := w.OpenByCode(t.Context(), "ABCD-EFGH-JKMN-PQRS", "203.0.113.7")
			if err == nil {
				return fmt.Errorf("an unknown code was opened")
			}
			return nil
		}},
		{"Results", consult.Saw, "results.see", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.Results(t.Context(), by(w, consult.Researcher), w.open.ID))
		}},
		{"CrossTab", consult.Saw, "results.cross", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.CrossTab(t.Context(), by(w, consult.Researcher), w.open.ID, "local_area", "sex"))
		}},
		{"Texts", consult.Saw, "texts.read", nil, "staff", func(t *testing.T, w *trail) error {
			page, err := w.Texts(t.Context(), by(w, consult.Approver), w.open.ID, "one_thing", 0, 10)
			if err == nil && (len(page.Texts) != 2 || !strings.Contains(page.Texts[0].Text, mark)) {
				t.Errorf("texts: %+v", page.Texts)
			}
			return err
		}},
		{"FlaggedText", consult.Saw, "texts.flagged", []string{"response.submit"}, "staff", func(t *testing.T, w *trail) error {
			answers := maps.Clone(marked)
			answers["one_thing"] = survey.Answer{Text: "Write to " + mark + "@resident.example"}
			w.flagged = w.submit(t, w.open, answers).ResponseID
			return ignore(w.FlaggedText(t.Context(), by(w, consult.DPO), w.open.ID, w.flagged, "one_thing"))
		}},
		{"ProveForm", consult.Saw, "consent.prove", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.ProveForm(t.Context(), by(w, consult.DPO), "DOC-2026-0471"))
		}},
		{"RedactText", consult.Changed, "texts.redact", nil, "staff", func(t *testing.T, w *trail) error {
			return w.RedactText(t.Context(), by(w, consult.DPO), w.flagged, "one_thing", "Write to [removed]", mark+" asked")
		}},
		{"ReopenText", consult.Changed, "texts.reopen", nil, "staff", func(t *testing.T, w *trail) error {
			return w.ReopenText(t.Context(), by(w, consult.DPO), w.flagged, "one_thing")
		}},
		{"ClearText", consult.Changed, "texts.clear", nil, "staff", func(t *testing.T, w *trail) error {
			return w.ClearText(t.Context(), by(w, consult.DPO), w.flagged, "one_thing", mark+" is a firm")
		}},
		{"EachResponse", consult.Exported, "responses.export", nil, "staff", func(t *testing.T, w *trail) error {
			return w.EachResponse(t.Context(), by(w, consult.Researcher), w.open.ID, func(*consult.Response) error { return nil })
		}},
		{"EachResponseAsTold", consult.Exported, "responses.export", nil, "staff", func(t *testing.T, w *trail) error {
			return w.EachResponseAsTold(t.Context(), by(w, consult.Researcher), w.open.ID, func(*consult.Response) error { return nil })
		}},
		{"DraftChange", consult.Changed, "notice.draft", nil, "staff", func(t *testing.T, w *trail) (err error) {
			w.noticed, err = w.DraftChange(t.Context(), by(w, consult.Researcher), w.open.ID)
			return err
		}},
		{"EraseChange", consult.Erased, "notice.erase", nil, "staff", func(t *testing.T, w *trail) error {
			return w.EraseChange(t.Context(), by(w, consult.Researcher), w.noticed.ID)
		}},
		{"SaveChange", consult.Changed, "notice.edit", []string{"notice.draft"}, "staff", func(t *testing.T, w *trail) (err error) {
			if w.noticed, err = w.DraftChange(t.Context(), by(w, consult.Researcher), w.open.ID); err != nil {
				return err
			}
			after := w.noticed.After
			nameNewcomer(true)(&after)
			return w.SaveChange(t.Context(), by(w, consult.Researcher), w.noticed.ID, 1, after)
		}},
		{"ProposeChange", consult.Changed, "notice.propose", []string{"screening.answer", "screening.decide"}, "staff", func(t *testing.T, w *trail) error {
			w.screen(t, w.open.ID)
			note := locale.Text{locale.English: mark, locale.Welsh: mark}
			return w.ProposeChange(t.Context(), by(w, consult.Researcher), w.noticed.ID, 2, consult.ChangeProposal{Note: note})
		}},
		{"ReturnChange", consult.Changed, "notice.return", nil, "staff", func(t *testing.T, w *trail) error {
			return w.ReturnChange(t.Context(), by(w, consult.DPO), w.noticed.ID, 3, "Ask "+mark)
		}},
		{"ConfirmChange", consult.Changed, "notice.confirm", []string{"notice.propose"}, "staff", func(t *testing.T, w *trail) error {
			note := locale.Text{locale.English: mark, locale.Welsh: mark}
			if err := w.ProposeChange(t.Context(), by(w, consult.Researcher), w.noticed.ID, 4, consult.ChangeProposal{Note: note}); err != nil {
				return err
			}
			err := w.ConfirmChange(t.Context(), by(w, consult.DPO), w.noticed.ID, 5)
			w.open = w.reload(t, w.open.ID)
			return err
		}},
		{"DecideNewUse", consult.Changed, "newuse.refused", nil, "respondent", func(t *testing.T, w *trail) error {
			w.choose(t, w.done[1].Code, privacy.PartResponses, false)
			return nil
		}},
		{"DecideNewUse", consult.Changed, "newuse.given", nil, "respondent", func(t *testing.T, w *trail) error {
			w.choose(t, w.done[1].Code, privacy.PartResponses, true)
			return nil
		}},
		{"DecideNewUse", consult.Changed, "newuse.withdrawn", nil, "respondent", func(t *testing.T, w *trail) error {
			w.choose(t, w.done[1].Code, privacy.PartResponses, false)
			return nil
		}},
		{"EndNewUseFor", consult.Changed, "newuse.withdrawn", []string{"newuse.given"}, "staff", func(t *testing.T, w *trail) error {
			w.choose(t, w.done[1].Code, privacy.PartResponses, true)
			return w.EndNewUseFor(t.Context(), by(w, consult.DPO), w.done[1].ResponseID, privacy.PartResponses, w.open.NoticeVersion, consult.Telephone, func(consult.Writer) error { return nil })
		}},
		{"EndAsking", consult.Changed, "notice.end", nil, "staff", func(t *testing.T, w *trail) error {
			return w.EndAsking(t.Context(), by(w, consult.DPO), w.noticed.ID, 6)
		}},
		{"EverythingOf", consult.Saw, "request.read", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.EverythingOf(t.Context(), by(w, consult.DPO), w.done[0].ResponseID, "0123456789abcdef0123456789abcdef"))
		}},
		{"EverythingButEquality", consult.Saw, "request.read", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.EverythingButEquality(t.Context(), by(w, consult.DPO), w.done[0].ResponseID, "0123456789abcdef0123456789abcdef"))
		}},
		{"SubjectMatches", consult.Saw, "request.compare", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.SubjectMatches(t.Context(), by(w, consult.DPO), "0123456789abcdef0123456789abcdef", []string{w.done[0].ResponseID}))
		}},
		{"Rectify", consult.Changed, "response.rectify", nil, "staff", func(t *testing.T, w *trail) error {
			return w.rectify(t, w.done[0].ResponseID, func(a survey.Answers) { a["one_thing"] = survey.Answer{Text: "Ask " + mark + " the other one"} })
		}},
		{"Restrict", consult.Changed, "response.restrict", nil, "staff", func(t *testing.T, w *trail) error {
			return w.Restrict(t.Context(), by(w, consult.DPO), w.done[0].ResponseID, "r", true, func(consult.Writer) error { return nil })
		}},
		{"Restrict", consult.Changed, "response.lift", nil, "staff", func(t *testing.T, w *trail) error {
			return w.Restrict(t.Context(), by(w, consult.DPO), w.done[0].ResponseID, "r", false, func(consult.Writer) error { return nil })
		}},
		{"DecideConsentFor", consult.Changed, "consent.given", []string{"form.issue", "response.record", "response.age"}, "staff", func(t *testing.T, w *trail) error {
			form, done := w.takeDown(t, w.open, consult.Telephone, marked)
			w.done = append(w.done[:2:2], append([]consult.Submitted{done}, w.done[2:]...)...)
			return ignore(w.DecideConsentFor(t.Context(), by(w, consult.Interviewer), done.Code, consult.Decision{Given: true, OldEnough: true, StatementHash: form.StatementHash}))
		}},
		{"ChangeEqualityFor", consult.Changed, "equality.change", nil, "staff", func(t *testing.T, w *trail) error {
			return w.ChangeEqualityFor(t.Context(), by(w, consult.DPO), w.done[0].ResponseID, w.shown(t, w.done[0], otherSex), func(consult.Writer) error { return nil })
		}},
		{"SaveEqualityFor", consult.Changed, "equality.save", nil, "staff", func(t *testing.T, w *trail) error {
			return w.SaveEqualityFor(t.Context(), by(w, consult.Interviewer), w.done[2].Code, w.open.ID, sex)
		}},
		{"EraseRecorded", consult.Erased, "response.unrecord", nil, "staff", func(t *testing.T, w *trail) error {
			return w.EraseRecorded(t.Context(), by(w, consult.Interviewer), w.done[2].Code, "misread")
		}},
		{"WithdrawConsent", consult.Erased, "consent.withdrawn", nil, "respondent", func(t *testing.T, w *trail) error {
			return ignore(w.WithdrawConsent(t.Context(), w.done[0].Code))
		}},
		{"WithdrawResponse", consult.Erased, "response.withdraw", nil, "respondent", func(t *testing.T, w *trail) error {
			return w.WithdrawResponse(t.Context(), w.done[0].Code)
		}},
		{"WithdrawConsentFor", consult.Erased, "consent.withdrawn", nil, "staff", func(t *testing.T, w *trail) error {
			w.done = append(w.done, w.submit(t, w.open, marked))
			last := w.done[len(w.done)-1]
			w.consent(t, w.open, last.Code, true)
			return ignore(w.WithdrawConsentFor(t.Context(), by(w, consult.DPO), last.ResponseID, consult.Telephone, func(consult.Writer) error { return nil }))
		}},
		{"RecordDestroyed", consult.Erased, "keys.destroy", nil, "system", func(t *testing.T, w *trail) error {
			return w.RecordDestroyed(t.Context(), "20260329T013000Z-0a1b2c3d")
		}},
		{"EraseFor", consult.Erased, "response.withdraw", nil, "staff", func(t *testing.T, w *trail) error {
			return w.EraseFor(t.Context(), by(w, consult.DPO), w.done[len(w.done)-1].ResponseID, consult.Telephone, func(consult.Writer) error { return nil })
		}},
		{"AddPartner", consult.Changed, "partner.add", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.AddPartner(t.Context(), by(w, consult.Approver), consult.Partner{Name: mark + " Ltd", Kind: "company"}))
		}},
		{"AddAgreement", consult.Changed, "agreement.add", nil, "staff", func(t *testing.T, w *trail) (err error) {
			w.agreement, err = w.AddAgreement(t.Context(), by(w, consult.Approver), consult.Agreement{NotMarketing: true, PartnerID: w.staff[consult.PartnerUser].PartnerID, Purpose: "For " + mark,
				Promises: mark + " promises", ContactName: mark, ContactEmail: mark + "@example.org", StartsOn: w.clock().Format(time.DateOnly), ExpiresAt: w.clock().AddDate(1, 0, 0)})
			return err
		}},
		{"UpdateAgreement", consult.Changed, "agreement.change", nil, "staff", func(t *testing.T, w *trail) error {
			a := *w.agreement
			a.ContactName = mark + " Jones"
			return w.UpdateAgreement(t.Context(), by(w, consult.Approver), a)
		}},
		{"EstimateRelease", consult.Saw, "release.estimate", nil, "staff", func(t *testing.T, w *trail) error {
			for range 30 {
				w.done = append(w.done, w.submit(t, w.open, marked))
			}
			w.turn(w.open.ClosesAt.Add(time.Hour).Sub(w.clock()))
			return ignore(w.EstimateRelease(t.Context(), by(w, consult.Researcher), w.open.ID, w.agreement.ID, specs))
		}},
		{"DraftRelease", consult.Changed, "release.draft", nil, "staff", func(t *testing.T, w *trail) error {
			title := locale.Text{locale.English: mark, locale.Welsh: mark}
			r, err := w.DraftRelease(t.Context(), by(w, consult.Researcher), w.open.ID, w.agreement.ID, title, specs)
			w.other = r
			return err
		}},
		{"EraseReleaseDraft", consult.Erased, "release.erase", nil, "staff", func(t *testing.T, w *trail) error {
			return w.EraseReleaseDraft(t.Context(), by(w, consult.Researcher), w.other.ID)
		}},
		{"ProposeRelease", consult.Changed, "release.propose", []string{"release.draft"}, "staff", func(t *testing.T, w *trail) error {
			w.released = w.draftRelease(t, w.open, w.agreement, specs...)
			return w.ProposeRelease(t.Context(), by(w, consult.Researcher), w.released.ID, w.released.Version, checked)
		}},
		{"ReturnRelease", consult.Changed, "release.return", nil, "staff", func(t *testing.T, w *trail) error {
			return w.ReturnRelease(t.Context(), by(w, consult.Approver), w.released.ID, w.released.Version+1, "Ask "+mark)
		}},
		{"ApproveRelease", consult.Disclosed, "release.approve", []string{"release.propose"}, "staff", func(t *testing.T, w *trail) error {
			if err := w.ProposeRelease(t.Context(), by(w, consult.Researcher), w.released.ID, w.released.Version+2, checked); err != nil {
				return err
			}
			return w.ApproveRelease(t.Context(), by(w, consult.Approver), w.released.ID, w.released.Version+3, true)
		}},
		{"ShelfRelease", consult.Disclosed, "release.open", nil, "partner", func(t *testing.T, w *trail) error {
			_, _, err := w.ShelfRelease(t.Context(), by(w, consult.PartnerUser), w.released.ID, "csv")
			return err
		}},
		{"RevokeRelease", consult.Changed, "release.revoke", nil, "staff", func(t *testing.T, w *trail) error {
			return w.RevokeRelease(t.Context(), by(w, consult.Approver), w.released.ID, w.released.Version+4, mark+" asked")
		}},
		{"SaveOutcome", consult.Changed, "consultation.outcome", nil, "staff", func(t *testing.T, w *trail) error {
			text := locale.Text{locale.English: mark, locale.Welsh: mark}
			o := consult.Outcome{Asked: text, Said: text, Did: text}
			return w.SaveOutcome(t.Context(), by(w, consult.Researcher), w.open.ID, w.reload(t, w.open.ID).Version, o, false)
		}},
		{"Invite", consult.Changed, "staff.invite", nil, "staff", func(t *testing.T, w *trail) (err error) {
			w.token, err = w.Invite(t.Context(), by(w, consult.Administrator), consult.Staff{Name: mark + " Jones", Email: mark + ".jones@example.org", Role: consult.Researcher})
			if err != nil {
				return err
			}
			w.invited, err = w.Invited(t.Context(), w.token)
			return err
		}},
		{"Reinvite", consult.Changed, "staff.reinvite", nil, "staff", func(t *testing.T, w *trail) (err error) {
			w.token, err = w.Reinvite(t.Context(), by(w, consult.Administrator), w.invited.ID)
			return err
		}},
		{"AcceptInvitation", consult.Changed, "staff.accept", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.AcceptInvitation(t.Context(), w.token, "", "", password))
		}},
		{"Acknowledge", consult.Changed, "staff.acknowledge", nil, "staff", func(t *testing.T, w *trail) error {
			statement, err := w.Confidentiality(t.Context())
			if err != nil {
				return err
			}
			return w.Acknowledge(t.Context(), w.invited, statement.Hash)
		}},
		{"SaveConfidentiality", consult.Changed, "settings.confidentiality", nil, "staff", func(t *testing.T, w *trail) error {
			return w.SaveConfidentiality(t.Context(), by(w, consult.DPO), 1, locale.Text{locale.English: "Tell " + mark, locale.Welsh: "Dywedwch wrth " + mark})
		}},
		{"SaveAccessPeriod", consult.Changed, "settings.access", nil, "staff", func(t *testing.T, w *trail) error {
			return w.SaveAccessPeriod(t.Context(), by(w, consult.Administrator), 0, 3)
		}},
		{"DecideAccess", consult.Changed, "access.review", nil, "staff", func(t *testing.T, w *trail) error {
			return w.decideAll(t, consult.DPO, "keep", mark+" is needed")
		}},
		{"DecideAccess", consult.Changed, "access.finish", []string{"access.review"}, "staff", func(t *testing.T, w *trail) error {
			return w.decideAll(t, consult.Administrator, "keep", mark+" too")
		}},
		{"OpenSupport", consult.Changed, "support.open", nil, "staff", func(t *testing.T, w *trail) error {
			_, faults, err := w.OpenSupport(t.Context(), by(w, consult.Administrator), consult.SupportRequest{Name: mark + " Host", Email: mark + "@hosting.example", Organisation: mark, Reason: mark, Hours: 4})
			return errors.Join(append(faults, err)...)
		}},
		{"EndSupport", consult.Changed, "support.end", nil, "staff", func(t *testing.T, w *trail) error {
			all, _, err := w.SupportAccesses(t.Context(), by(w, consult.DPO))
			if err != nil {
				return err
			}
			return w.EndSupport(t.Context(), by(w, consult.DPO), all[0].StaffID)
		}},
		{"System", consult.Saw, "system.open", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.System(t.Context(), by(w, consult.Administrator)))
		}},
		{"ExportAccessReview", consult.Exported, "access.export", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.ExportAccessReview(t.Context(), by(w, consult.DPO), 1))
		}},
		{"SignIn", consult.Entered, "staff.sign_in", nil, "staff", func(t *testing.T, w *trail) error {
			return ignore(w.SignIn(t.Context(), mark+".jones@example.org", password, "203.0.113.7"))
		}},
		{"SignIn", consult.Entered, "staff.sign_in_refused", nil, "system", func(t *testing.T, w *trail) error {
			if _, err := w.SignIn(t.Context(), mark+".nobody@example.org", password, "203.0.113.7"); err == nil {
				return fmt.Errorf("nobody signed in")
			}
			return nil
		}},
		{"SignOut", consult.Entered, "staff.sign_out", nil, "staff", func(t *testing.T, w *trail) error {
			return w.SignOut(t.Context(), w.invited)
		}},
		{"ChangeStaff", consult.Changed, "staff.change", nil, "staff", func(t *testing.T, w *trail) error {
			m, err := w.StaffMember(t.Context(), w.invited.ID)
			if err != nil {
				return err
			}
			m.Name = mark + " Smith"
			return w.ChangeStaff(t.Context(), by(w, consult.Administrator), *m)
		}},
		{"SaveCouncil", consult.Changed, "settings.council", nil, "staff", func(t *testing.T, w *trail) error {
			c, version, err := w.CouncilVersion(t.Context())
			if err != nil {
				return err
			}
			c.DPOName, c.DPOEmail = mark, mark+"@example.org"
			return ignore(w.SaveCouncil(t.Context(), by(w, consult.Administrator), version, c))
		}},
		{"SaveGeography", consult.Changed, "settings.geography", nil, "staff", func(t *testing.T, w *trail) error {
			return w.SaveGeography(t.Context(), by(w, consult.Administrator), geography())
		}},
		{"SaveProtection", consult.Changed, "settings.protection", nil, "staff", func(t *testing.T, w *trail) error {
			p, version, err := w.Protection(t.Context())
			if err != nil {
				return err
			}
			return ignore(w.SaveProtection(t.Context(), by(w, consult.Administrator), version, p))
		}},
		{"ExportAudit", consult.Exported, "audit.export", nil, "staff", func(t *testing.T, w *trail) error {
			return w.ExportAudit(t.Context(), by(w, consult.DPO), consult.AuditFilter{Object: mark}, func(privacy.AuditEvent) error { return nil })
		}},
		{"RenewConsent", consult.Changed, "consent.renewed", []string{"newuse.given"}, "respondent", func(t *testing.T, w *trail) error {
			c, done := w.renewing(t)
			w.done = append(w.done, done)
			if err := w.renewNow(t, c, done); err != nil {
				return err
			}
			return ignore(w.WithdrawConsent(t.Context(), done.Code)) // or it would be disposed of by a later step
		}},
		{"DisposeResponses", consult.Erased, "equality.dispose", []string{"responses.dispose"}, "system", func(t *testing.T, w *trail) error {
			return w.disposeLate(t)
		}},
		{"DisposeResponses", consult.Erased, "responses.dispose", []string{"equality.dispose"}, "system", func(t *testing.T, w *trail) error {
			return w.disposeLate(t)
		}},
	}
}

// disposeLate has a consultation with equality answers whose time ends.
func (w *trail) disposeLate(t *testing.T) error {
	c := w.world.open(t, "resident-satisfaction")
	done := w.submit(t, c, marked)
	w.done = append(w.done, done)
	w.consent(t, c, done.Code, true)
	if err := w.SaveEquality(t.Context(), done.Code, c.ID, sex); err != nil {
		return err
	}
	period, err := privacy.ParsePeriod(c.Processing.Retention)
	if err != nil {
		return err
	}
	w.turn(privacy.AddPeriod(c.ClosesAt, period).Sub(w.clock()))
	return ignore(w.DisposeResponses(t.Context()))
}

// since returns the entries after one.
func (w *world) entriesAfter(t testing.TB, after int64) (out []privacy.AuditEvent) {
	t.Helper()
	err := w.Store.Logs().EachAuditEntry(t.Context(), after, 1<<60, func(e privacy.AuditEvent) error { out = append(out, e); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWhoSawExportedChangedDisclosedErased: everything of these five kinds leaves one entry that says who, what and on which record. A method of the
// service that is in neither table fails the test.
func TestWhoSawExportedChangedDisclosedErased(t *testing.T) {
	w := &trail{world: newWorld(t)}
	kinds := map[string]consult.AuditKind{}
	for _, a := range consult.AuditActions() {
		kinds[a.Name] = a.Kind
	}
	covered, done := maps.Clone(leavesNoTrace), map[string]bool{}
	for _, step := range trailSteps() {
		covered[step.method] = "has an entry"
		done[step.action] = true
		before := w.end(t, privacy.AuditLog)
		if err := step.do(t, w); err != nil {
			t.Fatalf("%s: %v", step.method, err)
		}
		var entries []privacy.AuditEvent
		for _, e := range w.entriesAfter(t, before) {
			if e.Action == step.action {
				entries = append(entries, e)
			} else if !slices.Contains(step.also, e.Action) && e.Action != "response.submit" && !strings.HasPrefix(e.Action, "screening.") && !strings.HasPrefix(e.Action, "retention.") && !strings.HasPrefix(e.Action, "consultation.") && !strings.HasPrefix(e.Action, "consent.") && e.Action != "equality.save" {
				t.Errorf("%s: also %s", step.method, e.Action)
			}
		}
		if len(entries) != 1 {
			t.Errorf("%s: %d entries %s, want one", step.method, len(entries), step.action)
			continue
		}
		e := entries[0]
		if kinds[step.action] != step.kind {
			t.Errorf("%s is of the kind %s, want %s", step.action, kinds[step.action], step.kind)
		}
		if e.Actor.Kind != step.who || (e.Actor.ID == "") != (step.who == "respondent" || step.who == "system") {
			t.Errorf("%s: done by %+v, want %s", step.action, e.Actor, step.who)
		}
		if kind, id, ok := strings.Cut(e.Object, ":"); !ok || kind == "" || id == "" {
			t.Errorf("%s: on %q", step.action, e.Object)
		}
	}
	service := reflect.TypeFor[*consult.Service]()
	for i := range service.NumMethod() {
		if name := service.Method(i).Name; covered[name] == "" && name != "CheckKey" {
			t.Errorf("%s is in neither table: what does it leave in the log, or why nothing?", name)
		}
	}
	for name, kind := range kinds {
		if noun, _, _ := strings.Cut(name, "."); noun == "breach" || noun == "request" && name != "request.read" || noun == "retention" || noun == "registers" || noun == "processing" || noun == "disclosure" || noun == "processor" || name == "texts.dispose" || name == "postcodes.coarsen" {
			continue // the registers and retention: tests of their own do each and look for it
		}
		if kind != consult.Ran && !done[name] && !slices.Contains([]string{"equality.repair", "keys.sweep", "staff.invite_first"}, name) {
			t.Errorf("%s is done by no step", name)
		}
	}
	t.Run("no personal data", w.namesNobody)
}

// shape is what the fields of an entry look like: ids, codes, counts, hashes, dates and the names of files; never words that somebody typed.
var (
	idShape     = regexp.MustCompile(`^([0-9a-f]{32})?$`)
	objectShape = regexp.MustCompile(`^(consultation|release|partner|agreement|staff|request|breach|certificate|hold):([0-9a-f]{32}|unknown|first)$|^(setting|log|store|code|key|equality|texts|retention|processing):[a-z]+$`)
	detailShape = map[string]*regexp.Regexp{}
)

func init() {
	number, word, hash := `[0-9]+`, `[a-z_-]+`, `([0-9a-f]{64})?`
	detailShape["generation"] = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$`)
	for name, shape := range map[string]string{"version": number, "number": number, "kept": number, "ended": number, "months": number, "hours": number, "responses": number, "tables": number, "erased": number, "wards": number, "postcodes": number, "destroyed": number,
		"entry": number, "class": word, "rule": word, "record_key": number, "response": number, "profile": number, "free_text": number, "register_entry": number, "items": number, "through": number, "checkpoints": number, "fault": word, "role": word, "state": word, "notice_version": number, "from": number, "count": number, "part": word, "public": `yes`, "not_marketing": `(yes|no)`, "form": `[PS](-[0-9A-Z]{4}){3}`, "reason": word, "library": word, "question": word, "by": word, "format": `[a-z.-]+`,
		"origin": `"[a-z]+"`, "expires": `\d{4}-\d\d-\d\d`, "sha256": hash, "report_sha256": hash, "filters": `[a-z ]+`} {
		detailShape[name] = regexp.MustCompile(`^` + shape + `$`)
	}
}

// namesNobody searches the table for everything in the trail that could name somebody, and holds each field to its shape.
func (w *trail) namesNobody(t *testing.T) {
	secrets := []string{mark, "Okafor", "Mill Lane", "abbots_cross", "203.0.113", "example.org", "Pat ", password}
	for _, d := range w.done {
		secrets = append(secrets, d.Code, d.Reference, d.ResponseID, strings.ReplaceAll(d.Code, "-", ""), w.Keys.PrincipalToken(d.ResponseID), w.Keys.EqualityToken(d.ResponseID),
			w.Keys.CodeHash(d.Code))
	}
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		all, err := r.StaffList()
		for _, m := range all {
			secrets = append(secrets, m.Name, m.Email)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite3", "file:"+filepath.Join(w.dir, "main.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	rows, err := raw.QueryContext(context.Background(), `select * from audit_event`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(string)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		n++
		for i, c := range cells {
			text := strings.ToLower(*c.(*string))
			for _, secret := range secrets {
				if secret != "" && strings.Contains(text, strings.ToLower(secret)) {
					t.Errorf("entry %d: %s holds %q", n, columns[i], secret)
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d entries: the trail is broken", n)
	}
	for _, e := range w.entriesAfter(t, 0) {
		if strings.HasPrefix(e.Action, "test.") {
			continue
		}
		if !idShape.MatchString(e.Actor.ID) || !objectShape.MatchString(e.Object) {
			t.Errorf("%s by %q on %q: neither is an id", e.Action, e.Actor.ID, e.Object)
		}
		for name, value := range e.Detail {
			if shape := detailShape[name]; shape == nil || !shape.MatchString(value) {
				t.Errorf("%s: the detail %s is %q: can it ever hold what somebody typed?", e.Action, name, value)
			}
		}
	}
}
