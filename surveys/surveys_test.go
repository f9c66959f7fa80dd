package surveys_test

import (
	"testing"

	"folkmoot/internal/survey"
	"folkmoot/surveys"
)

func TestStandardSurveysHaveNoFault(t *testing.T) {
	for _, name := range surveys.Standard() {
		src, ok := surveys.StandardSource(name)
		if !ok {
			t.Fatalf("%s: not found", name)
		}
		d, faults := survey.Parse(src, surveys.Bank())
		for _, f := range faults {
			t.Errorf("%s: %s", name, f)
		}
		if d != nil && d.ID != name {
			t.Errorf("%s: its id is %s", name, d.ID)
		}
	}
}
