// Package respond answers: how does somebody without an account take part, and change their mind afterwards?
//
// It holds the journey (one question a page, check answers, send), what follows the saved response (equality gate, explicit
// consent, equality questions, confirmation, receipt), "Your response" by withdrawal code, and the officers' preview of all
// that. Reviewers: designer, accessibility, DPO.
//
// A draft lies in the respondent's session (docs/decisions/0004). Equality answers never do: each step reads and writes
// them through the service, so that a withdrawal leaves no copy behind. The withdrawal code is in the session and in forms,
// never in an address, a title or the log.
package respond

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/page"
)

// Service is what these pages need of consult.Service.
type Service interface {
	PublicConsultation(ctx context.Context, slug string) (*consult.Consultation, *survey.Definition, error)
	WithResults(ctx context.Context) (map[string]bool, error)
	Geography(ctx context.Context) (*consult.Geography, error)
	Wards(ctx context.Context) (survey.Wards, error)
	BackupDays(ctx context.Context) (int, error)
	Begin(ctx context.Context, slug string, lang locale.Lang) (*consult.Draft, error)
	KioskOf(ctx context.Context, slug, code string) (*consult.Consultation, error)
	SubmitResponse(ctx context.Context, d *consult.Draft) (consult.Submitted, error)
	CheckEqualityAge(ctx context.Context, code string, over bool) (open bool, err error)
	ConsentStatement(ctx context.Context, c *consult.Consultation, lang locale.Lang) (privacy.Statement, error)
	DecideConsent(ctx context.Context, code string, given bool, statementHash string, lang locale.Lang) (consult.ConsentStatus, error)
	SaveEquality(ctx context.Context, code, consultationID string, answers survey.Answers) error
	ChangeEquality(ctx context.Context, code, consultationID string, change consult.EqualityChange) error
	OpenByCode(ctx context.Context, code, network string) (*consult.Held, error)
	HeldByCode(ctx context.Context, code, network string) (*consult.Held, error)
	EverythingByCode(ctx context.Context, code, network string) (*consult.Everything, error)
	NewUses(ctx context.Context, code string, lang locale.Lang) ([]consult.NewUse, error)
	DecideNewUse(ctx context.Context, code string, choice consult.NewUseChoice) (consult.NewUse, error)
	RenewConsent(ctx context.Context, code, statementHash string, lang locale.Lang) (consult.ConsentStatus, error)
	WithdrawConsent(ctx context.Context, code string) (consult.ConsentStatus, error)
	WithdrawResponse(ctx context.Context, code string) error
	Receipt(ctx context.Context, code string, lang locale.Lang) (privacy.SignedReceipt, error)
}

// Handlers serve the journey of one side: the public one, or the officers' preview.
type Handlers struct {
	kit     *page.Kit
	service Service
	load    func(*fiber.Ctx) (place, error)
	preview bool // nothing is stored but in the officer's own session

	recorder *Recorder // an officer takes down what somebody says; nil for everybody else
}

// Register adds the public pages.
func Register(k *page.Kit, s Service) {
	h := &Handlers{kit: k, service: s}
	h.load = h.loadPublic
	h.journey(k.Routes(page.Public, "/c/:slug"))
	r := k.Routes(page.Public, "/c/:slug")
	r.Get("/kiosk/:code", h.kiosk)
	r.Ended(h.kioskBegin).Post("/kiosk/:code", h.kioskBegin) // a device that waited so long that its session ended begins all the same
	r.Get("/receipt", h.receipt)
	r.Get("/receipt.json", h.receiptFile(sendReceipt))
	r.Get("/receipt.kantara.json", h.receiptFile(sendKantara))
	h.yourResponse(k.Routes(page.Public, "/your-response"))
}

// journey adds the pages that public side and preview have in common.
func (h *Handlers) journey(r *page.Routes) {
	after := r.Ended(h.lostConfirmation)
	r = r.Ended(h.lost)
	h.asking(r)
	after.Get("/equality", h.gate)
	after.Post("/equality", h.passGate)
	after.Get("/equality/age-check", h.askEqualityAge)
	after.Post("/equality/age-check", h.answerEqualityAge)
	after.Get("/equality/consent", h.consent)
	after.Post("/equality/consent", h.decideConsent)
	after.Get("/equality/:question", h.equality)
	after.Post("/equality/:question", h.saveEquality)
	after.Get("/done", h.done)
	after.Post("/done", h.leave)
}

// asking adds the questions up to the moment of sending.
func (h *Handlers) asking(r *page.Routes) {
	r.Get("/respond", h.start)
	if h.recorder == nil {
		r.Post("/respond", h.forget)
	}
	r.Get("/respond/age-check", h.askAge)
	r.Post("/respond/age-check", h.answerAge)
	r.Get("/respond/age-permission", h.askPermission)
	r.Post("/respond/age-permission", h.givePermission)
	r.Get("/respond/age-under", h.tooYoung)
	r.Get("/respond/check", h.check)
	r.Post("/respond/check", h.send)
	r.Get("/respond/:question", h.question)
	r.Post("/respond/:question", h.saveQuestion)
}

var _ Service = (*consult.Service)(nil)
