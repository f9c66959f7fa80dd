// Package storetest answers: does this store keep what consult.Store and consult.SessionStore promise? Both engines run it.
package storetest

import (
	"testing"

	"folkmoot/internal/consult"
)

// Store is what is tested.
type Store interface {
	consult.Store
	consult.SessionStore
	consult.JobStore
}

// Run runs the whole suite; open returns a fresh, empty store whose clock stands at Moment.
func Run(t *testing.T, open func(testing.TB) Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Store)
	}{
		{"Consultations", testConsultations},
		{"SearchIsFolded", testSearch},
		{"SurveysAndNotices", testSurveysAndNotices},
		{"NoticeChanges", testNoticeChanges},
		{"Responses", testResponses},
		{"Captures", testCaptures},
		{"Flags", testFlags},
		{"FlaggedPages", testFlaggedPages},
		{"Tabulate", testTabulate},
		{"DuplicateToken", testDuplicateToken},
		{"ConsentLedger", testConsentLedger},
		{"AuditLog", testAuditLog},
		{"Logs", testLogs},
		{"Staff", testStaff},
		{"Confidentiality", testConfidentiality},
		{"AccessReviews", testAccessReviews},
		{"LastSignIns", testLastSignIns},
		{"SupportAccesses", testSupportAccesses},
		{"InvitationsAndAttempts", testInvitations},
		{"DisposeSignIns", testDisposeSignIns},
		{"Sessions", testSessions},
		{"Jobs", testJobs},
		{"Partners", testPartners},
		{"Releases", testReleases},
		{"ReleaseErasure", testReleaseErasure},
		{"PrivacyLoss", testPrivacyLoss},
		{"Registers", testRegisters},
		{"Restriction", testRestriction},
		{"FreeText", testFreeText},
		{"History", testHistory},
		{"Postcodes", testPostcodes},
		{"UnpartedPostcodes", testUnparted},
		{"NamedKeys", testNamedKeys},
		{"TagsBeside", testTagsBeside},
		{"Certificates", testCertificates},
		{"Screenings", testScreenings},
		{"Snapshots", testSnapshots},
		{"Erasures", testErasures},
		{"Settings", testSettings},
		{"Equality", testEquality},
		{"Keys", testKeys},
		{"WordTags", testWordTags},
		{"ResponsesLike", testResponsesLike},
		{"AuditIsCompulsory", testAuditIsCompulsory},
		{"ErrorIsolates", testErrorIsolates},
		{"PanicIsolates", testPanicIsolates},
		{"ConflictLeavesTransactionUsable", testConflictIsUsable},
		{"WriterEnds", testWriterEnds},
		{"ViewIsConsistent", testViewIsConsistent},
		{"ContextWhileQueued", testContext},
		{"GroupCommit", testGroupCommit},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}
