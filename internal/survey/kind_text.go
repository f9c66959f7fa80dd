package survey

// parseShortText reads one line of free text.
func (q Question) parseShortText(f Form) (Answer, []Problem) {
	return q.parseText(f, cleanLine)
}

// parseText reads free text that clean has normalised. Length is counted after that, in runes.
func (q Question) parseText(f Form, clean func(string) (string, bool)) (Answer, []Problem) {
	raw, ok := q.one(f, q.ID)
	if !ok {
		return q.problem(q.ID, "survey.problem.text.repeated")
	}
	text, ok := clean(raw)
	if !ok {
		return q.problem(q.ID, "survey.problem.text.characters")
	}
	if text == "" {
		if q.Required {
			return q.problem(q.ID, "survey.problem.text")
		}
		return Answer{}, nil
	}
	if q.MaxLength > 0 && runes(text) > q.MaxLength {
		return q.problem(q.ID, "survey.problem.text.long", "Max", thousands(q.MaxLength))
	}
	return Answer{Text: text}, nil
}

// parseLongText reads several lines of free text.
func (q Question) parseLongText(f Form) (Answer, []Problem) {
	return q.parseText(f, cleanBlock)
}
