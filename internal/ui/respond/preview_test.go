package respond_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/respond"
	"folkmoot/internal/ui/uitest"
)

// preview is a world with one draft consultation whose preview anybody may open: who may is the office's to decide.
func preview(t testing.TB) *uitest.World {
	t.Helper()
	w := uitest.New(t)
	c, faults, err := w.Service.CreateConsultation(context.Background(), uitest.Researcher, "", []byte(uitest.Everything))
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	load := func(ctx *fiber.Ctx) (respond.Drafted, error) {
		if ctx.Params("id") != "draft" {
			return respond.Drafted{}, fault.New(fault.NotFound, "error.text.not_found")
		}
		found, def, _, err := w.Service.ConsultationForStaff(ctx.UserContext(), uitest.Researcher, c.ID)
		if err != nil {
			return respond.Drafted{}, err
		}
		council, err := w.Service.Council(ctx.UserContext())
		return respond.Drafted{Consultation: found, Definition: def.ForCouncil(council.Name), Office: "/office/consultations/draft"}, err
	}
	respond.NewPreview(w.Kit, w.Service, w.Kit.Routes(page.Office, "/office/consultations/:id/preview"), load)
	return w
}

func TestPreviewIsTheJourneyAndStoresNothing(t *testing.T) {
	w := preview(t)
	for _, prefix := range []string{"", "/cy"} {
		base := prefix + "/office/consultations/draft/preview"
		b := w.Browser(t)
		b.Get(base + "/respond")
		at(t, b, base+"/respond/satisfied", http.StatusOK)
		b.Submit("")
		at(t, b, base+"/respond/satisfied", http.StatusUnprocessableEntity)
		b.Submit("", "satisfied", "very_satisfied")
		b.Submit("", "member", "no")
		at(t, b, base+"/respond/why_not", http.StatusOK)
		b.Get(base + "/respond/check")
		at(t, b, base+"/respond/check", http.StatusOK)
		b.Submit("")
		at(t, b, base+"/equality", http.StatusOK)
		b.Submit("", "equality", "yes")
		b.Submit("", "over", "yes")
		at(t, b, base+"/equality/consent", http.StatusOK)
		b.Submit("", "consent", "agree")
		at(t, b, base+"/equality/age_band", http.StatusOK)
		b.Submit("", "age_band", "35_44")
		b.Submit("")
		b.Submit("", "health_conditions", "yes")
		at(t, b, base+"/equality/day_to_day_activities", http.StatusOK)
		b.Submit("")
		at(t, b, base+"/done", http.StatusOK)
		if prefix == "" {
			has(t, b, "Preview: residents will see the pages like this", "The preview ends here")
		}
		b.Submit("")
		at(t, b, base+"/respond/satisfied", http.StatusOK)
	}
	err := w.Store.View(context.Background(), func(r consult.Reader) error {
		all, err := r.Consultations(consult.ConsultationFilter{})
		for _, c := range all {
			if n, err := r.ResponseCount(c.ID); n != 0 || err != nil {
				t.Errorf("%d responses, %v", n, err)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPreviewOfAnotherConsultation(t *testing.T) {
	w := preview(t)
	if a := w.Browser(t).Get("/office/consultations/other/preview/respond"); a.Status != http.StatusNotFound {
		t.Errorf("status %d", a.Status)
	}
}
