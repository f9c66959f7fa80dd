package record

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// paper is the page for one paper form: which form it is, and all its answers, in the order in which they stand on paper.
func (h *Handlers) paper(c *fiber.Ctx) error {
	con, def, st, err := h.open(c)
	if err != nil {
		return err
	}
	if st.sent() {
		return page.Redirect(c, path(con, "done"))
	}
	form := survey.Form{}
	if st.Rec.Channel == consult.Paper { // the form before this one
		desk.Put(form, "form", st.Rec.Form)
		desk.PutDay(form, "received", string(st.Rec.ReceivedOn))
	}
	return h.showPaper(c, con, def, fiber.StatusOK, form, nil, false)
}

func (h *Handlers) showPaper(c *fiber.Ctx, con *consult.Consultation, def *survey.Definition, status int, form survey.Form, problems []survey.Problem, twice bool) error {
	v := h.frame(c, con, "record.paper.title")
	p := v.Page
	p.SetProblems(problems)
	if err := con.Recordable(consult.Paper, h.Service.Now()); err != nil {
		return err
	}
	f := desk.Fields{Page: p, Form: form}
	blocks := []desk.Block{f.Input("form", "record.form", "20"), f.Input("scan", "record.scan", "20"), f.Day("received", "record.received")}
	if twice {
		blocks = append(blocks, f.Checks("twice", "record.twice", page.Option{Value: "yes", Label: p.T("record.twice.yes")}))
	}
	for _, age := range agesAsked(con.Processing.Ages) {
		blocks = append(blocks, ageBlock(p, f, ageField(age), age))
	}
	for _, s := range def.Sections {
		blocks = append(blocks, desk.H2(s.Title.In(p.Lang)))
		for _, q := range s.Questions {
			blocks = append(blocks, QuestionBlocks(p, def.Questions(), q, form)...)
		}
	}
	send, err := desk.PostForm(p, path(con), blocks, page.Button{Text: p.T("record.paper.send")})
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, desk.Para(p.T("record.paper.intro")), desk.Block{Form: send})
	return h.Show(c, status, v)
}

// paperSend stores the form.
func (h *Handlers) paperSend(c *fiber.Ctx) error {
	con, def, st, err := h.open(c)
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c, Several(def.Questions())...)
	if err != nil {
		return err
	}
	if err := desk.Offered(form, map[string][]string{"twice": {"yes"}}); err != nil {
		return err
	}
	rec := readPaper(form)
	if st.sent() { // a second click, or the page before in another tab
		return page.Redirect(c, path(con, "done"))
	}
	d, issued, err := h.Service.BeginRecording(c.UserContext(), desk.Staff(c), con.ID, rec)
	twice := fault.Is(err, fault.Conflict)
	var problems []survey.Problem
	if found, ok := problem(err); ok {
		problems = missing(rec, found)
	} else if twice {
		problems = append(problems, survey.Problem{Field: "twice", Key: "error.record.twice"})
	} else if err != nil {
		return err
	}
	ages, wrong, err := readAges(con.Processing.Ages, form, rec.ReceivedOn)
	if err != nil {
		return err
	}
	problems = append(problems, wrong...)
	read, err := h.read(c, page.Lang(c), def.Questions(), form)
	if err != nil {
		return err
	}
	if problems = append(problems, read.Problems...); len(problems) > 0 {
		return h.showPaper(c, con, def, fiber.StatusUnprocessableEntity, form, problems, twice || rec.Twice)
	}
	d.Ages = ages
	d.Answers, d.Unanswered = read.Answers, read.LeftOut
	rec.Form = issued.Code // as it is printed, for the next form of the batch
	st.Rec, st.Language = rec, issued.Language
	next, err := h.record(c, con, def, st, d)
	if err != nil {
		return err
	}
	return page.Redirect(c, next)
}

func ageField(age int) string { return "age-" + strconv.Itoa(age) }

// agesAsked are the ages that the form asks about before its first question.
func agesAsked(rules privacy.AgeRules) (out []int) {
	var c privacy.AgeChecks
	for {
		step, threshold := rules.Next(c)
		if step != privacy.AgeAsk {
			return out
		}
		out = append(out, threshold)
		c, _ = rules.Answer(c, threshold, true, "2000-01-01")
	}
}

// readAges goes through the gate with the boxes of the form. Who is too young is not recorded, and a child's form without the agreement of a parent is not
// either: paper has no place for it.
func readAges(rules privacy.AgeRules, form survey.Form, on privacy.Date) (c privacy.AgeChecks, problems []survey.Problem, err error) {
	for {
		step, threshold := rules.Next(c)
		field := ageField(threshold)
		switch step {
		case privacy.AgeOpen:
			return c, nil, nil
		case privacy.AgeUnder:
			return c, []survey.Problem{{Field: field, Key: "record.problem.under", Args: []any{"Age", threshold}}}, nil
		case privacy.AgeAuthorise:
			return c, []survey.Problem{{Field: field, Key: "record.problem.permission"}}, nil
		}
		if err := desk.Offered(form, map[string][]string{field: {"yes", "no"}}); err != nil {
			return c, nil, err
		}
		said := form.First(field)
		if said == "" {
			return c, []survey.Problem{{Field: field, Key: "record.problem.age", Args: []any{"Age", threshold}}}, nil
		}
		if c, err = rules.Answer(c, threshold, said == "yes", on); err != nil {
			return c, nil, err
		}
	}
}

// readPaper reads which form it is.
func readPaper(form survey.Form) consult.Recording {
	rec := consult.Recording{Channel: consult.Paper, Form: desk.Trimmed(form, "form"), Scan: desk.Trimmed(form, "scan"), Twice: form.First("twice") == "yes"}
	if iso, ok := desk.ReadMoment(form, "received").ISO(); ok {
		rec.ReceivedOn = privacy.Date(iso)
	}
	return rec
}

// missing adds to what the service found first what else is empty, in the order of the page: nobody wants to send a form three times.
func missing(rec consult.Recording, found survey.Problem) (out []survey.Problem) {
	for _, f := range []struct {
		field, key string
		empty      bool
	}{{"form", "error.form.code", rec.Form == ""}, {"scan", "error.evidence.scan", rec.Scan == ""}, {"received-day", "error.record.received", rec.ReceivedOn == ""}} {
		if f.field == found.Field {
			out = append(out, found)
		} else if f.empty {
			out = append(out, survey.Problem{Field: f.field, Key: f.key})
		}
	}
	if !slices.ContainsFunc(out, func(p survey.Problem) bool { return p.Field == found.Field }) {
		out = append(out, found)
	}
	return out
}
