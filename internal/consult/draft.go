package consult

import (
	"context"
	"regexp"
	"slices"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// tokenForm is what seal.RandomToken makes. A shorter token could be guessed, and would lead to another person's code.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// Begin starts a draft with a fresh submission token. fault.Closed before opening and after closing.
func (s *Service) Begin(ctx context.Context, slug string, lang locale.Lang) (*Draft, error) {
	c, err := s.published(ctx, slug)
	if err != nil {
		return nil, err
	}
	if err := takesResponses(c, s.now()); err != nil {
		return nil, err
	}
	if !slices.Contains(c.Languages, lang) {
		lang = locale.English
	}
	return &Draft{Token: seal.RandomToken(), ConsultationID: c.ID, SurveyVersion: c.SurveyVersion, NoticeVersion: c.NoticeVersion,
		Language: lang, Answers: survey.Answers{}}, nil
}

// validate returns the draft's answers as they are stored: on the path, each one checked against its question again. Answers
// off the path are dropped. It returns fault.Invalid for a missing required answer or one that does not fit: the pages
// do not let that happen, so it means an old draft or somebody at the door. Nobody can be made to answer on paper or aloud: of a recorded draft a required
// answer may be missing where the officer says so. kept are answers that were stored before and hold as they are: routing goes by them too.
func (d *Draft) validate(def *survey.Definition, geography *Geography, recorded bool, kept survey.Answers) (survey.Answers, error) {
	j := survey.NewJourney(def, d.Answers.With(kept))
	for _, q := range j.Missing() {
		if !recorded || !slices.Contains(d.Unanswered, q.ID) {
			return nil, fault.New(fault.Invalid, "error.response.incomplete", "Question", q.ID)
		}
	}
	for id := range d.Answers {
		if _, ok := def.Question(id); !ok {
			return nil, fault.New(fault.Invalid, "error.response.answer", "Question", id)
		}
	}
	answers := j.OnPath()
	for _, q := range j.Steps() {
		if _, is := kept[q.ID]; is {
			continue
		}
		if err := checkAnswer(q, answers[q.ID], geography); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

func checkAnswer(q survey.Question, a survey.Answer, geography *Geography) error {
	bad := len(q.Check(a, geography.wards())) > 0
	if q.Kind == survey.Postcode && !a.Empty() && !bad {
		bad = !geography.known(a.Codes[0])
	}
	if bad {
		return fault.New(fault.Invalid, "error.response.answer", "Question", q.ID)
	}
	return nil
}

// CodeWritten is how free text counts among the coded answers: something was written, whatever it says.
const CodeWritten = "written"

// split parts the answers that are counted from the texts that are sealed. Coded answers keep a mark (CodeWritten) for
// every free-text question that was answered, so that counting never needs a key.
func split(def *survey.Definition, answers survey.Answers) (coded survey.Answers, texts map[string]string) {
	coded = survey.Answers{}
	for id, a := range answers {
		q, _ := def.Question(id)
		switch {
		case q.Kind == survey.Number || q.Kind == survey.Date || a.Text == "":
			coded[id] = a
			continue
		case q.Kind == survey.ShortText || q.Kind == survey.LongText:
			coded[id] = survey.Answer{Codes: []string{CodeWritten}}
		default: // a description under an option, a kept postcode
			coded[id] = survey.Answer{Codes: slices.Clone(a.Codes)}
		}
		if texts == nil {
			texts = map[string]string{}
		}
		texts[id] = a.Text
	}
	return coded, texts
}

// join puts the opened texts back where split took them from.
func join(coded survey.Answers, texts map[string]string) survey.Answers {
	out := make(survey.Answers, len(coded))
	for id, a := range coded {
		if text, ok := texts[id]; ok {
			a.Text = text
			if len(a.Codes) == 1 && a.Codes[0] == CodeWritten {
				a.Codes = nil
			}
		}
		out[id] = a
	}
	return out
}
