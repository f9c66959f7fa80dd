package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/ui/page"
)

// Block is one part of a page of staff or partners, in reading order. Exactly one field is set. These pages are
// sequences of the same components, so one template prints them all (docs/decisions/0010-blocks.md).
type Block struct {
	Heading *Heading
	Para    string
	Hint    string // small grey text
	Prose   string // Markdown written by officers
	List    []string
	Inset   *page.Inset
	Warning *page.Warning
	Alarm   *Alarm
	Details *page.Details
	Figures []page.Figure
	Facts   []page.Figure // small figures in one line
	Quotes  []string      // what people wrote, in their own lines
	Marked  []MarkedPart  // one text of which parts are marked
	Summary *page.SummaryList
	Table   *page.Table
	Tasks   *page.TaskList
	Links   []page.Link
	Pages   *page.Pagination
	Actions []page.Action // small forms side by side
	Buttons []page.Button // links that look like buttons, side by side
	Copy    *Copy
	Source  *Source
	Card    *Card
	Fold    *Fold
	Stacked *page.StackedBar
	Bars    *page.BarChart
	Days    *page.Columns

	Form *Form

	// Parts of a form.
	Input   *page.Input
	Area    *page.Textarea
	Radios  *page.Radios
	Checks  *page.Checkboxes
	Select  *page.Select
	Date    *page.DateInput
	Columns [][]Block // side by side where there is room: English and Welsh
	Row     [][]Block // side by side, as wide as each needs
	Group   *FieldGroup
	Line    []Block // fields that belong together, set off by a line
	Live    *Live
	Hidden  *page.Hidden
}

// MarkedPart is a part of a text.
type MarkedPart struct {
	Text string
	Mark string // what it seems to be; empty if it is not marked
}

// Heading is a heading below the page's own.
type Heading struct {
	Text  string
	ID    string
	Small bool // one level further down
	Begin bool // a line above: one of many like parts
	Large bool // one level up: begins a part of a long page
}

// Copy is text that people take away: a link, a checksum. It is never shortened.
type Copy struct {
	Label, Text string
	Lines       bool // the text has lines
}

// Source is a listing with numbered lines.
type Source struct {
	Label string
	Lines []SourceLine
}

// SourceLine is one line of a listing.
type SourceLine struct {
	Number int
	Text   string
	Fault  string // what is wrong with it, or empty
}

// Card shows blocks inside a border: part of a record.
type Card struct {
	Title   string
	Tag     *page.Tag
	Actions []page.Action
	Links   []page.Link
	Blocks  []Block
}

// Fold hides blocks that few need.
type Fold struct {
	Summary string
	Blocks  []Block
}

// Live is what a script brings up to date as the fields of its form change; see Form.Live.
type Live struct{ Blocks []Block }

// FieldGroup is a fieldset around several fields.
type FieldGroup struct {
	Legend string
	Hint   string
	ID     string
	Error  string
	Blocks []Block
}

// DescribedBy lists the ids of hint and error, for aria-describedby.
func (g FieldGroup) DescribedBy() string {
	var ids []string
	if g.Hint != "" {
		ids = append(ids, g.ID+"-hint")
	}
	if g.Error != "" {
		ids = append(ids, g.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Form is one form. Its fields are blocks too.
type Form struct {
	Action    string // complete address; empty = the page's own
	Get       bool   // filters: the state belongs in the address
	Multipart bool
	Token     string // from Page.CSRF; not for Get
	Label     string // accessible name where a page has several forms
	Live      string // name of the button that a script presses in the background whenever a choice changes, to renew the Live block and hints
	Hidden    []page.Hidden
	Blocks    []Block
	Buttons   []page.Button
	Cancel    *page.Link
}

// View is a page of staff or partners.
type View struct {
	*page.Page
	Tabs   *page.Tabs
	Tag    *page.Tag // status beside the heading
	Blocks []Block
}

// Show answers with the page. name is the template: "office/page" or "partner/page".
func (d *Desk) Show(c *fiber.Ctx, status int, v View) error {
	name := "office/page"
	if v.Area == page.Partner {
		name = "partner/page"
	}
	return d.Kit.Render(c, status, name, v)
}

// Para makes a paragraph.
func Para(text string) Block { return Block{Para: text} }

// H2 makes a heading.
func H2(text string) Block { return Block{Heading: &Heading{Text: text}} }

// H3 makes a small heading.
func H3(text string) Block { return Block{Heading: &Heading{Text: text, Small: true}} }

// TableBlock makes a table.
func TableBlock(t page.Table) Block { return Block{Table: &t} }

// LinkList makes a list of links.
func LinkList(links ...page.Link) Block { return Block{Links: links} }

// PostForm returns a form that posts to the page's own address and carries its token. back is the path to go where
// somebody thinks better of it; "" where there is none.
func PostForm(p *page.Page, back string, blocks []Block, buttons ...page.Button) (*Form, error) {
	token, err := p.CSRF()
	if err != nil {
		return nil, err
	}
	f := &Form{Token: token, Blocks: blocks, Buttons: buttons}
	if back != "" {
		f.Cancel = &page.Link{Text: p.T("office.cancel"), Href: p.To(back)}
	}
	return f, nil
}

// EditForm is PostForm for one version of a record: it tells when somebody else saved first (Crossed).
func EditForm(p *page.Page, version int64, back string, blocks []Block, buttons ...page.Button) (*Form, error) {
	f, err := PostForm(p, back, blocks, buttons...)
	if err == nil {
		f.Hidden = []page.Hidden{VersionField(version)}
	}
	return f, err
}

// NewAction makes a small form of one button that posts to path.
func NewAction(p *page.Page, path string, button page.Button, fields ...page.Hidden) (page.Action, error) {
	token, err := p.CSRF()
	if err != nil {
		return page.Action{}, err
	}
	return page.Action{Href: p.To(path), Button: button, Token: token, Fields: fields}, nil
}

// Small makes a line of small grey text.
func Small(text string) Block { return Block{Hint: text} }
