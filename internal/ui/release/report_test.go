package release_test

import (
	"net/url"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/export"
	"folkmoot/internal/ui/uitest"
)

// Disclosure.md 3.6: nothing is proposed before the questions about a motivated intruder are answered, and the second person sees the answers and the
// report before approving.
func TestTheReportOnThePages(t *testing.T) {
	w := newWorld(t)
	agreement := w.agree(t, w.approver)
	path := w.draft(t, w.closed(t, "library", 260), agreement.ID, everything...)
	want(t, w.researcher.Get(path), 200, "the draft leads to its report, and says what protection cost", "Read the disclosure report", "What protection cost", "points from the truth", "Propose for approval")
	want(t, w.researcher.Get(path+"/report"), 200, "before it is proposed", "This report stays inside the council", "Hidden figures recovered exactly",
		"None: this is the first release", "Not answered yet", "Smallest group that is shown", "12 months after approval", "Not yet")
	want(t, w.researcher.Get("/cy"+path+"/report"), 200, "in Welsh", "Mae’r adroddiad hwn yn aros o fewn y cyngor", "Adroddiad datgelu", "Cost diogelu")

	w.researcher.Get(path + "/propose")
	want(t, w.researcher.FillTo(path+"/propose", nil), 422, "nothing is answered", "Say whether somebody could be singled out", "Say whether the figures could be linked",
		"Say whether something could be concluded", "Enter what else is public")
	w.researcher.Get(path + "/propose")
	want(t, w.researcher.FillTo(path+"/propose", url.Values{"singling_out": {"unlikely"}, "linkability": {"unlikely"}, "inference": {"likely"}, "other_data": {"Census zz1"}}), 422,
		"there is a risk", "do not propose these tables", "Census zz1")
	want(t, w.researcher.Propose(path), 303, "all is answered")
	want(t, w.approver.Get(path+"/approve"), 200, "the second person sees it all", "Motivated intruder", "What protection cost", uitest.Checked.OtherData, "No, I looked and found no way",
		"Read the disclosure report", "0 found in", "To be reviewed on")
	want(t, w.approver.Fill(url.Values{"sure": {"yes"}}), 303, "approves")
	want(t, w.dpo.Get(path+"/report"), 200, "signed off by both", "Ros Researcher", "Ana Approver", uitest.Checked.OtherData)
	lacks(t, w.dpo.Page, "a review date", "12 months after approval")
	for who, b := range map[string]*uitest.Browser{"a partner": w.reader, "an administrator": w.admin} {
		want(t, b.Get(path+"/report"), 403, who+" does not read it")
	}
	// no file of the release has any of it
	shelf := strings.Replace(path, "/office", "/partner", 1)
	r, facts, err := w.Service.ShelfRelease(t.Context(), &consult.Staff{ID: "pat", Role: consult.PartnerUser, PartnerID: w.partner.ID}, strings.TrimPrefix(path, "/office/releases/"), "page")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range export.Formats(r, facts) {
		a := w.reader.Get(shelf + "/release." + f.Name)
		if a.Status != 200 {
			t.Errorf("%s: %d", f.Name, a.Status)
		}
		for _, secret := range []string{uitest.Checked.OtherData, "singling", "secondary", "hellinger", r.ReportSHA256} {
			if strings.Contains(a.Body, secret) {
				t.Errorf("%s: %q is in a file that leaves", f.Name, secret)
			}
		}
	}
}
