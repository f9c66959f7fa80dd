package requests

import (
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/dpo"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// step is one thing an officer does to a request: a page with a form. Its texts are request.step.<key>, .about, .button and .done.
type step struct {
	path, key string
	now       func(x *dpo.Case) bool
	fields    func(f desk.Fields, x *dpo.Case) []desk.Block
	filled    func(form survey.Form, x *dpo.Case) // what stands there already; nil for nothing
	do        func(h *Handlers, c *fiber.Ctx, id string, version int64, form survey.Form) error
	warns     bool // it cannot be undone: asked once more
	ended     bool // it can be taken when the request has ended too
}

func dated(f desk.Fields, x *dpo.Case) []desk.Block {
	return []desk.Block{f.Day("on", "request.field.on")}
}

func on(form survey.Form) privacy.Date {
	iso, ok := desk.ReadMoment(form, "on").ISO()
	if !ok {
		return "9999-12-31" // no day that has come: the service says what is wrong
	}
	return privacy.Date(iso)
}

func found(x *dpo.Case) bool { return x.Request.Response != "" }

var steps = []step{
	{path: "acknowledge", key: "acknowledge",
		now:    func(x *dpo.Case) bool { return x.Request.Acknowledged == "" },
		fields: dated,
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.Acknowledge(c.UserContext(), desk.Staff(c), id, v, on(form))
		}},
	{path: "identity", key: "identify",
		now: func(x *dpo.Case) bool { return x.Request.InHandTier() != privacy.IdentityCode }, // also to add the code later
		fields: func(f desk.Fields, _ *dpo.Case) []desk.Block {
			code := f.Input("code", "request.field.code", "30")
			code.Input.Value, code.Input.Autocomplete = "", "off" // never printed back
			return []desk.Block{f.Radios("tier", "request.field.tier", tiers(f.Page)...), code, f.Area("note", "request.field.identity_note", 2), f.Day("on", "request.field.on")}
		},
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.Identify(c.UserContext(), desk.Staff(c), id, v, on(form), privacy.IdentityTier(form.First("tier")), form.First("code"), desk.Trimmed(form, "note"))
		}},
	{path: "ask-identity", key: "ask_identity",
		now: func(x *dpo.Case) bool {
			return x.Request.Kind != privacy.AskComplaint && x.Request.Tier == privacy.IdentityNone && x.Request.IdentityAsked == ""
		},
		fields: dated,
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.AskIdentity(c.UserContext(), desk.Staff(c), id, v, on(form))
		}},
	{path: "question", key: "pause",
		now: func(x *dpo.Case) bool { return x.Request.Kind == privacy.AskAccess && x.Clock == privacy.ClockRunning },
		fields: func(f desk.Fields, _ *dpo.Case) []desk.Block {
			return []desk.Block{f.Area("question", "request.field.question", 3), f.Day("on", "request.field.on")}
		},
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.Ask(c.UserContext(), desk.Staff(c), id, v, on(form), desk.Trimmed(form, "question"))
		}},
	{path: "answer", key: "resume",
		now:    func(x *dpo.Case) bool { return x.Request.Paused() }, // also while it is asked who the person is
		fields: dated,
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.Answered(c.UserContext(), desk.Staff(c), id, v, on(form))
		}},
	{path: "extend", key: "extend",
		now: func(x *dpo.Case) bool {
			return x.Request.Kind != privacy.AskComplaint && !x.Request.Marketing && x.Request.Extension == nil && x.Clock != privacy.ClockNotStarted
		},
		fields: func(f desk.Fields, _ *dpo.Case) []desk.Block {
			return []desk.Block{f.Area("reason", "request.field.extension", 3), f.Day("on", "request.field.on")}
		},
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.Extend(c.UserContext(), desk.Staff(c), id, v, on(form), desk.Trimmed(form, "reason"))
		}},
	{path: "search", key: "search",
		now: func(*dpo.Case) bool { return true },
		fields: func(f desk.Fields, _ *dpo.Case) []desk.Block {
			return []desk.Block{f.Area("where", "request.field.where", 2), f.Input("for", "request.field.for", "30"), f.Number("found", "request.field.found"), f.Day("on", "request.field.on")}
		},
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			n, err := whole(form.First("found"))
			if err != nil {
				return err
			}
			return h.Cases.Searched(c.UserContext(), desk.Staff(c), id, v, privacy.SearchDone{On: on(form), Where: desk.Trimmed(form, "where"), For: desk.Trimmed(form, "for"), Found: n})
		}},
	{path: "exemption", key: "exempt",
		now: func(x *dpo.Case) bool { return x.Request.Kind != privacy.AskComplaint },
		fields: func(f desk.Fields, _ *dpo.Case) []desk.Block {
			return []desk.Block{f.Input("item", "request.field.item", ""), f.Select("ground", "request.field.ground", grounds(f.Page)...), f.Area("reason", "request.field.reason", 3)}
		},
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.Exempt(c.UserContext(), desk.Staff(c), id, v,
				privacy.Exemption{Ground: form.First("ground"), Item: desk.Trimmed(form, "item"), Reason: desk.Trimmed(form, "reason")})
		}},
	balanceStep,
	{path: "note", key: "note",
		now: func(*dpo.Case) bool { return true },
		fields: func(f desk.Fields, _ *dpo.Case) []desk.Block {
			return []desk.Block{f.Area("note", "request.field.note", 4)}
		},
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.Note(c.UserContext(), desk.Staff(c), id, v, desk.Trimmed(form, "note"))
		}},
	{path: "restrict", key: "restrict",
		now: func(x *dpo.Case) bool { return found(x) && !x.Request.Restricted },
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, _ survey.Form) error {
			return h.Cases.Restrict(c.UserContext(), desk.Staff(c), id, v)
		}},
	{path: "lift", key: "lift", ended: true,
		now:    func(x *dpo.Case) bool { return found(x) && x.Request.Restricted },
		fields: func(f desk.Fields, _ *dpo.Case) []desk.Block { return []desk.Block{f.Day("on", "request.field.told")} },
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.Lift(c.UserContext(), desk.Staff(c), id, v, on(form))
		}},
	{path: "end-agreement", key: "end_agreement",
		now: func(x *dpo.Case) bool { return found(x) && len(x.Agreed) > 0 },
		fields: func(f desk.Fields, x *dpo.Case) []desk.Block {
			return []desk.Block{f.Radios("agreement", "request.field.agreement", agreed(f.Page, x)...)}
		},
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			part, notice, _ := strings.Cut(form.First("agreement"), ".")
			n, err := strconv.Atoi(notice)
			if err != nil {
				return fault.New(fault.Invalid, "error.request.which_agreement")
			}
			return h.Cases.EndAgreement(c.UserContext(), desk.Staff(c), id, v, privacy.Part(part), n)
		}},
	{path: "withdraw-consent", key: "withdraw_consent", now: found, warns: true,
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, _ survey.Form) error {
			return h.Cases.WithdrawConsent(c.UserContext(), desk.Staff(c), id, v)
		}},
	{path: "erase", key: "erase", now: found, warns: true,
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, _ survey.Form) error {
			return h.Cases.Erase(c.UserContext(), desk.Staff(c), id, v)
		}},
	tellStep,
	{path: "end", key: "end",
		now: func(*dpo.Case) bool { return true },
		fields: func(f desk.Fields, x *dpo.Case) []desk.Block {
			return []desk.Block{f.Radios("decision", "request.field.decision", decisions(f.Page, x.Request.Kind)...), f.Area("reasons", "request.field.reasons", 4),
				f.Area("done", "request.field.done", 3), f.Day("on", "request.field.on")}
		},
		do: func(h *Handlers, c *fiber.Ctx, id string, v int64, form survey.Form) error {
			return h.Cases.End(c.UserContext(), desk.Staff(c), id, v, privacy.Outcome{On: on(form), Decision: privacy.Decision(form.First("decision")),
				Reasons: desk.Trimmed(form, "reasons"), Done: desk.Trimmed(form, "done")})
		}},
}

// agreed are the agreements to new uses that stand.
func agreed(p *page.Page, x *dpo.Case) (out []page.Option) {
	for _, u := range x.Agreed {
		out = append(out, page.Option{Value: string(u.Part) + "." + strconv.Itoa(u.Version),
			Label: p.T("request.agreement."+string(u.Part), "Version", u.Version, "Date", locale.Date(p.Lang, u.At))})
	}
	return out
}

func tiers(p *page.Page) (out []page.Option) {
	for _, t := range privacy.IdentityTiers() {
		out = append(out, page.Option{Value: string(t), Label: p.T("request.tier." + string(t)), Hint: p.T("request.tier." + string(t) + ".hint")})
	}
	return out
}

func grounds(p *page.Page) []page.Option {
	out := []page.Option{{Label: p.T("request.ground.choose")}}
	for _, g := range privacy.ExemptionGrounds() {
		out = append(out, page.Option{Value: g.ID, Label: groundWords(p, g.ID)})
	}
	return out
}

func decisions(p *page.Page, k privacy.RequestKind) (out []page.Option) {
	for _, d := range k.Decisions() {
		out = append(out, page.Option{Value: string(d), Label: p.T("request.decision." + string(d)), Hint: p.T("request.decision." + string(d) + ".hint")})
	}
	return out
}

// fieldOf are the fields that refusals are about.
var fieldOf = map[string]string{
	"error.request.kind": "kind", "error.request.channel": "channel", "error.request.received": "received-day", "error.request.text": "text",
	"error.request.contact": "contact", "error.request.day": "on-day", "error.request.before": "on-day", "error.request.extension_late": "on-day",
	"error.request.question": "question", "error.request.tier": "tier", "error.request.doubt": "note", "error.request.code": "code", "error.code.format": "code",
	"error.code.unknown": "code", "error.request.ground": "ground", "error.request.item": "item", "error.request.where": "where", "error.request.note": "note",
	"error.request.decision": "decision", "error.request.found": "found", "error.search.words": "words", "error.request.which_agreement": "agreement",
}

// problem turns a refusal into a problem of the form. ok is false for anything else.
func problem(err error) (survey.Problem, bool) {
	var f *fault.Error
	if !errors.As(err, &f) {
		return survey.Problem{}, false
	}
	field, ok := fieldOf[f.Key]
	if f.Field != "" {
		field, ok = f.Field, true
	}
	return survey.Problem{Field: field, Key: f.Key, Args: f.Args}, ok
}
