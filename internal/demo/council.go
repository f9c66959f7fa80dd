package demo

import (
	"context"
	"fmt"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/surveys"
)

// partnerName is the partner that gets tables. No company of this name is meant.
const partnerName = "Fenwick Climate"

func both(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }

// planCouncil puts the council's first months with the service on the timeline.
func (w *world) planCouncil() {
	w.happen(-170, "09:30", w.people)
	w.happen(-169, "10:15", w.settings)
	w.happen(-165, "11:00", w.assess)
	for day := -160; day < 0; day++ { // as housekeeping does, in each month
		if at := w.now.In(locale.London()).AddDate(0, 0, day); at.Day() == 1 {
			w.timeline = append(w.timeline, happening{at: time.Date(at.Year(), at.Month(), 1, 3, 0, 0, 0, locale.London()).UTC(), alone: true, do: func(ctx context.Context) error {
				_, err := w.svc.TakeSnapshot(ctx)
				return err
			}})
		}
	}
	w.happen(-162, "14:20", w.takePartner)
	w.happen(-30, "10:40", w.keepProcessors)
}

// settings saves the council's settings and map.
func (w *world) settings(ctx context.Context) error {
	admin := w.staff[consult.Administrator]
	problems, err := w.svc.SaveCouncil(ctx, admin, 0, wealdmere())
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("council settings: %s: %s", problems[0].Field, problems[0].Key)
	}
	return w.svc.SaveGeography(ctx, admin, geography())
}

// wealdmere is the council. Its domains are reserved for examples (RFC 2606), its telephone numbers for drama (Ofcom).
func wealdmere() privacy.Council {
	c := consult.DefaultCouncil()
	c.Name = both("Wealdmere Borough Council", "Cyngor Bwrdeistref Wealdmere")
	c.ShortName = "WEM"
	c.Address = "Wealdmere Town Hall\nMarket Square\nWealdmere\nWM1 2AB"
	c.Email, c.Phone, c.Website = "haveyoursay@wealdmere.example", "01632 960 100", "https://www.wealdmere.example"
	c.Colour, c.Logo = "#0b5563", logo()
	c.DPOName, c.DPOEmail, c.DPOPhone = "Dana Protection", "dpo@wealdmere.example", "01632 960 140"
	c.Registration = "Z0000000"
	c.ComplaintsHow = both(
		"Write to the Data Protection Officer at dpo@wealdmere.example or telephone 01632 960 140. We confirm that we have your complaint within 30 days and tell you what came of it.",
		"Ysgrifennwch at y Swyddog Diogelu Data yn dpo@wealdmere.example neu ffoniwch 01632 960 140. Byddwn yn cadarnhau o fewn 30 diwrnod fod eich cwyn wedi dod i law ac yn dweud wrthych beth ddaeth ohoni.")
	return c
}

// wardPopulation is how many people live in each ward: 41,000 in all, unevenly.
var wardPopulation = map[string]int{"abbots_cross": 12900, "market": 10100, "millbrook": 6200, "mereside": 5700, "fairmead": 4050, "high_weald": 2050}

// geography is the map of the borough.
func geography() *consult.Geography {
	g := &consult.Geography{Postcodes: map[string]string{}}
	areas, wards := map[string]bool{}, map[string]bool{}
	for _, u := range surveys.DemoGeography() {
		if !areas[u.Area] {
			areas[u.Area] = true
			g.Areas = append(g.Areas, consult.Area{Code: u.Area, Label: u.AreaName})
		}
		if !wards[u.Ward] {
			wards[u.Ward] = true
			g.Wards = append(g.Wards, consult.Ward{Code: u.Ward, Label: u.WardName, Area: u.Area, Population: wardPopulation[u.Ward]})
		}
		g.Postcodes[u.Postcode] = u.Ward
	}
	return g
}
