// Package page answers: how does Folkmoot speak HTTP and HTML, whatever the page is about?
//
// It is the kit that every page is built from: the Fiber application with its limits and headers, the two languages,
// sessions, the check against forged requests, forms, problems, error pages, templates, components and assets. It
// knows no consultation and no response. Reviewers: designer, accessibility, security.
//
// # How to add a page
//
// 1. Write web/template/page/<area>/<name>.html. It defines "content" and calls components:
//
//	{{define "content"}}
//	<form method="post" novalidate>
//	  {{template "csrf" .}}
//	  {{template "radios" .Question}}
//	  {{template "button" .Continue}}
//	</form>
//	{{end}}
//
// The layout follows from the area: page/office/... is the office, page/partner/... the partner's, all else public.
// The layout prints skip link, banners, language navigation, back link, breadcrumbs and error summary. A template
// holds no English: {{t "respond.why"}}, {{t "hub.closes" "Date" .Closes}}; one h1 (a Heading legend, or
// {{template "heading" .}}, which prints .Title). Every template set exists once per language, so t needs no
// language. Other functions: date, longdate, datetime, clock, isodate, relative (of a time.Time), number, decimal,
// percent, markdown, asset.
//
// 2. Write the handler. Its view embeds *Page:
//
//	type questionView struct {
//		*page.Page
//		Question page.Radios
//		Continue page.Button
//	}
//
//	func (h *Handlers) question(c *fiber.Ctx) error {
//		p := h.Kit.Page(c, "respond.question.title")   // the key of the <title> and of .Title
//		p.Back = p.To("/c/library-hours")              // To adds /cy where it belongs
//		return h.Kit.Render(c, fiber.StatusOK, "respond/question", questionView{Page: p, ...})
//	}
//
//	func (h *Handlers) questionSave(c *fiber.Ctx) error {
//		form, err := page.Form(c)      // survey.Form: UTF-8, no NUL, line ends \n, at most 200 fields
//		if err != nil { return err }
//		...
//		if len(problems) > 0 {         // []survey.Problem in page order
//			p := h.Kit.Page(c, "respond.question.title")
//			p.SetProblems(problems)
//			v.Question.Error = p.Error("q1") // the same text beside the field
//			return h.Kit.Render(c, fiber.StatusUnprocessableEntity, "respond/question", v)
//		}
//		return page.Redirect(c, "/c/library-hours/respond/2") // 303, in the page's language
//	}
//
// 3. Register it, once for both languages:
//
//	r := k.Routes(page.Public, "/c/:slug")               // or page.Office, page.Partner
//	r.Get("/respond/:step", h.question)                  // /c/... and /cy/c/...
//	r.Post("/respond/:step", h.questionSave)             // the token is checked before the handler runs
//	staff := k.Routes(page.Office, "/office", h.requireStaff) // handlers that run first; they call page.SetNav
//
// 4. Return errors. A fault becomes its status and a translated page: Invalid 422, NotFound 404, Conflict 409,
// Forbidden 403, Closed 410, Throttled 429, Unavailable 503, Unauthenticated a redirect to sign-in; anything else is
// a logged 500. Never write an error page by hand.
//
// 5. Use c.UserContext() for every call to the service: it ends at the request's deadline and when the handler returns,
// so nothing may be streamed with it after that. Count limits by Network(c), never by c.IP(), which behind a proxy is
// the proxy's.
//
// # Sessions
//
//	s, err := page.Session(c)   // the area's session: respondents' and staff's are different cookies
//	s.Get("draft"); s.Set("draft", id); s.Delete("draft")
//	s.Rotate()                  // new id at sign-in and at every change of privilege; the old one is dead
//	s.Erase()                   // sign-out
//
// Nothing is stored and no cookie is set until Set, Rotate or a form's token asks for it. Saving happens after the
// handler and before the response leaves; a handler never saves. page.Done(c, path, "office.saved") leads
// on and says so on the next page.
//
// # Tests
//
// TestTemplates and the tests of internal/locale read every template: text of its own, a form without a token or a key
// without a message fails there. New needs built assets: run "make assets" (in web: npm ci, then node build.mjs) once before the first test.
//
// # Strings
//
// The application runs with Immutable: strings from c.Params, c.Query and Form may be kept.
package page
