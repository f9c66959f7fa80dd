// Package sheet answers: how does an officer fill in, change and close an entry of a register?
//
// The pages that registers of breaches, disclosures and the like have in common. What an entry says and how it is shown is the register's own.
//
// Reviewer: data protection officer.
package sheet

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/page"
)

// Case is an entry as an officer sees it.
type Case interface {
	Number() string
	Stored() privacy.Entry
}

// Register is one register: T is what an entry says, C an entry as officers see it. Its texts are <Noun>.new.title, .new.intro, .new.button, .new.done,
// .edit, .edit.title,
// .edit.intro, .edit.done, .close, .close.done, .case.title and .case.heading.
type Register[T any, C Case] struct {
	*desk.Desk
	Root string // address of the list
	Noun string
	Over string // why a closed entry cannot be changed
	// Crumbs lead to the list, which is the last of them.
	Crumbs func(*page.Page) []page.Crumb

	Fresh      func() T                                   // what a new entry begins with
	Says       func(C) T                                  // what an entry says
	Form       func(T) survey.Form                        // as it is typed
	Sent       func(*fiber.Ctx) (survey.Form, error)      // what was typed, of what is offered
	Read       func(survey.Form, T) (T, []survey.Problem) // over what is stored; the problems are those of days and moments
	First, All func(desk.Fields) []desk.Block             // the fields of a new entry, and of an edit

	Enter  func(context.Context, *consult.Staff, T) (C, []error, error)
	Get    func(ctx context.Context, by *consult.Staff, id string) (C, error)
	Open   func(ctx context.Context, by *consult.Staff, id string) (C, error) // Get for a page that shows it: the audit log says so
	Update func(ctx context.Context, by *consult.Staff, id string, version int64, x T) ([]error, error)
	End    func(ctx context.Context, by *consult.Staff, id string, version int64) error
	Warn   func(*page.Page, C) string        // what presses; empty for nothing
	Facts  func(*page.Page, C) []desk.Block  // what is known
	More   func(*page.Page, C) []page.Button // beside the way to change it
	Tag    func(*page.Page, C) page.Tag
	Steps  func(T) []privacy.RequestStep
}

// Path is the address of an entry.
func (r Register[T, C]) Path(x C) string { return r.Root + "/" + x.Stored().ID }

// Routes adds the pages of single entries below the list.
func (r Register[T, C]) Routes(routes *page.Routes) {
	keep := desk.Need(consult.KeepRegisters)
	routes.Get("/new", keep, r.enter)
	routes.Post("/new", keep, r.enterSend)
	routes.Get("/:id", keep, r.show)
	routes.Get("/:id/edit", keep, r.edit)
	routes.Post("/:id/edit", keep, r.editSend)
	routes.Post("/:id/close", keep, r.close)
}

// frame begins a page below the list.
func (r Register[T, C]) frame(c *fiber.Ctx, key string, below ...page.Crumb) *page.Page {
	p := r.Kit.Page(c, r.Noun+key)
	p.Breadcrumbs = append(append(r.Crumbs(p), below...), page.Crumb{Text: p.Title})
	return p
}

func (r Register[T, C]) enter(c *fiber.Ctx) error {
	return r.showEnter(c, fiber.StatusOK, r.Form(r.Fresh()), nil)
}

func (r Register[T, C]) showEnter(c *fiber.Ctx, status int, form survey.Form, problems []survey.Problem) error {
	p := r.frame(c, ".new.title")
	p.SetProblems(problems)
	send, err := desk.PostForm(p, r.Root, r.First(desk.Fields{Page: p, Form: form}), page.Button{Text: p.T(r.Noun + ".new.button")})
	if err != nil {
		return err
	}
	return r.Show(c, status, desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T(r.Noun + ".new.intro")), {Form: send}}})
}

func (r Register[T, C]) enterSend(c *fiber.Ctx) error {
	form, err := r.Sent(c)
	if err != nil {
		return err
	}
	var fresh T
	said, problems := r.Read(form, fresh)
	if len(problems) > 0 {
		return r.showEnter(c, fiber.StatusUnprocessableEntity, form, problems)
	}
	x, faults, err := r.Enter(c.UserContext(), desk.Staff(c), said)
	switch {
	case err != nil:
		return err
	case len(faults) > 0:
		return r.showEnter(c, fiber.StatusUnprocessableEntity, form, desk.Problems(faults))
	}
	return page.Done(c, r.Path(x), r.Noun+".new.done")
}

func (r Register[T, C]) get(c *fiber.Ctx) (C, error) {
	return r.Get(c.UserContext(), desk.Staff(c), c.Params("id"))
}

// opened finds the entry of the address. fault.Conflict if it is closed.
func (r Register[T, C]) opened(c *fiber.Ctx) (C, error) {
	x, err := r.get(c)
	if err == nil && x.Stored().Ended {
		err = fault.New(fault.Conflict, r.Over)
	}
	return x, err
}

func (r Register[T, C]) edit(c *fiber.Ctx) error {
	if _, err := r.opened(c); err != nil {
		return err
	}
	x, err := r.Open(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	return r.showEdit(c, fiber.StatusOK, x, r.Form(r.Says(x)), nil)
}

func (r Register[T, C]) showEdit(c *fiber.Ctx, status int, x C, form survey.Form, problems []survey.Problem) error {
	p := r.frame(c, ".edit.title", page.Crumb{Text: x.Number(), Href: r.Path(x)})
	p.SetProblems(problems)
	var blocks []desk.Block
	if status == fiber.StatusConflict {
		blocks = append(blocks, desk.Block{Warning: &page.Warning{Text: p.T("office.crossed")}})
	}
	send, err := desk.EditForm(p, x.Stored().Version, r.Path(x), r.All(desk.Fields{Page: p, Form: form}), page.Button{Text: p.T("office.save")})
	if err != nil {
		return err
	}
	return r.Show(c, status, desk.View{Page: p, Blocks: append(blocks, desk.Para(p.T(r.Noun+".edit.intro")), desk.Block{Form: send})})
}

func (r Register[T, C]) editSend(c *fiber.Ctx) error {
	x, err := r.opened(c)
	if err != nil {
		return err
	}
	form, err := r.Sent(c)
	if err != nil {
		return err
	}
	said, problems := r.Read(form, r.Says(x))
	if len(problems) > 0 {
		return r.showEdit(c, fiber.StatusUnprocessableEntity, x, form, problems)
	}
	faults, err := r.Update(c.UserContext(), desk.Staff(c), x.Stored().ID, desk.Version(form), said)
	switch {
	case len(faults) > 0:
		return r.showEdit(c, fiber.StatusUnprocessableEntity, x, form, desk.Problems(faults))
	case desk.Crossed(err):
		if x, again := r.opened(c); again == nil {
			return r.showEdit(c, fiber.StatusConflict, x, form, nil)
		}
	}
	if err != nil {
		return err
	}
	return page.Done(c, r.Path(x), r.Noun+".edit.done")
}

// show answers: what is known, and what has to be done?
func (r Register[T, C]) show(c *fiber.Ctx) error {
	x, err := r.Open(c.UserContext(), desk.Staff(c), c.Params("id"))
	if err != nil {
		return err
	}
	return r.showCase(c, fiber.StatusOK, x, "")
}

// showCase is the page of an entry; refused is why it could not be closed, or empty.
func (r Register[T, C]) showCase(c *fiber.Ctx, status int, x C, refused string) error {
	p := r.Kit.Page(c, r.Noun+".case.title")
	p.Title = p.T(r.Noun+".case.heading", "Number", x.Number())
	p.Breadcrumbs = append(r.Crumbs(p), page.Crumb{Text: x.Number()})
	tag := r.Tag(p, x)
	v := desk.View{Page: p, Tag: &tag}
	if refused != "" {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: p.T(refused)}})
	} else if warning := r.Warn(p, x); warning != "" {
		v.Blocks = append(v.Blocks, desk.Block{Warning: &page.Warning{Text: warning}})
	}
	v.Blocks = append(v.Blocks, r.Facts(p, x)...)
	var buttons []page.Button
	if !x.Stored().Ended {
		buttons = append(buttons, page.Button{Text: p.T(r.Noun + ".edit"), Href: p.To(r.Path(x) + "/edit")})
	}
	if buttons = append(buttons, r.More(p, x)...); len(buttons) > 0 {
		v.Blocks = append(v.Blocks, desk.Block{Buttons: buttons})
	}
	if !x.Stored().Ended {
		end, err := desk.NewAction(p, r.Path(x)+"/close", page.Button{Text: p.T(r.Noun + ".close"), Kind: "secondary"}, desk.VersionField(x.Stored().Version))
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, desk.Block{Actions: []page.Action{end}})
	}
	names, err := r.Service.Colleagues(c.UserContext(), desk.Staff(c))
	if err != nil {
		return err
	}
	v.Blocks = append(v.Blocks, History(p, r.Steps(r.Says(x)), names))
	return r.Show(c, status, v)
}

// close ends the work on an entry, or says what is missing.
func (r Register[T, C]) close(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	id := c.Params("id")
	err = r.End(c.UserContext(), desk.Staff(c), id, desk.Version(form))
	if desk.Crossed(err) {
		x, again := r.Open(c.UserContext(), desk.Staff(c), id)
		if again != nil {
			return again
		}
		key := "office.crossed"
		var f *fault.Error
		if errors.As(err, &f) {
			key = f.Key
		}
		return r.showCase(c, fiber.StatusConflict, x, key)
	}
	if err != nil {
		return err
	}
	return page.Done(c, r.Root+"/"+id, r.Noun+".close.done")
}

// History lists what happened to an entry, newest first. names are those of colleagues by id.
func History(p *page.Page, steps []privacy.RequestStep, names map[string]string) desk.Block {
	t := page.Table{Caption: p.T("request.history"), Stack: true, Head: page.Cells(p.T("request.history.when"), p.T("request.history.what"), p.T("request.history.who"))}
	for _, s := range slices.Backward(steps) {
		who := names[s.By]
		if s.By == "respondent" {
			who = p.T("request.history.person")
		}
		what := strings.TrimSuffix(p.T("office.audit.do."+s.What)+": "+s.Note, ": ")
		t.Rows = append(t.Rows, page.Row{Cells: page.Cells(locale.DateTime(p.Lang, s.At), what, who)})
	}
	return desk.TableBlock(t)
}

// Lists are the tables of a list of entries: the open ones, which say so where there are none, and the closed ones where there are some.
func Lists[C any](p *page.Page, noun string, open, closed []C, table func(p *page.Page, caption string, cases []C) page.Table) []desk.Block {
	running := table(p, p.T(noun+".list.open"), open)
	running.Empty = p.T(noun + ".list.empty")
	out := []desk.Block{desk.TableBlock(running)}
	if len(closed) > 0 {
		out = append(out, desk.TableBlock(table(p, p.T(noun+".list.closed"), closed)))
	}
	return out
}

// ReadDay reads a day; wrong is the problem of what is no day.
func ReadDay(form survey.Form, name string) (day privacy.Date, wrong *survey.Problem) {
	m := desk.ReadMoment(form, name)
	iso, ok := m.ISO()
	if !ok && m != (desk.Moment{}) {
		wrong = &survey.Problem{Field: name + "-day", Key: "error.date.format"}
	}
	if !ok {
		iso = ""
	}
	return privacy.Date(iso), wrong
}

// CSV answers with a table for spreadsheet programs. No cache may keep it.
func CSV(c *fiber.Ctx, name string, head []string, rows [][]string) error {
	var out bytes.Buffer
	if err := export.TableCSV(&out, head, rows); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return page.Download(c, name, "text/csv; charset=utf-8", out.Bytes())
}
