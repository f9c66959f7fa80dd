package admin

import (
	"bytes"
	"cmp"
	"image/png"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
	"folkmoot/internal/ui/desk"
	"folkmoot/internal/ui/office"
	"folkmoot/internal/ui/page"
)

// settings edits who the council is: every notice, receipt and page is made from it.
func (h *Handlers) settings(c *fiber.Ctx) error {
	council, version, err := h.Service.CouncilVersion(c.UserContext())
	if err != nil {
		return err
	}
	return h.showSettings(c, fiber.StatusOK, version, councilForm(council), nil)
}

// lines are the settings with one line in one language, in page order within their part.
var (
	contactLines    = []string{"email", "phone", "website"}
	protectionLines = []string{"dpo_name", "dpo_email", "dpo_phone", "registration"}
)

func councilForm(x privacy.Council) survey.Form {
	f := survey.Form{}
	desk.PutText(f, "name", x.Name)
	desk.PutText(f, "regulator", x.Regulator)
	desk.PutText(f, "regulator_contact", x.RegulatorContact)
	desk.PutText(f, "complaints_how", x.ComplaintsHow)
	for name, value := range map[string]string{"short_name": x.ShortName, "address": x.Address, "email": x.Email, "phone": x.Phone, "website": x.Website,
		"colour": x.Colour, "dpo_name": x.DPOName, "dpo_email": x.DPOEmail, "dpo_phone": x.DPOPhone, "registration": x.Registration} {
		desk.Put(f, name, value)
	}
	desk.Put(f, "nation", string(cmp.Or(x.Nation, privacy.EnglandAndWales)))
	var days []string
	for _, d := range x.Holidays {
		days = append(days, string(d))
	}
	desk.Put(f, "holidays", strings.Join(days, "\n"))
	for _, l := range x.Languages {
		f["languages"] = append(f["languages"], string(l))
	}
	return f
}

func (h *Handlers) showSettings(c *fiber.Ctx, status int, version int64, form survey.Form, problems []survey.Problem) error {
	p := h.Kit.Page(c, "office.settings.title")
	p.Wide = true
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: form}
	var languages []page.Option
	for _, l := range locale.Langs() {
		if slices.Contains(desk.Languages(p), l) || slices.Contains(form["languages"], string(l)) { // chosen only now: it has texts too
			f.Languages = append(f.Languages, l)
		}
		languages = append(languages, page.Option{Value: string(l), Label: p.T("office.language." + string(l))})
	}
	blocks := []desk.Block{desk.H2(p.T("office.settings.council")), f.Text("name", "office.settings.name"), f.Input("short_name", "office.settings.short_name", "5"),
		f.Checks("languages", "office.settings.languages", languages...), f.Area("address", "office.settings.address", 4)}
	for _, name := range contactLines {
		blocks = append(blocks, f.Input(name, "office.settings."+name, "30"))
	}
	blocks = append(blocks, desk.H2(p.T("office.settings.look")), f.Input("colour", "office.settings.colour", "10"), desk.H2(p.T("office.settings.protection")))
	for _, name := range protectionLines {
		blocks = append(blocks, f.Input(name, "office.settings."+name, "30"))
	}
	blocks = append(blocks, f.Text("regulator", "office.settings.regulator"), f.Prose("regulator_contact", "office.settings.regulator_contact", 3),
		f.Prose("complaints_how", "office.settings.complaints_how", 4), f.Radios("nation", "office.settings.nation", nations(p)...),
		f.Area("holidays", "office.settings.holidays", 3))
	intro := []desk.Block{desk.Para(p.T("office.settings.intro")), desk.LinkList(page.Link{Text: p.T("office.logo.title"), Href: p.To("/office/settings/logo")},
		page.Link{Text: p.T("office.protection.title"), Href: p.To("/office/settings/protection")})}
	return office.ShowForm(h.Desk, c, status, desk.View{Page: p, Blocks: intro}, version, blocks, "/office")
}

func nations(p *page.Page) (out []page.Option) {
	for _, n := range privacy.Nations() {
		out = append(out, page.Option{Value: string(n), Label: p.T("nation." + string(n))})
	}
	return out
}

func readCouncil(before privacy.Council, f survey.Form) privacy.Council {
	x := before
	x.Name = desk.ReadText(f, "name", x.Name)
	x.Regulator = desk.ReadText(f, "regulator", x.Regulator)
	x.RegulatorContact = desk.ReadText(f, "regulator_contact", x.RegulatorContact)
	x.ComplaintsHow = desk.ReadText(f, "complaints_how", x.ComplaintsHow)
	for name, to := range map[string]*string{"short_name": &x.ShortName, "address": &x.Address, "email": &x.Email, "phone": &x.Phone, "website": &x.Website,
		"colour": &x.Colour, "dpo_name": &x.DPOName, "dpo_email": &x.DPOEmail, "dpo_phone": &x.DPOPhone, "registration": &x.Registration} {
		*to = desk.Trimmed(f, name)
	}
	if x.Colour != "" && !strings.HasPrefix(x.Colour, "#") {
		x.Colour = "#" + x.Colour
	}
	x.Nation, x.Holidays = privacy.Nation(f.First("nation")), nil
	for line := range strings.Lines(f.First("holidays")) {
		if line = strings.TrimSpace(line); line != "" {
			x.Holidays = append(x.Holidays, privacy.Date(line))
		}
	}
	x.Languages = nil
	for _, l := range f["languages"] {
		x.Languages = append(x.Languages, locale.Lang(l))
	}
	return x
}

func (h *Handlers) settingsSave(c *fiber.Ctx) error {
	before, now, err := h.Service.CouncilVersion(c.UserContext())
	if err != nil {
		return err
	}
	form, err := desk.ReadForm(c, "languages")
	if err != nil {
		return err
	}
	version := desk.Version(form)
	found, err := h.Service.SaveCouncil(c.UserContext(), desk.Staff(c), version, readCouncil(before, form))
	if desk.Crossed(err) && now != version {
		return h.showSettings(c, fiber.StatusConflict, now, form, nil)
	}
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return h.showSettings(c, fiber.StatusUnprocessableEntity, version, form, settingProblems(found))
	}
	return page.Done(c, "/office/settings", "office.saved")
}

// settingProblems places the problems of the settings beside the fields of the form: texts have one for each language.
func settingProblems(found []privacy.Problem) []survey.Problem {
	var out []survey.Problem
	for _, p := range found {
		out = append(out, survey.Problem{Field: strings.ReplaceAll(p.Field, ".", "-"), Key: p.Key, Args: p.Args})
	}
	return out
}

// logo shows the logo and takes another.
func (h *Handlers) logo(c *fiber.Ctx) error { return h.showLogo(c, fiber.StatusOK, nil) }

func (h *Handlers) showLogo(c *fiber.Ctx, status int, problems []survey.Problem) error {
	council, version, err := h.Service.CouncilVersion(c.UserContext())
	if err != nil {
		return err
	}
	p := h.Kit.Page(c, "office.logo.title")
	p.Breadcrumbs = []page.Crumb{{Text: p.T("office.nav.settings"), Href: "/office/settings"}, {Text: p.Title}}
	p.SetProblems(problems)
	f := desk.Fields{Page: p, Form: survey.Form{}}
	form, err := desk.EditForm(p, version, "/office/settings", []desk.Block{f.File("file", "office.logo.file", "image/png")}, page.Button{Text: p.T("office.logo.button")})
	if err != nil {
		return err
	}
	form.Action, form.Multipart = p.To("/office/settings/logo"), true
	v := desk.View{Page: p, Blocks: []desk.Block{desk.Para(p.T("office.logo.intro")), {Form: form}}}
	if len(council.Logo) > 0 {
		remove, err := desk.NewAction(p, "/office/settings/logo/remove", page.Button{Text: p.T("office.logo.remove"), Kind: "secondary"}, desk.VersionField(version))
		if err != nil {
			return err
		}
		v.Blocks = append(v.Blocks, desk.Block{Actions: []page.Action{remove}})
	}
	return h.Show(c, status, v)
}

// Bounds of a logo's picture: a header shows it 48 pixels high.
const (
	logoSide   = 2000 // pixels
	logoPixels = 1_000_000
)

// readLogo decodes a PNG and encodes it again, so that nothing but the picture is stored: no metadata, no second file
// behind its end.
func readLogo(raw []byte) ([]byte, *survey.Problem) {
	bad := &survey.Problem{Field: "file", Key: "office.problem.logo"}
	config, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, bad
	}
	// Before decoding: a small file can claim a picture that fills the memory.
	if config.Width > logoSide || config.Height > logoSide || config.Width*config.Height > logoPixels {
		return nil, &survey.Problem{Field: "file", Key: "office.problem.logo_pixels", Args: []any{"Max", logoSide}}
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, bad
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, picture); err != nil {
		return nil, bad
	}
	if out.Len() > privacy.MaxLogo {
		return nil, &survey.Problem{Field: "file", Key: "office.problem.logo_large", Args: []any{"Max", privacy.MaxLogo / 1024}}
	}
	return out.Bytes(), nil
}

func (h *Handlers) logoSave(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	raw, ok := page.File(c, "file", privacy.MaxLogo)
	if !ok {
		return h.showLogo(c, fiber.StatusUnprocessableEntity, []survey.Problem{{Field: "file", Key: "office.problem.logo_large", Args: []any{"Max", privacy.MaxLogo / 1024}}})
	}
	logo, problem := readLogo(raw)
	if problem != nil {
		return h.showLogo(c, fiber.StatusUnprocessableEntity, []survey.Problem{*problem})
	}
	return h.putLogo(c, desk.Version(form), logo)
}

func (h *Handlers) logoRemove(c *fiber.Ctx) error {
	form, err := desk.ReadForm(c)
	if err != nil {
		return err
	}
	return h.putLogo(c, desk.Version(form), nil)
}

func (h *Handlers) putLogo(c *fiber.Ctx, version int64, logo []byte) error {
	council, _, err := h.Service.CouncilVersion(c.UserContext())
	if err != nil {
		return err
	}
	council.Logo = logo
	found, err := h.Service.SaveCouncil(c.UserContext(), desk.Staff(c), version, council)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return h.showLogo(c, fiber.StatusUnprocessableEntity, []survey.Problem{{Field: "file", Key: found[0].Key, Args: found[0].Args}})
	}
	return page.Done(c, "/office/settings/logo", "office.saved")
}
