package survey_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/survey"
	"folkmoot/surveys"
)

func TestAFrozenDefinitionIsWhatWasParsed(t *testing.T) {
	for _, name := range surveys.Standard() {
		source, _ := surveys.StandardSource(name)
		d, faults := survey.Parse(source, surveys.Bank())
		if len(faults) > 0 {
			t.Fatal(faults[0])
		}
		raw, err := survey.Freeze(d)
		if err != nil {
			t.Fatal(err)
		}
		back, err := survey.Thaw(raw)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, back); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		again, err := survey.Freeze(back)
		if err != nil || !bytes.Equal(raw, again) {
			t.Errorf("%s: freezing again gives other bytes: its version would change", name)
		}
	}
}

func TestThawRefusesWhatWasNotFrozen(t *testing.T) {
	source, _ := surveys.StandardSource("blank")
	for _, row := range []struct {
		why string
		raw []byte
	}{
		{"nothing", nil},
		{"a source in YAML", source},
		{"another format", []byte(`{"format":"folkmoot/frozen/2","definition":{"ID":"x"}}`)},
		{"no definition", []byte(`{"format":"folkmoot/frozen/1"}`)},
		{"a field that this version does not know", []byte(`{"format":"folkmoot/frozen/1","definition":{"ID":"x","Tracking":true}}`)},
		{"something behind it", []byte(`{"format":"folkmoot/frozen/1","definition":{"ID":"x"}}{}`)},
	} {
		if d, err := survey.Thaw(row.raw); err == nil {
			t.Errorf("%s: got %v", row.why, d)
		}
	}
}
