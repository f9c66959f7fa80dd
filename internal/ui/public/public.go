// Package public answers: what can residents have a say on, and what must they be told?
//
// It holds the pages that nobody has to sign in for and that change nothing: the hub, a consultation with its documents,
// results and outcome, privacy notices in every version, how long what is kept, what vouches for the audit log, cookies, the accessibility statement, help, security.txt, and the check of receipts.
// Taking part is package respond. Reviewers: designer, accessibility, DPO.
package public

import (
	"context"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// Service is what these pages need of consult.Service.
type Service interface {
	SignFiles(sums string) ([]byte, error)
	FileKey() string
	ReceiptKey() string
	CheckReceipt(ctx context.Context, file []byte) (consult.ReceiptCheck, error)
	PublicConsultations(ctx context.Context, words string) ([]*consult.Consultation, error)
	PublicConsultation(ctx context.Context, slug string) (*consult.Consultation, *survey.Definition, error)
	PublicResults(ctx context.Context, slug, releaseID string) (*consult.WebsiteResults, error)
	WithResults(ctx context.Context) (map[string]bool, error)
	Notice(ctx context.Context, id string, version int) (*privacy.NoticeVersion, error)
	KeptInformation(ctx context.Context) (consult.KeptInformation, error)
	PublicSchedule(ctx context.Context) (consult.PublicSchedule, error)
	Notices(ctx context.Context) ([]*privacy.NoticeVersion, error)
	PublicCheckpoint(ctx context.Context) (*consult.Checkpoint, error)
	PublicGrowth(ctx context.Context, older int64) (string, error)
	LogKey() string
}

// Handlers serve the public pages.
type Handlers struct {
	kit     *page.Kit
	service Service
}

// Register adds the pages.
func Register(k *page.Kit, s Service) {
	h := &Handlers{kit: k, service: s}
	r := k.Routes(page.Public, "")
	r.Get("/", h.hub)
	r.Get("/c/:slug", h.consultation)
	r.Get("/c/:slug/documents/:n", h.document)
	r.Get("/c/:slug/outcome", h.outcome)
	r.Get("/c/:slug/results", h.results)
	r.Get("/c/:slug/results.:format", h.resultsFile)
	r.Get("/c/:slug/results/:release.:format", h.resultsFile)
	r.Get("/c/:slug/results/:release", h.results)
	r.Get("/privacy", h.privacy)
	r.Get("/privacy/notices/:id/:version.txt", h.noticeText)
	r.Get("/privacy/notices/:id/:version", h.notice)
	r.Get("/privacy/notices/:id/:version/changes", h.noticeChanges)
	r.Get("/how-long", h.howLong)
	r.Get("/how-long/schedule", h.schedule)
	r.Get("/how-long/schedule.csv", h.scheduleFile)
	r.Get("/cookies", h.cookies)
	r.Get("/accessibility", h.accessibility)
	r.Get("/help", h.help)
	r.Get("/.well-known/security.txt", h.securityText)
	r.Get("/release-key.txt", h.releaseKey)
	r.Get("/receipt/verify", h.verify)
	r.Ended(h.verifyAgain).Post("/receipt/verify", h.verifyReceipt)
	r.Get("/receipt/key.txt", h.receiptKey)
	r.Get("/audit", h.audit)
	r.Get("/audit/checkpoint.txt", h.auditCheckpoint)
	r.Get("/audit/key.txt", h.auditKey)
	r.Get("/audit/proof.txt", h.auditProof)
	r.Get(page.SchemaPath, h.schema)
}

var _ Service = (*consult.Service)(nil)
