package surveys_test

import (
	"os"
	"regexp"
	"testing"

	"folkmoot/internal/survey"
	"folkmoot/surveys"
)

func TestExampleOfTheReadMeIsADefinition(t *testing.T) {
	src, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(src)
	if example == nil {
		t.Fatal("the read-me has no example")
	}
	if _, faults := survey.Parse(example[1], surveys.Bank()); len(faults) > 0 {
		t.Errorf("the first thing people copy must work: %v", faults)
	}
}
