package consult

import (
	"context"
	"encoding/json"
	"fmt"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// Geography is the council's own map: wards, each in one area (disclosure.md R9: one nested geography), and the ward of every postcode.
// It is a setting, because nothing is looked up elsewhere.
type Geography struct {
	Areas     []Area            `json:"areas"`
	Wards     []Ward            `json:"wards"`
	Postcodes map[string]string `json:"postcodes"` // canonical postcode to the code of its ward
}

// Area is a group of wards, large enough to be shown where a ward is not.
type Area struct {
	Code  string      `json:"code"`
	Label locale.Text `json:"label"`
}

// Ward is an electoral ward.
type Ward struct {
	Code       string      `json:"code"`
	Label      locale.Text `json:"label"`
	Area       string      `json:"area"`       // code of its area
	Population int         `json:"population"` // people; 0 = not stated
}

// Ward returns the code of the ward of a postcode in canonical form.
func (g *Geography) Ward(postcode string) (code string, ok bool) {
	code, ok = g.Postcodes[postcode]
	return code, ok
}

// wards returns the table for survey.Question.Parse; nil where the council has none, so that answers say "unknown".
func (g *Geography) wards() survey.Wards {
	if g == nil || len(g.Postcodes) == 0 {
		return nil
	}
	return g
}

// known reports whether a postcode question can have the code. Both "elsewhere" and "unknown" are known: the table may have come
// or gone while somebody was answering.
func (g *Geography) known(code string) bool {
	if code == survey.CodeElsewhere || code == survey.CodeUnknown {
		return true
	}
	for _, w := range g.Wards {
		if w.Code == code {
			return true
		}
	}
	return false
}

// wardCodes lists what a postcode question can have as an answer, in the order of the table.
func (g *Geography) wardCodes() []CodeLabel {
	var out []CodeLabel
	for _, w := range g.Wards {
		out = append(out, CodeLabel{w.Code, w.Label})
	}
	return append(out,
		CodeLabel{survey.CodeElsewhere, locale.Text{locale.English: "Somewhere else", locale.Welsh: "Rhywle arall"}},
		CodeLabel{survey.CodeUnknown, locale.Text{locale.English: "Not known", locale.Welsh: "Ddim yn hysbys"}})
}

// check returns fault.Invalid for a map that does not hold together.
func (g *Geography) check() error {
	areas, wards := map[string]bool{}, map[string]bool{}
	for _, a := range g.Areas {
		if a.Code == "" || areas[a.Code] || a.Label.In(locale.English) == "" {
			return fault.New(fault.Invalid, "error.geography.area", "Code", a.Code)
		}
		areas[a.Code] = true
	}
	for _, w := range g.Wards {
		if w.Code == "" || wards[w.Code] || areas[w.Code] || !areas[w.Area] || w.Label.In(locale.English) == "" {
			return fault.New(fault.Invalid, "error.geography.ward", "Code", w.Code)
		}
		wards[w.Code] = true
	}
	for postcode, ward := range g.Postcodes {
		if canonical, ok := survey.CanonicalPostcode(postcode); !ok || canonical != postcode || !wards[ward] {
			return fault.New(fault.Invalid, "error.geography.postcode", "Ward", ward)
		}
	}
	return nil
}

// Geography returns the council's map; an empty one if there is none.
func (s *Service) Geography(ctx context.Context) (*Geography, error) {
	v, err := s.setting(ctx, "geography", func(raw []byte) (any, error) {
		g := &Geography{}
		return g, json.Unmarshal(raw, g)
	})
	if fault.Is(err, fault.NotFound) {
		return &Geography{}, nil
	}
	if err != nil {
		return nil, err
	}
	return v.(*Geography), nil
}

// Wards returns the table that turns postcodes into wards; nil if the council has none.
func (s *Service) Wards(ctx context.Context) (survey.Wards, error) {
	g, err := s.Geography(ctx)
	if err != nil {
		return nil, err
	}
	return g.wards(), nil
}

// SaveGeography changes the map. fault.Invalid if it does not hold together.
func (s *Service) SaveGeography(ctx context.Context, by *Staff, g *Geography) error {
	if err := by.Allow(ManageSettings); err != nil {
		return err
	}
	if err := g.check(); err != nil {
		return err
	}
	raw, err := json.Marshal(g)
	if err != nil {
		return fmt.Errorf("encode geography: %w", err)
	}
	return s.putSetting(ctx, "geography", raw, -1, event(by.Actor(), "settings.geography", "setting:geography",
		"wards", fmt.Sprint(len(g.Wards)), "postcodes", fmt.Sprint(len(g.Postcodes))))
}
