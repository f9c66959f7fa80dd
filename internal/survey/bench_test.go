package survey_test

import (
	"testing"

	"folkmoot/internal/survey"
	"folkmoot/surveys"
)

func BenchmarkParse(b *testing.B) {
	src, _ := surveys.StandardSource("net-zero")
	bank := surveys.Bank()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if d, _ := survey.Parse(src, bank); d == nil {
			b.Fatal("faults")
		}
	}
}

func BenchmarkJourney(b *testing.B) {
	src, _ := surveys.StandardSource("net-zero")
	d, _ := survey.Parse(src, surveys.Bank())
	answers := survey.Answers{"home_type": codes("flat"), "heating": codes("gas"), "main_travel": codes("walk")}
	for b.Loop() {
		j := survey.NewJourney(d, answers)
		if !j.MayVisit("ward") || len(j.Missing()) > 0 {
			b.Fatal("path")
		}
	}
}

func BenchmarkQuestionParse(b *testing.B) {
	form := survey.Form{"q": {"The buses are late, and then there are three at once.\r\nMore shelters please."}}
	for b.Loop() {
		if a, _ := asked["long"].Parse(form, table); a.Empty() {
			b.Fatal("no answer")
		}
	}
}
