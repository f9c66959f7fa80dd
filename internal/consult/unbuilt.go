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

// ---- signing in ----

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
