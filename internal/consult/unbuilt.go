package consult

import (
	"context"
	"io"
	"time"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

// ---- residents ----

// PublicConsultations lists published consultations whose texts hold every word, open ones first by closing date, then upcoming, then
// closed newest first. words may be empty.
func (s *Service) PublicConsultations(ctx context.Context, words string) ([]*Consultation, error) {
	panic("unbuilt")
}

// PublicConsultation returns a published consultation and its definition, with the council's name filled in. fault.NotFound for drafts.
func (s *Service) PublicConsultation(ctx context.Context, slug string) (*Consultation, *survey.Definition, error) {
	panic("unbuilt")
}

// Council returns the settings of the council.
func (s *Service) Council(ctx context.Context) (privacy.Council, error) { panic("unbuilt") }

// Notice returns one version of a notice; Notices all of them.
func (s *Service) Notice(ctx context.Context, id string, version int) (*privacy.NoticeVersion, error) {
	panic("unbuilt")
}
func (s *Service) Notices(ctx context.Context) ([]*privacy.NoticeVersion, error) { panic("unbuilt") }

// Begin starts a draft with a fresh submission token. fault.Closed before opening and after closing.
func (s *Service) Begin(ctx context.Context, slug string, lang locale.Lang) (*Draft, error) {
	panic("unbuilt")
}

// Wards returns the table that turns postcodes into wards.
func (s *Service) Wards(ctx context.Context) (survey.Wards, error) { panic("unbuilt") }

// SubmitResponse stores the response durably and returns its reference and withdrawal code. A draft that was stored before gives the
// same ones again. Answers off the path are dropped. fault.Closed after closing; fault.Invalid if a required answer is missing
// or an answer does not fit its question; fault.Unavailable if it could not be stored: then nothing was.
func (s *Service) SubmitResponse(ctx context.Context, d *Draft) (Submitted, error) { panic("unbuilt") }

// ConsentStatement returns the explicit-consent statement of the consultation's equality questions as it must be shown.
func (s *Service) ConsentStatement(ctx context.Context, c *Consultation, lang locale.Lang) (privacy.Statement, error) {
	panic("unbuilt")
}

// DecideConsent records that the respondent with the code gave or refused consent to the statement with the hash, shown in lang.
// fault.Conflict if the statement has changed since it was shown; fault.NotFound for an unknown code.
func (s *Service) DecideConsent(ctx context.Context, code string, given bool, statementHash string, lang locale.Lang) (ConsentStatus, error) {
	panic("unbuilt")
}

// SaveEquality stores equality answers of the respondent with the code, sealed and apart; it replaces earlier ones. fault.Forbidden
// unless consent for this consultation stands at this moment: then nothing is written.
func (s *Service) SaveEquality(ctx context.Context, code, consultationID string, answers survey.Answers) error {
	panic("unbuilt")
}

// HeldByCode returns everything held about the response with the code. fault.NotFound for an unknown code, always after the same work.
// network is what throttling is keyed on; fault.Throttled after too many unknown codes.
func (s *Service) HeldByCode(ctx context.Context, code, network string) (*Held, error) {
	panic("unbuilt")
}

// WithdrawConsent withdraws the equality consent: the event first (reads stop at once), then the answers and their key are erased
// before it returns. It returns the consent's new state. Repeating it is no error.
func (s *Service) WithdrawConsent(ctx context.Context, code string) (ConsentStatus, error) {
	panic("unbuilt")
}

// WithdrawResponse erases the whole response, its equality answers and keys. fault.Closed once the consultation has closed.
func (s *Service) WithdrawResponse(ctx context.Context, code string) error { panic("unbuilt") }

// Receipt returns the receipt of the response with the code. It never holds an answer.
func (s *Service) Receipt(ctx context.Context, code string, lang locale.Lang) (privacy.Receipt, error) {
	panic("unbuilt")
}

// ---- signing in ----

// SignIn checks an e-mail address and password. Failures are throttled by address and network; the answer for an unknown address
// is the same, after the same work. fault.Invalid, fault.Throttled (argument "Minutes").
func (s *Service) SignIn(ctx context.Context, email, password, network string) (*Staff, error) {
	panic("unbuilt")
}

// StaffMember returns a person who may still sign in: fault.NotFound for unknown and disabled ones.
func (s *Service) StaffMember(ctx context.Context, id string) (*Staff, error) { panic("unbuilt") }

// Invite adds a person and returns the one-time token of the link to choose a password (valid seven days).
func (s *Service) Invite(ctx context.Context, by *Staff, n Staff) (token string, err error) {
	panic("unbuilt")
}

// Reinvite makes a new link for a person; the old password ends and so do all sessions.
func (s *Service) Reinvite(ctx context.Context, by *Staff, staffID string) (token string, err error) {
	panic("unbuilt")
}

// Invited says whom an unused, unexpired invitation is for; nil Staff means the first administrator. fault.NotFound otherwise.
func (s *Service) Invited(ctx context.Context, token string) (*Staff, error) { panic("unbuilt") }

// AcceptInvitation sets the password (and for the first administrator name and e-mail address) and uses the invitation up.
func (s *Service) AcceptInvitation(ctx context.Context, token, name, email, password string) (*Staff, error) {
	panic("unbuilt")
}

// FirstAdministratorToken makes the one-time link's token if there is no staff yet; "" if there is.
func (s *Service) FirstAdministratorToken(ctx context.Context) (string, error) { panic("unbuilt") }

// StaffList lists everybody; ChangeStaff changes role, partner, name or disables; the last administrator stays.
func (s *Service) StaffList(ctx context.Context, by *Staff) ([]*Staff, error) { panic("unbuilt") }
func (s *Service) ChangeStaff(ctx context.Context, by *Staff, n Staff) error  { panic("unbuilt") }

// ---- consultations in the office ----

// Consultations lists all consultations, drafts included.
func (s *Service) Consultations(ctx context.Context, by *Staff, f ConsultationFilter) ([]*Consultation, error) {
	panic("unbuilt")
}

// ConsultationForStaff returns one, with its definition (and the definition's faults for a draft that does not parse).
func (s *Service) ConsultationForStaff(ctx context.Context, by *Staff, id string) (*Consultation, *survey.Definition, []survey.Fault, error) {
	panic("unbuilt")
}

// CreateConsultation starts a draft from a library survey (name) or an uploaded definition (source; its faults are returned and nothing
// is stored if there are any). Details get working defaults: title from the survey, opening tomorrow for four weeks, public task,
// the council's contacts, the bank's categories in the consent statement.
func (s *Service) CreateConsultation(ctx context.Context, by *Staff, library string, source []byte) (*Consultation, []survey.Fault, error) {
	panic("unbuilt")
}

// SaveDetails, SaveSource and SaveDefinition change a draft. version is the one that was edited: fault.Conflict if it is older;
// fault.Conflict too once it is published (only closing later, contact and outcome may change then).
func (s *Service) SaveDetails(ctx context.Context, by *Staff, id, slug string, version int64, d Details) error {
	panic("unbuilt")
}
func (s *Service) SaveSource(ctx context.Context, by *Staff, id string, version int64, source []byte) ([]survey.Fault, error) {
	panic("unbuilt")
}
func (s *Service) SaveDefinition(ctx context.Context, by *Staff, id string, version int64, d *survey.Definition) ([]survey.Fault, error) {
	panic("unbuilt")
}
func (s *Service) SaveOutcome(ctx context.Context, by *Staff, id string, version int64, o Outcome, publish bool) error {
	panic("unbuilt")
}

// Readiness lists every reason why the consultation cannot be published, and warnings.
func (s *Service) Readiness(ctx context.Context, by *Staff, id string) (Readiness, error) {
	panic("unbuilt")
}

// Publish freezes the survey version and pins the notice version. fault.Conflict if Readiness blocks.
func (s *Service) Publish(ctx context.Context, by *Staff, id string, version int64) error {
	panic("unbuilt")
}

// EraseDraft erases a draft.
func (s *Service) EraseDraft(ctx context.Context, by *Staff, id string) error { panic("unbuilt") }

// Results returns the officers' figures; CrossTab one question by one dimension. Every call is in the audit log.
func (s *Service) Results(ctx context.Context, by *Staff, id string) (*Results, error) {
	panic("unbuilt")
}
func (s *Service) CrossTab(ctx context.Context, by *Staff, id, question, dimension string) (*CrossTab, error) {
	panic("unbuilt")
}

// Texts calls fn for the free-text answers to a question, in the random order of response ids. Every call is in the audit log.
func (s *Service) Texts(ctx context.Context, by *Staff, id, question string, offset, limit int) (texts []string, total int, err error) {
	panic("unbuilt")
}

// EachResponse calls fn for every response with free text opened, for an export. It writes the audit event first.
func (s *Service) EachResponse(ctx context.Context, by *Staff, id string, fn func(*Response) error) error {
	panic("unbuilt")
}

// AuditEvents reads the audit log.
func (s *Service) AuditEvents(ctx context.Context, by *Staff, f AuditFilter) ([]privacy.AuditEvent, error) {
	panic("unbuilt")
}

// SaveCouncil changes the settings; problems are returned and nothing is stored if there are any.
func (s *Service) SaveCouncil(ctx context.Context, by *Staff, version int64, c privacy.Council) ([]privacy.Problem, error) {
	panic("unbuilt")
}

// CouncilVersion returns the settings with their version for editing.
func (s *Service) CouncilVersion(ctx context.Context) (privacy.Council, int64, error) {
	panic("unbuilt")
}

// ---- partners and releases ----

func (s *Service) Partners(ctx context.Context, by *Staff) ([]*Partner, error) { panic("unbuilt") }
func (s *Service) AddPartner(ctx context.Context, by *Staff, p Partner) (*Partner, error) {
	panic("unbuilt")
}
func (s *Service) Agreements(ctx context.Context, by *Staff) ([]*Agreement, error) { panic("unbuilt") }
func (s *Service) Agreement(ctx context.Context, by *Staff, id string) (*Agreement, *Partner, error) {
	panic("unbuilt")
}
func (s *Service) AddAgreement(ctx context.Context, by *Staff, a Agreement) (*Agreement, error) {
	panic("unbuilt")
}
func (s *Service) UpdateAgreement(ctx context.Context, by *Staff, a Agreement) error {
	panic("unbuilt")
}

// ReleaseCatalogue lists the tables that can be chosen for a consultation's release: questions and dimensions.
func (s *Service) ReleaseCatalogue(ctx context.Context, by *Staff, consultationID string) (questions, dimensions []Dimension, err error) {
	panic("unbuilt")
}

// DraftRelease takes the snapshot, protects the chosen tables together and stores the draft with its findings. fault.Conflict
// ("error.release.successive") if the survey already has a published release: until the audit over successive releases
// exists a second one could be subtracted from the first.
func (s *Service) DraftRelease(ctx context.Context, by *Staff, consultationID, agreementID string, title locale.Text, specs []TableSpec) (*Release, error) {
	panic("unbuilt")
}
func (s *Service) Release(ctx context.Context, by *Staff, id string) (*Release, error) {
	panic("unbuilt")
}
func (s *Service) Releases(ctx context.Context, by *Staff) ([]*Release, error) { panic("unbuilt") }
func (s *Service) EraseReleaseDraft(ctx context.Context, by *Staff, id string) error {
	panic("unbuilt")
}

// ProposeRelease asks a second person. ApproveRelease publishes it: fault.Forbidden for the proposer. ReturnRelease sends it back
// with a reason. RevokeRelease ends the partner's access.
func (s *Service) ProposeRelease(ctx context.Context, by *Staff, id string, version int64) error {
	panic("unbuilt")
}
func (s *Service) ApproveRelease(ctx context.Context, by *Staff, id string, version int64) error {
	panic("unbuilt")
}
func (s *Service) ReturnRelease(ctx context.Context, by *Staff, id string, version int64, reason string) error {
	panic("unbuilt")
}
func (s *Service) RevokeRelease(ctx context.Context, by *Staff, id string, version int64, reason string) error {
	panic("unbuilt")
}

// ReleaseFacts is what a published file says beside the tables.
func (s *Service) ReleaseFacts(ctx context.Context, r *Release) (ReleaseFacts, error) {
	panic("unbuilt")
}

// Shelf lists the partner's own releases; ShelfRelease opens one: fault.NotFound for another partner's, fault.Forbidden when the agreement has
// expired or the release is revoked. format says what is opened ("page", "csv", "json"); every opening is in the audit log.
func (s *Service) Shelf(ctx context.Context, by *Staff) ([]ShelfItem, error) { panic("unbuilt") }
func (s *Service) ShelfRelease(ctx context.Context, by *Staff, id, format string) (*Release, ReleaseFacts, error) {
	panic("unbuilt")
}

var _ = []any{io.Discard, time.Now}
