package consult_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// barriers submits n responses that chose the options.
func (w *world) barriers(t *testing.T, c *consult.Consultation, n int, options ...string) {
	t.Helper()
	def, err := survey.Parse(c.Source, w.Bank)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for range n {
		a := invent(r, def)
		a["barriers"] = survey.Answer{Codes: options}
		w.submit(t, c, a)
	}
}

// codesOf are the columns of a release's table of a question.
func codesOf(t *testing.T, r *consult.Release, question string) (codes []string, table consult.ReleaseTable) {
	t.Helper()
	for _, table := range r.Tables {
		if table.Question == question && table.By == "" {
			for _, c := range table.Columns {
				codes = append(codes, c.Code)
			}
			return codes, table
		}
	}
	t.Fatalf("no table of %s: %v", question, texts(r))
	return nil, consult.ReleaseTable{}
}

// Disclosure.md R6: rare options of a multiple-choice question are pooled until ten people are in the pool, and stay so in later releases.
func TestRareOptionsArePooled(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	all := optionsOf(t, w, c, "barriers")
	if len(all) < 5 {
		t.Fatalf("options %v", all)
	}
	a, b, third, fourth := all[0], all[1], all[2], all[3]
	w.barriers(t, c, 40, a)
	w.barriers(t, c, 30, b)
	w.barriers(t, c, 20, third)
	w.barriers(t, c, 6, fourth)
	agreement := w.agree(t)
	spec := consult.TableSpec{Question: "barriers"}
	first := w.draftRelease(t, c, agreement, spec)
	codes, table := codesOf(t, first, "barriers")
	pool := ""
	for i, code := range codes {
		if strings.Contains(code, "+") {
			pool = code
			if label := table.Columns[i].Label[locale.English]; !strings.HasPrefix(label, "Any of these: ") || !strings.Contains(label, "; ") {
				t.Errorf("the pool is called %q", label)
			}
			if n := table.Rows[0].Counts[i]; n != "26" {
				t.Errorf("%s people in a pool of 6 and the next rarest, 20", n)
			}
		}
	}
	together := strings.Split(pool, "+")
	if slices.Contains(together, a) || slices.Contains(together, b) || !slices.Contains(together, third) || !slices.Contains(together, fourth) {
		t.Errorf("pooled: %v", together)
	}
	for i, n := range table.Rows[0].Counts {
		if codes[i] != "nothing" && n == consult.Hidden {
			t.Errorf("R6 is there so that nothing of it is hidden: %v", table.Rows[0].Counts)
		}
	}
	if len(table.Notes) == 0 {
		t.Error("the reader is not told")
	}
	w.publish(t, first)

	w.barriers(t, c, 80, fourth)
	second := w.draftRelease(t, c, agreement, spec)
	if again, _ := codesOf(t, second, "barriers"); !slices.Equal(again, codes) {
		t.Errorf("columns %v after %v: what came out of the pool would be known by difference", again, codes)
	}
}

// Where every option is chosen often there is no pool.
func TestCommonOptionsStayByThemselves(t *testing.T) {
	w := newWorld(t)
	c := w.open(t, "net-zero")
	for _, code := range optionsOf(t, w, c, "barriers") {
		w.barriers(t, c, 12, code)
	}
	codes, _ := codesOf(t, w.draftRelease(t, c, w.agree(t), consult.TableSpec{Question: "barriers"}), "barriers")
	if want := append(optionsOf(t, w, c, "barriers"), "nothing"); !slices.Equal(codes, want) { // "nothing" excludes all others and nobody chose it
		t.Errorf("columns %v", codes)
	}
}

// optionsOf are the codes of a question, without those that exclude all others.
func optionsOf(t *testing.T, w *world, c *consult.Consultation, question string) (out []string) {
	t.Helper()
	def, err := survey.Parse(c.Source, w.Bank)
	if err != nil {
		t.Fatal(err)
	}
	q, ok := def.Question(question)
	if !ok {
		t.Fatalf("no question %s", question)
	}
	for _, o := range q.Options {
		if !o.Exclusive {
			out = append(out, o.Code)
		}
	}
	return out
}
