package inside_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/page"
)

// visitors are who knocks at every door: the roles in order, and somebody who has not signed in. What an interviewer gets at each is a list of its own: see
// TestInterviewerAtEveryDoor.
func visitors() []consult.Role {
	return append(slices.DeleteFunc(consult.Roles(), func(r consult.Role) bool { return r == consult.Interviewer }), "")
}

// doors says what every visitor gets at every route: researcher, approver, data protection officer, administrator,
// partner, nobody. A form is sent empty, so whoever may use it gets 422 (something is missing), 409 (no version, or the
// record does not stand that way) or 303 (nothing was needed). 403 is the wrong role, 303 for nobody is the way to the
// sign-in. The records are a draft consultation, a draft release, an agreement and a researcher's colleague.
var doors = []struct{ route, want string }{
	{"GET /sign-in", "303 303 303 303 303 200"},
	{"POST /sign-in", "422 422 422 422 422 422"},
	{"POST /sign-out", "303 303 303 303 303 303"},
	{"GET /acknowledge", "303 303 303 303 303 303"}, // they have accepted; see TestNobodyWorksBeforeAccepting
	{"POST /acknowledge", "303 303 303 303 303 303"},
	{"GET /invitation/:token", "404 404 404 404 404 404"},
	{"POST /invitation/:token", "404 404 404 404 404 404"},
	{"GET /office", "200 200 200 200 403 303"},
	{"GET /office/consultations", "200 200 200 200 403 303"},
	{"GET /office/consultations/new", "200 403 403 403 403 303"},
	{"POST /office/consultations/new", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/details", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/details", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/documents/:n", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/documents/:n", "422 403 403 403 403 303"},
	{"POST /office/consultations/:id/documents/:n/remove", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/ages", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/ages/edit", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/ages/edit", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/ages/approve", "403 403 200 403 403 303"},
	{"POST /office/consultations/:id/ages/approve", "403 403 422 403 403 303"},
	{"GET /office/consultations/:id/notice", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/notice/edit", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/notice/edit", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/notice/consent", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/notice/consent", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/notice/purposes/:n", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/notice/purposes/:n", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/notice/purposes/:n/remove", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/changes", "200 200 200 200 403 303"},
	{"POST /office/consultations/:id/changes", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/changes/:change", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/changes/:change/edit", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/edit", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/changes/:change/consent", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/consent", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/changes/:change/purposes/:n", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/purposes/:n", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/purposes/:n/remove", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/changes/:change/propose", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/propose", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/changes/:change/confirm", "403 409 409 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/confirm", "403 409 409 403 403 303"},
	{"GET /office/consultations/:id/changes/:change/return", "409 409 409 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/return", "409 409 409 403 403 303"},
	{"GET /office/consultations/:id/changes/:change/erase", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/erase", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/changes/:change/end", "409 409 409 403 403 303"},
	{"POST /office/consultations/:id/changes/:change/end", "409 409 409 403 403 303"},
	{"GET /office/consultations/:id/preview", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/preview/respond", "303 303 303 303 403 303"},
	{"POST /office/consultations/:id/preview/respond", "303 303 303 303 403 303"},
	{"GET /office/consultations/:id/preview/respond/check", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/respond/check", "403 403 403 403 403 303"},
	{"GET /office/consultations/:id/preview/respond/age-check", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/respond/age-check", "403 403 403 403 403 303"},
	{"GET /office/consultations/:id/preview/respond/age-permission", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/respond/age-permission", "403 403 403 403 403 303"},
	{"GET /office/consultations/:id/preview/respond/age-under", "404 404 404 404 403 303"},
	{"GET /office/consultations/:id/preview/respond/:question", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/respond/:question", "403 403 403 403 403 303"},
	{"GET /office/consultations/:id/preview/equality", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/equality", "403 403 403 403 403 303"},
	{"GET /office/consultations/:id/preview/equality/age-check", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/equality/age-check", "403 403 403 403 403 303"},
	{"GET /office/consultations/:id/preview/equality/consent", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/equality/consent", "403 403 403 403 403 303"},
	{"GET /office/consultations/:id/preview/equality/:question", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/equality/:question", "403 403 403 403 403 303"},
	{"GET /office/consultations/:id/preview/done", "410 410 410 410 403 303"},
	{"POST /office/consultations/:id/preview/done", "303 303 303 303 403 303"},
	{"GET /office/consultations/:id/screening", "200 200 200 200 403 303"},
	{"POST /office/consultations/:id/screening", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/readiness", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/publish", "303 403 403 403 403 303"},
	{"POST /office/consultations/:id/publish", "303 403 403 403 403 303"},
	{"GET /office/consultations/:id/closing", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/closing", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/erase", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/erase", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/outcome", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/outcome/edit", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/outcome/edit", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/record", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/forms", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/forms/:code", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/script", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/respond", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/respond/age-check", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/respond/age-check", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/respond/age-permission", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/respond/age-permission", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/respond/age-under", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/respond/check", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/respond/check", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/respond/:question", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/respond/:question", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/paper", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/paper", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/consent", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/consent", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/equality", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/equality", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/done", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/done", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/record/undo", "409 403 403 403 403 303"},
	{"POST /office/consultations/:id/record/undo", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey.yaml", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/survey", "200 200 200 200 403 303"},
	{"GET /office/consultations/:id/survey/title", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/survey/title", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey/order", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/survey/order", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey/equality", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/survey/equality", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey/source", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/survey/source", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey/add", "200 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey/sections/:section", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/survey/sections/:section", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey/questions/:question", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/survey/questions/:question", "422 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey/questions/:question/condition", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/survey/questions/:question/condition", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/survey/questions/:question/remove", "200 403 403 403 403 303"},
	{"POST /office/consultations/:id/survey/questions/:question/remove", "409 403 403 403 403 303"},
	{"GET /office/consultations/:id/results", "404 404 403 403 403 303"},
	{"GET /office/consultations/:id/results/crosstab", "404 404 403 403 403 303"},
	{"GET /office/consultations/:id/results/texts/:question", "404 404 403 403 403 303"},
	{"GET /office/consultations/:id/export", "404 403 403 403 403 303"},
	{"GET /office/consultations/:id/export/responses.csv", "404 403 403 403 403 303"},
	{"GET /office/consultations/:id/export/codebook.csv", "404 403 403 403 403 303"},
	{"GET /office/partners", "403 200 200 403 403 303"},
	{"GET /office/partners/new", "403 200 200 403 403 303"},
	{"POST /office/partners/new", "403 422 422 403 403 303"},
	{"GET /office/partners/:id", "403 404 404 403 403 303"},
	{"GET /office/agreements/new", "403 200 200 403 403 303"},
	{"POST /office/agreements/new", "403 422 422 403 403 303"},
	{"GET /office/agreements/:id", "403 200 200 403 403 303"},
	{"POST /office/agreements/:id", "403 422 422 403 403 303"},
	{"GET /office/releases", "200 200 200 403 403 303"},
	{"GET /office/releases/new", "200 200 403 403 403 303"},
	{"GET /office/consultations/:id/releases/ledger", "200 200 200 403 403 303"},
	{"GET /office/releases/jobs/:id", "404 404 403 403 403 303"},
	{"POST /office/releases/jobs/:id/stop", "404 404 403 403 403 303"},
	{"GET /office/releases/:id", "200 200 200 403 403 303"},
	{"GET /office/releases/:id/report", "200 200 200 403 403 303"},
	{"GET /office/releases/:id/propose", "200 200 403 403 403 303"},
	{"POST /office/releases/:id/propose", "422 422 403 403 403 303"},
	{"GET /office/releases/:id/approve", "403 409 409 403 403 303"},
	{"POST /office/releases/:id/approve", "403 409 409 403 403 303"},
	{"GET /office/releases/:id/return", "403 409 409 403 403 303"},
	{"POST /office/releases/:id/return", "403 409 409 403 403 303"},
	{"GET /office/releases/:id/revoke", "403 409 409 403 403 303"},
	{"POST /office/releases/:id/revoke", "403 409 409 403 403 303"},
	{"GET /office/releases/:id/erase", "200 200 403 403 403 303"},
	{"POST /office/releases/:id/erase", "422 422 403 403 403 303"},
	{"GET /office/consultations/:id/releases/new", "409 409 403 403 403 303"},
	{"POST /office/consultations/:id/releases/new", "409 409 403 403 403 303"},
	{"GET /office/requests", "403 403 200 403 403 303"},
	{"GET /office/requests/new", "403 403 200 403 403 303"},
	{"POST /office/requests/new", "403 403 422 403 403 303"},
	{"GET /office/requests/:id", "403 403 200 403 403 303"},
	{"GET /office/requests/:id/letters/:letter", "403 403 404 403 403 303"},
	{"GET /office/requests/:id/copy", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/copy.json", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/copy.csv", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/find", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/find", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/find/:search", "403 403 404 403 403 303"},
	{"POST /office/requests/:id/find/:search", "403 403 404 403 403 303"},
	{"GET /office/requests/:id/rectify", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/rectify", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/redact", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/redact", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/redact/restore", "403 403 404 403 403 303"},
	{"POST /office/requests/:id/take", "403 403 404 403 403 303"},
	{"GET /office/requests/:id/acknowledge", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/acknowledge", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/identity", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/identity", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/ask-identity", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/ask-identity", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/question", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/question", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/answer", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/answer", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/extend", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/extend", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/search", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/search", "403 403 422 403 403 303"},
	{"GET /office/requests/:id/exemption", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/exemption", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/equality", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/equality", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/balance", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/balance", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/note", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/note", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/restrict", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/restrict", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/lift", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/lift", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/end-agreement", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/end-agreement", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/withdraw-consent", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/withdraw-consent", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/erase", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/erase", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/tell", "403 403 409 403 403 303"},
	{"POST /office/requests/:id/tell", "403 403 409 403 403 303"},
	{"GET /office/requests/:id/end", "403 403 200 403 403 303"},
	{"POST /office/requests/:id/end", "403 403 409 403 403 303"},
	{"GET /office/breaches", "403 403 200 403 403 303"},
	{"GET /office/breaches/new", "403 403 200 403 403 303"},
	{"POST /office/breaches/new", "403 403 422 403 403 303"},
	{"GET /office/breaches/:id", "403 403 200 403 403 303"},
	{"GET /office/breaches/:id/edit", "403 403 200 403 403 303"},
	{"POST /office/breaches/:id/edit", "403 403 422 403 403 303"},
	{"GET /office/breaches/:id/report", "403 403 200 403 403 303"},
	{"POST /office/breaches/:id/close", "403 403 409 403 403 303"},
	{"GET /office/texts", "403 403 200 403 403 303"},
	{"GET /office/texts/:consultation", "403 403 200 403 403 303"},
	{"GET /office/texts/:consultation/:response/:flagged", "403 403 200 403 403 303"},
	{"GET /office/texts/:consultation/:response/:flagged/redact", "403 403 200 403 403 303"},
	{"POST /office/texts/:consultation/:response/:flagged/redact", "403 403 422 403 403 303"},
	{"GET /office/texts/:consultation/:response/:flagged/clear", "403 403 200 403 403 303"},
	{"POST /office/texts/:consultation/:response/:flagged/clear", "403 403 422 403 403 303"},
	{"POST /office/texts/:consultation/:response/:flagged/reopen", "403 403 409 403 403 303"},
	{"GET /office/retention", "403 403 200 403 403 303"},
	{"POST /office/retention/reviewed", "403 403 409 403 403 303"},
	{"GET /office/retention/rules", "403 403 200 403 403 303"},
	{"GET /office/retention/rules/new", "403 403 200 403 403 303"},
	{"POST /office/retention/rules/new", "403 403 409 403 403 303"},
	{"GET /office/retention/rules/:rule", "403 403 200 403 403 303"},
	{"POST /office/retention/rules/:rule", "403 403 409 403 403 303"},
	{"POST /office/retention/rules/:rule/remove", "403 403 409 403 403 303"},
	{"GET /office/retention/days", "403 403 200 403 403 303"},
	{"POST /office/retention/days", "403 403 422 403 403 303"},
	{"GET /office/retention/schedule", "403 403 200 403 403 303"},
	{"GET /office/retention/schedule/import", "403 403 200 403 403 303"},
	{"POST /office/retention/schedule/import", "403 403 422 403 403 303"},
	{"GET /office/retention/schedule/take-over", "403 403 404 403 403 303"},
	{"POST /office/retention/schedule/take-over", "403 403 404 403 403 303"},
	{"GET /office/retention/schedule/remove", "403 403 404 403 403 303"},
	{"POST /office/retention/schedule/remove", "403 403 404 403 403 303"},
	{"GET /office/retention/holds/new", "403 403 200 403 403 303"},
	{"POST /office/retention/holds/new", "403 403 422 403 403 303"},
	{"POST /office/retention/holds/:hold/lift", "403 403 409 403 403 303"},
	{"GET /office/retention/certificates", "403 403 200 403 403 303"},
	{"GET /office/retention/certificates/:certificate", "403 403 404 403 403 303"},
	{"GET /office/registers", "403 403 200 403 403 303"},
	{"GET /office/registers/screenings", "403 403 200 403 403 303"},
	{"GET /office/registers/screenings/:id", "403 403 200 403 403 303"},
	{"POST /office/registers/screenings/:id", "403 403 409 403 403 303"},
	{"GET /office/registers/processing", "403 403 200 403 403 303"},
	{"GET /office/registers/processing/record.csv", "403 403 200 403 403 303"},
	{"GET /office/registers/processing/whole", "403 403 200 403 403 303"},
	{"GET /office/registers/processing/activities/:activity", "403 403 200 403 403 303"},
	{"GET /office/registers/processing/snapshots", "403 403 200 403 403 303"},
	{"GET /office/registers/processing/snapshots/:month", "403 403 200 403 403 303"},
	{"GET /office/registers/processing/snapshots/:month/record.csv", "403 403 200 403 403 303"},
	{"GET /office/registers/processing/snapshots/:month/activities/:activity", "403 403 200 403 403 303"},
	{"GET /office/registers/disclosures", "403 403 200 403 403 303"},
	{"GET /office/registers/disclosures/disclosures.csv", "403 403 200 403 403 303"},
	{"GET /office/registers/disclosures/new", "403 403 200 403 403 303"},
	{"POST /office/registers/disclosures/new", "403 403 422 403 403 303"},
	{"GET /office/registers/disclosures/:id", "403 403 200 403 403 303"},
	{"GET /office/registers/disclosures/:id/edit", "403 403 200 403 403 303"},
	{"POST /office/registers/disclosures/:id/edit", "403 403 422 403 403 303"},
	{"POST /office/registers/disclosures/:id/close", "403 403 409 403 403 303"},
	{"GET /office/registers/processors", "403 403 200 403 403 303"},
	{"GET /office/registers/processors/processors.csv", "403 403 200 403 403 303"},
	{"GET /office/registers/processors/new", "403 403 200 403 403 303"},
	{"POST /office/registers/processors/new", "403 403 422 403 403 303"},
	{"GET /office/registers/processors/:id", "403 403 200 403 403 303"},
	{"GET /office/registers/processors/:id/edit", "403 403 200 403 403 303"},
	{"POST /office/registers/processors/:id/edit", "403 403 422 403 403 303"},
	{"POST /office/registers/processors/:id/close", "403 403 409 403 403 303"},
	{"GET /office/registers/dpia", "403 403 200 403 403 303"},
	{"POST /office/registers/dpia", "403 403 422 403 403 303"},
	{"GET /office/registers/forms", "403 403 200 403 403 303"},
	{"POST /office/registers/forms", "403 403 422 403 403 303"},
	{"GET /office/registers/confidentiality", "403 403 200 403 403 303"},
	{"POST /office/registers/confidentiality", "403 403 422 403 403 303"},
	{"GET /office/access", "403 403 200 200 403 303"},
	{"GET /office/access/review", "403 403 200 200 403 303"},
	{"POST /office/access/review", "403 403 422 422 403 303"},
	{"GET /office/access/support", "403 403 200 200 403 303"},
	{"GET /office/access/support/new", "403 403 403 200 403 303"},
	{"POST /office/access/support/new", "403 403 403 422 403 303"},
	{"POST /office/access/support/:account/end", "403 403 404 404 403 303"},
	{"GET /office/system", "403 403 403 200 403 303"},
	{"GET /office/access/period", "403 403 200 200 403 303"},
	{"POST /office/access/period", "403 403 422 422 403 303"},
	{"GET /office/access/reviews/:number", "403 403 404 404 403 303"},
	{"GET /office/access/reviews/:number/review.csv", "403 403 404 404 403 303"},
	{"GET /office/staff", "403 200 200 200 403 303"},
	{"GET /office/staff/new", "403 200 200 200 403 303"},
	{"POST /office/staff/new", "403 422 422 422 403 303"},
	{"GET /office/staff/:id", "403 404 404 200 403 303"},
	{"POST /office/staff/:id", "403 404 404 422 403 303"},
	{"GET /office/staff/:id/link", "403 404 404 200 403 303"},
	{"POST /office/staff/:id/link", "403 404 404 200 403 303"},
	{"GET /office/settings", "403 403 403 200 403 303"},
	{"POST /office/settings", "403 403 403 422 403 303"},
	{"GET /office/settings/protection", "403 403 403 200 403 303"},
	{"POST /office/settings/protection", "403 403 403 422 403 303"},
	{"GET /office/settings/logo", "403 403 403 200 403 303"},
	{"POST /office/settings/logo", "403 403 403 422 403 303"},
	{"POST /office/settings/logo/remove", "403 403 403 409 403 303"},
	{"GET /office/audit", "403 403 200 200 403 303"},
	{"GET /office/audit/log.csv", "403 403 200 200 403 303"},
	{"GET /office/audit/checkpoint.txt", "403 403 404 404 403 303"},
	{"GET /office/audit/entries/:entry", "403 403 200 200 403 303"},
	{"GET /office/audit/entries/:entry/proof.txt", "403 403 404 404 403 303"},
	{"GET /partner", "403 403 403 403 200 303"},
	{"GET /partner/agreement", "403 403 403 403 200 303"},
	{"GET /partner/releases/:id", "403 403 403 403 404 303"},
	{"GET /partner/releases/:id/release.:format", "403 403 403 403 404 303"},
}

func TestEveryRoleAtEveryDoor(t *testing.T) {
	w := fullWorld(t)
	w.flag(t)
	want := map[string][]string{}
	for _, d := range doors {
		want[d.route] = strings.Fields(d.want)
	}
	for i, role := range visitors() {
		b := w.Browser(t)
		if role != "" {
			b = w.signIn(t, role)
		}
		for _, r := range w.Kit.All() {
			if r.Area == page.Public {
				continue
			}
			route := r.Method + " " + r.Path
			expected := want[route]
			if len(expected) != len(visitors()) {
				t.Fatalf("%s is not in the table: say who may go there", route)
			}
			got := 0
			if r.Method == http.MethodGet {
				got = b.Peek(w.address(r.Path)).Status
			} else {
				sender := b
				if r.Path == "/sign-out" && role != "" {
					sender = w.enter(t, role) // it ends the session
				}
				sender.Get("/sign-in")
				_, fields := sender.Form("")
				got = sender.Send(w.address(r.Path), url.Values{"_csrf": fields["_csrf"]}).Status
			}
			if fmt.Sprint(got) != expected[i] {
				t.Errorf("%s for %q: %d, want %s", route, role, got, expected[i])
			}
		}
	}
}

// TestNoDoorWithoutAHouse finds rows of the table whose route is gone.
func TestNoDoorWithoutAHouse(t *testing.T) {
	w := newWorld(t)
	there := map[string]bool{}
	for _, r := range w.Kit.All() {
		there[r.Method+" "+r.Path] = true
	}
	for _, d := range doors {
		if !there[d.route] {
			t.Errorf("%s is in the table and nowhere else", d.route)
		}
	}
}

// TestInterviewerAtEveryDoor: an interviewer records responses and sees which consultations there are; no results, no settings, no registers. At the doors
// that are open to everybody in the office they get what the administrator gets, who sees no responses either.
func TestInterviewerAtEveryDoor(t *testing.T) {
	w := fullWorld(t)
	w.flag(t)
	b := w.signIn(t, consult.Interviewer)
	open := map[string]bool{"GET /office": true, "GET /office/consultations": true, "GET /office/consultations/:id": true, "GET /office/consultations/:id/notice": true,
		"GET /office/consultations/:id/preview": true, "GET /office/consultations/:id/readiness": true, "GET /office/consultations/:id/outcome": true,
		"GET /office/consultations/:id/survey": true, "GET /office/consultations/:id/survey.yaml": true,
		"GET /office/consultations/:id/ages": true, "GET /office/consultations/:id/screening": true, "GET /office/consultations/:id/changes": true,
		"GET /office/consultations/:id/changes/:change": true}
	for _, r := range w.Kit.All() {
		route := r.Method + " " + r.Path
		if !strings.HasPrefix(r.Path, "/office") || strings.HasPrefix(r.Path, "/office/consultations/:id/preview/") {
			continue
		}
		got := 0
		if r.Method == http.MethodGet {
			got = b.Peek(w.address(r.Path)).Status
		} else {
			b.Get("/sign-in")
			_, fields := b.Form("")
			got = b.Send(w.address(r.Path), url.Values{"_csrf": fields["_csrf"]}).Status
		}
		want := http.StatusForbidden
		switch {
		case open[route]:
			want = http.StatusOK
		case strings.HasPrefix(r.Path, "/office/consultations/:id/record"):
			want = http.StatusConflict // a draft
		}
		if got != want {
			t.Errorf("%s: %d, want %d", route, got, want)
		}
	}
}

// TestSupportAtEveryDoor: somebody who is let in to look for a fault sees the first page and the state of the system, and nothing else: no answers, no
// equality answers, no register, no colleague (councils.md S4-13).
func TestSupportAtEveryDoor(t *testing.T) {
	w := fullWorld(t)
	w.flag(t)
	b, _ := w.letIn(t)
	n := 0
	for _, r := range w.Kit.All() {
		if !strings.HasPrefix(r.Path, "/office") && !strings.HasPrefix(r.Path, "/partner") {
			continue
		}
		n++
		got, want := 0, http.StatusForbidden
		if r.Method == http.MethodGet {
			got = b.Peek(w.address(r.Path)).Status
		} else {
			b.Get("/sign-in")
			_, fields := b.Form("")
			got = b.Send(w.address(r.Path), url.Values{"_csrf": fields["_csrf"]}).Status
		}
		if r.Path == "/office" || r.Path == "/office/system" {
			want = http.StatusOK
		}
		if got != want {
			t.Errorf("%s %s: %d, want %d", r.Method, r.Path, got, want)
		}
	}
	if n < 200 {
		t.Fatalf("only %d doors tried", n)
	}
}
