package release_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/public"
	"folkmoot/internal/ui/uitest"
)

// What was published never changes, whatever the council changes afterwards: every file and checksum of it stays the same to the byte.
func TestPublishedFilesStayAsTheyAre(t *testing.T) {
	w := newWorld(t)
	public.Register(w.Kit, w.Service)
	agreement := w.agree(t, w.approver)
	c := w.closed(t, "library", 120)
	path := w.draft(t, c, agreement.ID, "satisfied", "satisfied|home", "uses")
	w.researcher.Get(path)
	want(t, w.researcher.Propose(path), 303, "proposed")

	// Before publication the facts are those of the day on which they are published.
	w.setPurpose(t, agreement.ID, "Purpose agreed before the approval")
	w.approver.Get(path + "/approve")
	want(t, w.approver.Fill(url.Values{"sure": {"yes"}, "public": {"yes"}}), 303, "published, on the website too")
	id := strings.TrimPrefix(path, "/office/releases/")
	shelf := "/partner/releases/" + id
	files := map[string]*uitest.Browser{}
	for _, format := range []string{"csv", "csv-metadata.json", "json", "en.xlsx", "cy.xlsx", "en.ods", "cy.ods", "sums.txt"} {
		files[shelf+"/release."+format], files["/c/library/results."+format] = w.reader, w.Browser(t)
	}
	first := map[string]string{}
	for address, reader := range files {
		a := reader.Get(address)
		if a.Status != 200 || len(a.Body) < 500 {
			t.Fatalf("%s: %d, %d bytes", address, a.Status, len(a.Body))
		}
		first[address] = a.Body
	}
	if !strings.Contains(first[shelf+"/release.json"], "Purpose agreed before the approval") {
		t.Error("the purpose in force at publication is not in the file")
	}
	for _, row := range []struct {
		why    string
		change func()
	}{
		{"the agreement's purpose", func() { w.setPurpose(t, agreement.ID, "Another purpose") }},
		{"the council's name and contacts", func() { w.renameCouncil(t) }},
		{"the consultation's title, dates, languages, contact and kind of link", func() { w.rewrite(t, c.ID) }},
	} {
		row.change()
		for address, reader := range files {
			if a := reader.Get(address); a.Status != 200 || a.Body != first[address] {
				t.Errorf("%s: %s changed: %d, %d bytes instead of %d", row.why, address, a.Status, len(a.Body), len(first[address]))
			}
		}
		page := w.reader.Get(shelf)
		want(t, page, 200, row.why+": the page says what the files say", "Purpose agreed before the approval")
		lacks(t, page, row.why+": the page says what the files say", "Another purpose", "elsewhere@example.org")
	}
}

func (w *world) setPurpose(t *testing.T, agreementID, purpose string) {
	t.Helper()
	w.approver.Get("/office/agreements/" + agreementID)
	fields := agreementFields(w.partner.ID)
	fields.Set("purpose", purpose)
	if a := w.approver.Fill(fields); a.Status != 303 {
		t.Fatalf("the agreement's purpose: %d %s", a.Status, a.Text())
	}
}

func (w *world) renameCouncil(t *testing.T) {
	t.Helper()
	chief := &consult.Staff{ID: "chief", Role: consult.Administrator}
	council, version, err := w.Service.CouncilVersion(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	council.Name = locale.Text{locale.English: "New Unitary Council", locale.Welsh: "Cyngor Unedol Newydd"}
	council.Email, council.Phone, council.DPOEmail = "moved@example.org", "01632 960999", "moved@example.org"
	if problems, err := w.Service.SaveCouncil(context.Background(), chief, version, council); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
}

// rewrite changes in the store what the service would refuse to change: no version of the program may depend on that it does.
func (w *world) rewrite(t *testing.T, id string) {
	t.Helper()
	err := w.Service.Store.Update(context.Background(), func(tx consult.Writer) error {
		c, err := tx.Consultation(id)
		if err != nil {
			return err
		}
		c.Title = locale.Text{locale.English: "Another title", locale.Welsh: "Teitl arall"}
		c.OpensAt, c.ClosesAt, c.Languages = c.OpensAt.AddDate(0, 0, -3), c.ClosesAt.AddDate(0, 0, -1), []locale.Lang{locale.English}
		c.ContactEmail, c.OpenLink = "elsewhere@example.org", !c.OpenLink
		if err := tx.UpdateConsultation(c); err != nil {
			return err
		}
		return tx.AppendAudit(privacy.AuditEvent{Actor: privacy.Actor{Kind: "system"}, Action: "test.rewrite", Object: "consultation:" + id})
	})
	if err != nil {
		t.Fatal(err)
	}
}
