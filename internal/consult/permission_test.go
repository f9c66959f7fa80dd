package consult_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// officeCalls calls every method that takes a person who signed in, with arguments that get past the permission and no further.
func officeCalls(w *world, ctx context.Context) map[string]func(*consult.Staff) error {
	s := w.Service
	none := locale.Text{}
	return map[string]func(*consult.Staff) error{
		"Acknowledge": func(by *consult.Staff) error { return s.Acknowledge(ctx, by, "x") },
		"OpenSupport": func(by *consult.Staff) error {
			_, _, err := s.OpenSupport(ctx, by, consult.SupportRequest{})
			return err
		},
		"EndSupport":        func(by *consult.Staff) error { return s.EndSupport(ctx, by, "x") },
		"SupportAccesses":   func(by *consult.Staff) error { _, _, err := s.SupportAccesses(ctx, by); return err },
		"SupportProcessors": func(by *consult.Staff) error { _, err := s.SupportProcessors(ctx, by); return err },
		"System": func(by *consult.Staff) error {
			ended, end := context.WithCancel(ctx) // or it would grow the log, as it should
			end()
			_, err := s.System(ended, by)
			return err
		},
		"Access":              func(by *consult.Staff) error { _, err := s.Access(ctx, by); return err },
		"AccessReview":        func(by *consult.Staff) error { _, _, err := s.AccessReview(ctx, by, 9); return err },
		"ExportAccessReview":  func(by *consult.Staff) error { _, err := s.ExportAccessReview(ctx, by, 9); return err },
		"DecideAccess":        func(by *consult.Staff) error { _, _, err := s.DecideAccess(ctx, by, nil); return err },
		"SaveAccessPeriod":    func(by *consult.Staff) error { return s.SaveAccessPeriod(ctx, by, 99, 6) },
		"Acknowledgements":    func(by *consult.Staff) error { _, _, err := s.Acknowledgements(ctx, by); return err },
		"SaveConfidentiality": func(by *consult.Staff) error { return s.SaveConfidentiality(ctx, by, 0, none) },
		"AddAgreement":        func(by *consult.Staff) error { _, err := s.AddAgreement(ctx, by, consult.Agreement{}); return err },
		"AddPartner":          func(by *consult.Staff) error { _, err := s.AddPartner(ctx, by, consult.Partner{}); return err },
		"Agreement":           func(by *consult.Staff) error { _, _, err := s.Agreement(ctx, by, "x"); return err },
		"Agreements":          func(by *consult.Staff) error { _, err := s.Agreements(ctx, by); return err },
		"ApproveAges":         func(by *consult.Staff) error { return s.ApproveAges(ctx, by, "x", 1, "", "why") },
		"ApproveRelease":      func(by *consult.Staff) error { return s.ApproveRelease(ctx, by, "x", 1, false) },
		"AuditEvents":         func(by *consult.Staff) error { _, err := s.AuditEvents(ctx, by, consult.AuditFilter{}); return err },
		"AuditEntry":          func(by *consult.Staff) error { _, err := s.AuditEntry(ctx, by, 1); return err },
		"AuditCheckpoint":     func(by *consult.Staff) error { _, err := s.AuditCheckpoint(ctx, by); return err },
		"ExportAudit": func(by *consult.Staff) error {
			ended, end := context.WithCancel(ctx) // or it would grow the log, as it should
			end()
			return s.ExportAudit(ended, by, consult.AuditFilter{Before: 1}, nil)
		},
		"ChangeStaff": func(by *consult.Staff) error {
			return s.ChangeStaff(ctx, by, consult.Staff{ID: "x", Role: consult.Researcher})
		},
		"Colleagues":           func(by *consult.Staff) error { _, err := s.Colleagues(ctx, by); return err },
		"Progress":             func(by *consult.Staff) error { _, err := s.Progress(ctx, by, "x"); return err },
		"ConsultationForStaff": func(by *consult.Staff) error { _, _, _, err := s.ConsultationForStaff(ctx, by, "x"); return err },
		"Consultations": func(by *consult.Staff) error {
			_, err := s.Consultations(ctx, by, consult.ConsultationFilter{})
			return err
		},
		"CreateConsultation": func(by *consult.Staff) error { _, _, err := s.CreateConsultation(ctx, by, "x", nil); return err },
		"CrossTab":           func(by *consult.Staff) error { _, err := s.CrossTab(ctx, by, "x", "q", "r"); return err },
		"DisclosureReport": func(by *consult.Staff) error {
			_, err := s.DisclosureReport(ctx, by, "x")
			return err
		},
		"LogStates": func(by *consult.Staff) error { _, err := s.LogStates(ctx, by); return err },
		"PrivacyLedger": func(by *consult.Staff) error {
			_, err := s.PrivacyLedger(ctx, by, "x")
			return err
		},
		"StartRelease": func(by *consult.Staff) error {
			_, err := s.StartRelease(ctx, by, consult.ReleaseChoice{}, 0)
			return err
		},
		"ReleaseJob":      func(by *consult.Staff) error { _, err := s.ReleaseJob(ctx, by, "x"); return err },
		"StopRelease":     func(by *consult.Staff) error { return s.StopRelease(ctx, by, "x") },
		"EstimateRelease": func(by *consult.Staff) error { _, err := s.EstimateRelease(ctx, by, "x", "y", nil); return err },
		"DraftRelease":    func(by *consult.Staff) error { _, err := s.DraftRelease(ctx, by, "x", "y", none, nil); return err },
		"EachResponse":    func(by *consult.Staff) error { return s.EachResponse(ctx, by, "x", nil) },
		"EraseFor": func(by *consult.Staff) error {
			return s.EraseFor(ctx, by, "x", consult.Telephone, func(consult.Writer) error { return nil })
		},
		"Restrict": func(by *consult.Staff) error {
			return s.Restrict(ctx, by, "x", "r", true, func(consult.Writer) error { return nil })
		},
		"HasStatements": func(by *consult.Staff) error { _, err := s.HasStatements(ctx, by, "x"); return err },
		"Rectifiable":   func(by *consult.Staff) error { _, err := s.Rectifiable(ctx, by, "x"); return err },
		"PlanRectification": func(by *consult.Staff) error {
			_, err := s.PlanRectification(ctx, by, "x", consult.Rectification{})
			return err
		},
		"Rectify": func(by *consult.Staff) error {
			return s.Rectify(ctx, by, &consult.RectificationPlan{}, func(consult.Writer) error { return nil })
		},
		"EverythingButEquality": func(by *consult.Staff) error { _, err := s.EverythingButEquality(ctx, by, "x", "y"); return err },
		"SearchSubject": func(by *consult.Staff) error {
			_, err := s.SearchSubject(ctx, by, privacy.SubjectQuery{Words: "xx"}, "")
			return err
		},
		"SubjectMatches": func(by *consult.Staff) error { _, err := s.SubjectMatches(ctx, by, "x", nil); return err },
		"EverythingOf":   func(by *consult.Staff) error { _, err := s.EverythingOf(ctx, by, "x", "y"); return err },
		"ResponseByCode": func(by *consult.Staff) error { _, err := s.ResponseByCode(ctx, by, "x"); return err },
		"EqualityOver":   func(by *consult.Staff) error { _, err := s.EqualityOver(ctx, by, "x"); return err },
		"ChangeEqualityFor": func(by *consult.Staff) error {
			return s.ChangeEqualityFor(ctx, by, "x", consult.EqualityChange{}, func(consult.Writer) error { return nil })
		},
		"WithdrawConsentFor": func(by *consult.Staff) error {
			_, err := s.WithdrawConsentFor(ctx, by, "x", consult.Telephone, func(consult.Writer) error { return nil })
			return err
		},
		"EndNewUseFor": func(by *consult.Staff) error {
			return s.EndNewUseFor(ctx, by, "x", privacy.PartResponses, 2, consult.Telephone, func(consult.Writer) error { return nil })
		},
		"KioskCode":          func(by *consult.Staff) error { _, err := s.KioskCode(ctx, by, "x"); return err },
		"HoldingFor":         func(by *consult.Staff) error { _, _, err := s.HoldingFor(ctx, by, "x"); return err },
		"AgreedFor":          func(by *consult.Staff) error { _, err := s.AgreedFor(ctx, by, "x"); return err },
		"EachResponseAsTold": func(by *consult.Staff) error { return s.EachResponseAsTold(ctx, by, "x", nil) },
		"Change":             func(by *consult.Staff) error { _, err := s.Change(ctx, by, "x"); return err },
		"Changes":            func(by *consult.Staff) error { _, err := s.Changes(ctx, by, "x"); return err },
		"ChangesWaiting":     func(by *consult.Staff) error { _, err := s.ChangesWaiting(ctx, by); return err },
		"ChangeFindings":     func(by *consult.Staff) error { _, err := s.ChangeFindings(ctx, by, "x"); return err },
		"ChangeProgress":     func(by *consult.Staff) error { _, err := s.ChangeProgress(ctx, by, "x"); return err },
		"DraftChange":        func(by *consult.Staff) error { _, err := s.DraftChange(ctx, by, "x"); return err },
		"SaveChange":         func(by *consult.Staff) error { return s.SaveChange(ctx, by, "x", 1, privacy.Processing{}) },
		"EraseChange":        func(by *consult.Staff) error { return s.EraseChange(ctx, by, "x") },
		"ProposeChange":      func(by *consult.Staff) error { return s.ProposeChange(ctx, by, "x", 1, consult.ChangeProposal{}) },
		"ReturnChange":       func(by *consult.Staff) error { return s.ReturnChange(ctx, by, "x", 1, "Why") },
		"ConfirmChange":      func(by *consult.Staff) error { return s.ConfirmChange(ctx, by, "x", 1) },
		"EndAsking":          func(by *consult.Staff) error { return s.EndAsking(ctx, by, "x", 1) },
		"EraseDraft":         func(by *consult.Staff) error { return s.EraseDraft(ctx, by, "x") },
		"EraseReleaseDraft":  func(by *consult.Staff) error { return s.EraseReleaseDraft(ctx, by, "x") },
		"Invite": func(by *consult.Staff) error {
			_, err := s.Invite(ctx, by, consult.Staff{Role: consult.Researcher})
			return err
		},
		"Partners":       func(by *consult.Staff) error { _, err := s.Partners(ctx, by); return err },
		"ProposeRelease": func(by *consult.Staff) error { return s.ProposeRelease(ctx, by, "x", 1, checked) },
		"Publish":        func(by *consult.Staff) error { return s.Publish(ctx, by, "x", 1) },
		"Readiness":      func(by *consult.Staff) error { _, err := s.Readiness(ctx, by, "x"); return err },
		"RecordResponse": func(by *consult.Staff) error {
			_, err := s.RecordResponse(ctx, by, &consult.Draft{}, consult.Recording{Channel: consult.Paper})
			return err
		},
		"BeginRecording": func(by *consult.Staff) error {
			_, _, err := s.BeginRecording(ctx, by, "x", consult.Recording{Channel: consult.Paper})
			return err
		},
		"IssueForm": func(by *consult.Staff) error {
			_, err := s.IssueForm(ctx, by, "x", privacy.PaperForm, locale.English)
			return err
		},
		"FormByCode": func(by *consult.Staff) error { _, err := s.FormByCode(ctx, by, "x", "y"); return err },
		"DecideConsentFor": func(by *consult.Staff) error {
			_, err := s.DecideConsentFor(ctx, by, "x", consult.Decision{})
			return err
		},
		"SaveEqualityFor":  func(by *consult.Staff) error { return s.SaveEqualityFor(ctx, by, "x", "y", nil) },
		"EraseRecorded":    func(by *consult.Staff) error { return s.EraseRecorded(ctx, by, "x", "misread") },
		"Reinvite":         func(by *consult.Staff) error { _, err := s.Reinvite(ctx, by, "x"); return err },
		"Release":          func(by *consult.Staff) error { _, err := s.Release(ctx, by, "x"); return err },
		"ReleaseCatalogue": func(by *consult.Staff) error { _, _, err := s.ReleaseCatalogue(ctx, by, "x"); return err },
		"ReleaseSeries":    func(by *consult.Staff) error { _, err := s.ReleaseSeries(ctx, by, "x"); return err },
		"Releases":         func(by *consult.Staff) error { _, err := s.Releases(ctx, by); return err },
		"Results":          func(by *consult.Staff) error { _, err := s.Results(ctx, by, "x"); return err },
		"ReturnRelease":    func(by *consult.Staff) error { return s.ReturnRelease(ctx, by, "x", 1, "because") },
		"RevokeRelease":    func(by *consult.Staff) error { return s.RevokeRelease(ctx, by, "x", 1, "because") },
		"SaveCouncil":      func(by *consult.Staff) error { _, err := s.SaveCouncil(ctx, by, 99, council()); return err },
		"SaveDefinition": func(by *consult.Staff) error {
			_, err := s.SaveDefinition(ctx, by, "x", 1, &survey.Definition{})
			return err
		},
		"SaveDetails": func(by *consult.Staff) error { return s.SaveDetails(ctx, by, "x", "", 1, consult.Details{}) },
		"SaveProtection": func(by *consult.Staff) error {
			_, err := s.SaveProtection(ctx, by, 99, consult.DefaultProtection())
			return err
		},
		"SaveGeography": func(by *consult.Staff) error {
			return s.SaveGeography(ctx, by, &consult.Geography{Wards: []consult.Ward{{}}})
		},
		"SaveOutcome":     func(by *consult.Staff) error { return s.SaveOutcome(ctx, by, "x", 1, consult.Outcome{}, false) },
		"SaveSource":      func(by *consult.Staff) error { _, err := s.SaveSource(ctx, by, "x", 1, nil); return err },
		"Shelf":           func(by *consult.Staff) error { _, err := s.Shelf(ctx, by); return err },
		"ShelfAgreements": func(by *consult.Staff) error { _, _, err := s.ShelfAgreements(ctx, by); return err },
		"ShelfRelease":    func(by *consult.Staff) error { _, _, err := s.ShelfRelease(ctx, by, "x", "csv"); return err },
		"StaffList":       func(by *consult.Staff) error { _, err := s.StaffList(ctx, by); return err },
		"Texts":           func(by *consult.Staff) error { _, err := s.Texts(ctx, by, "x", "q", 0, 1); return err },
		"ClearText":       func(by *consult.Staff) error { return s.ClearText(ctx, by, "x", "q", "because") },
		"FlagCounts":      func(by *consult.Staff) error { _, err := s.FlagCounts(ctx, by); return err },
		"FlaggedText":     func(by *consult.Staff) error { _, err := s.FlaggedText(ctx, by, "c", "x", "q"); return err },
		"FlaggedTexts":    func(by *consult.Staff) error { _, _, _, err := s.FlaggedTexts(ctx, by, "x", 0, 1); return err },
		"HeldBackTexts":   func(by *consult.Staff) error { _, err := s.HeldBackTexts(ctx, by, "x"); return err },
		"ProveForm":       func(by *consult.Staff) error { _, err := s.ProveForm(ctx, by, "x"); return err },
		"RedactText":      func(by *consult.Staff) error { return s.RedactText(ctx, by, "x", "q", "y", "because") },
		"ReopenText":      func(by *consult.Staff) error { return s.ReopenText(ctx, by, "x", "q") },
		"Record":          func(by *consult.Staff) error { _, err := s.Record(ctx, by); return err },
		"ExportRecord":    func(by *consult.Staff) error { _, err := s.ExportRecord(ctx, by, "x"); return err },
		"NamedRecipients": func(by *consult.Staff) error { _, err := s.NamedRecipients(ctx, by); return err },
		"Snapshots":       func(by *consult.Staff) error { _, err := s.Snapshots(ctx, by); return err },
		"Snapshot":        func(by *consult.Staff) error { _, _, err := s.Snapshot(ctx, by, "x"); return err },
		"Screening":       func(by *consult.Staff) error { _, err := s.Screening(ctx, by, "x"); return err },
		"Screenings":      func(by *consult.Staff) error { _, err := s.Screenings(ctx, by); return err },
		"Screen":          func(by *consult.Staff) error { _, err := s.Screen(ctx, by, "x", 0, nil, ""); return err },
		"DecideScreening": func(by *consult.Staff) error {
			_, err := s.DecideScreening(ctx, by, "x", 0, privacy.ScreeningDecision{})
			return err
		},
		"DPIA":            func(by *consult.Staff) error { _, _, err := s.DPIA(ctx, by); return err },
		"SaveDPIA":        func(by *consult.Staff) error { _, err := s.SaveDPIA(ctx, by, 0, privacy.PlatformDPIA{}); return err },
		"UpdateAgreement": func(by *consult.Staff) error { return s.UpdateAgreement(ctx, by, consult.Agreement{}) },
	}
}

// everybody may do these: they concern the person alone.
var everybody = []string{"SignOut"}

// Security.md section 2, pattern: missing authorisation sits on secondary paths, so that every method is called by every role.
// A method that is missing here fails the test.
func TestRolesReachTheirMethodsAndNoOthers(t *testing.T) {
	w := newWorld(t)
	const r, a, d, ad, i, p = consult.Researcher, consult.Approver, consult.DPO, consult.Administrator, consult.Interviewer, consult.PartnerUser
	may := map[string][]consult.Role{
		"Acknowledge": {r, a, d, ad, i}, "Acknowledgements": {d}, "OpenSupport": {ad}, "EndSupport": {d, ad}, "SupportAccesses": {d, ad}, "SupportProcessors": {ad}, "System": {ad}, "Access": {d, ad}, "AccessReview": {d, ad}, "ExportAccessReview": {d, ad}, "DecideAccess": {d, ad}, "SaveAccessPeriod": {d, ad}, "SaveConfidentiality": {d},
		"AddAgreement": {a, d}, "AddPartner": {a, d}, "Agreement": {r, a, d, p}, "Agreements": {r, a, d}, "ApproveAges": {d}, "ApproveRelease": {a, d},
		"AuditEvents": {d, ad}, "AuditEntry": {d, ad}, "AuditCheckpoint": {d, ad}, "ExportAudit": {d, ad}, "ChangeStaff": {ad}, "Colleagues": {r, a, d, ad, i}, "Progress": {r, a, d, ad, i}, "ConsultationForStaff": {r, a, d, ad, i}, "Consultations": {r, a, d, ad, i},
		"CreateConsultation": {r}, "CrossTab": {r, a}, "DisclosureReport": {r, a, d}, "DraftRelease": {r, a}, "EachResponse": {r}, "EstimateRelease": {r, a}, "StartRelease": {r, a}, "ReleaseJob": {r, a}, "StopRelease": {r, a}, "EraseDraft": {r},
		"EraseReleaseDraft": {r, a}, "Invite": {ad}, "LogStates": {r, a, d, ad, i}, "Partners": {r, a, d, ad}, "PrivacyLedger": {r, a, d}, "ProposeRelease": {r, a},
		"Publish": {r}, "Readiness": {r, a, d, ad, i}, "RecordResponse": {r, i}, "Reinvite": {a, d, ad}, "Release": {r, a, d},
		"ReleaseCatalogue": {r, a}, "ReleaseSeries": {r, a, d}, "Releases": {r, a, d}, "Results": {r, a}, "ReturnRelease": {a, d}, "RevokeRelease": {a, d},
		"SaveCouncil": {ad}, "SaveProtection": {ad}, "SaveDefinition": {r}, "SaveDetails": {r}, "SaveGeography": {ad}, "SaveOutcome": {r}, "SaveSource": {r},
		"Shelf": {p}, "ShelfAgreements": {p}, "ShelfRelease": {p}, "StaffList": {a, d, ad}, "Texts": {r, a}, "UpdateAgreement": {a, d},
		"ClearText": {d}, "FlagCounts": {d}, "FlaggedText": {d}, "FlaggedTexts": {d}, "HeldBackTexts": {r, a, d}, "ProveForm": {d}, "RedactText": {d}, "ReopenText": {d},
		"BeginRecording": {r, i}, "IssueForm": {r, i}, "FormByCode": {r, i}, "DecideConsentFor": {r, i}, "SaveEqualityFor": {r, i}, "EraseRecorded": {r, i},
		"EachResponseAsTold": {r}, "Change": {r, a, d, ad, i}, "Changes": {r, a, d, ad, i}, "ChangesWaiting": {r, a, d}, "ChangeFindings": {r, a, d, ad, i}, "ChangeProgress": {r, a, d, ad, i},
		"DraftChange": {r}, "SaveChange": {r}, "EraseChange": {r}, "ProposeChange": {r}, "ReturnChange": {r, a, d}, "ConfirmChange": {a, d}, "EndAsking": {r, a, d},
		"EraseFor": {d}, "EverythingOf": {d}, "EverythingButEquality": {d}, "SearchSubject": {d}, "SubjectMatches": {d}, "Restrict": {d}, "HasStatements": {r, a}, "Rectifiable": {d}, "PlanRectification": {d}, "Rectify": {d}, "ResponseByCode": {d}, "WithdrawConsentFor": {d}, "ChangeEqualityFor": {d}, "EqualityOver": {d},
		"Screening": {r, a, d, ad, i}, "Record": {d}, "ExportRecord": {d}, "Snapshots": {d}, "Snapshot": {d}, "Screenings": {d}, "Screen": {r}, "DecideScreening": {d}, "DPIA": {d}, "SaveDPIA": {d},
		"EndNewUseFor": {d}, "AgreedFor": {d}, "HoldingFor": {d}, "KioskCode": {r, i},
		"NamedRecipients": {d},
	}
	calls := officeCalls(w, t.Context())
	if got, want := methodsWithStaff(), append(slices.Sorted(maps.Keys(calls)), everybody...); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("methods that take a person: %v\ncalled here: %v", got, want)
	}
	before := w.count(t)
	for name, call := range calls {
		for _, role := range consult.Roles() {
			err := call(w.staff[role])
			refused := fault.Is(err, fault.Forbidden)
			if allowed := slices.Contains(may[name], role); allowed == refused {
				t.Errorf("%s by %s: %v", name, role, err)
			}
		}
		disabled := *w.staff[consult.Administrator]
		disabled.Disabled = true
		for _, nobody := range []*consult.Staff{nil, {}, {Role: "superuser"}, &disabled} {
			if err := call(nobody); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s by nobody: %v", name, err)
			}
		}
	}
	if after := w.count(t); after != before {
		t.Errorf("the audit log grew from %d to %d entries: something was done", before, after)
	}
}

// methodsWithStaff lists the methods of the service that take a person who signed in.
func methodsWithStaff() (names []string) {
	service, staff := reflect.TypeFor[*consult.Service](), reflect.TypeFor[*consult.Staff]()
	for i := range service.NumMethod() {
		m := service.Method(i)
		for in := 1; in < m.Type.NumIn(); in++ {
			if m.Type.In(in) == staff {
				names = append(names, m.Name)
			}
		}
	}
	return names
}

func (w *world) count(t *testing.T) (n int) {
	t.Helper()
	err := w.Store.View(t.Context(), func(r consult.Reader) error {
		return r.EachAuditEvent(func(privacy.AuditEvent) error { n++; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
