package survey

// parseSingle reads one of several options.
func (q Question) parseSingle(f Form) (Answer, []Problem) {
	return q.parseOne(f, "survey.problem.single")
}

// parseOne reads the one code of a group of radio buttons; missing is the key of the message for a blank.
func (q Question) parseOne(f Form, missing string) (Answer, []Problem) {
	code, ok := q.one(f, q.ID)
	if !ok {
		return q.problem(q.ID, "survey.problem.single.repeated")
	}
	if code == "" {
		if q.Required {
			return q.problem(q.ID, missing)
		}
		return Answer{}, nil
	}
	o, ok := q.Option(code)
	if !ok {
		return q.problem(q.ID, "survey.problem.option")
	}
	text, problems := q.writeIn(f, o)
	if problems != nil {
		return Answer{}, problems
	}
	return Answer{Codes: []string{o.Code}, Text: text}, nil
}

// writeIn reads the description that belongs to a chosen option. Text typed under an option that was then not
// chosen is not read at all: the page hides it, so nobody means to send it.
func (q Question) writeIn(f Form, o Option) (string, []Problem) {
	if o.WriteIn.Empty() {
		return "", nil
	}
	field := q.WriteInField(o.Code)
	raw, ok := q.one(f, field)
	if !ok {
		return "", []Problem{{Field: field, Key: "survey.problem.text.repeated"}}
	}
	text, ok := cleanLine(raw)
	if !ok {
		return "", []Problem{{Field: field, Key: "survey.problem.text.characters"}}
	}
	if runes(text) > WriteInMax {
		return "", []Problem{{Field: field, Key: "survey.problem.text.long", Args: []any{"Max", thousands(WriteInMax)}}}
	}
	return text, nil
}

// choiceValues sets the fields of a question with options.
func (q Question) choiceValues(a Answer, f Form) {
	if len(a.Codes) == 0 {
		return
	}
	f[q.ID] = append([]string(nil), a.Codes...)
	for _, code := range a.Codes {
		if o, ok := q.Option(code); ok && !o.WriteIn.Empty() && a.Text != "" {
			f[q.WriteInField(code)] = []string{a.Text}
		}
	}
}

// parseScale reads one of five ordered points, or "don't know". Nothing is preselected, so a missing field is a
// question left blank.
func (q Question) parseScale(f Form) (Answer, []Problem) {
	missing := "survey.problem.scale"
	switch q.Scoring {
	case "satisfaction", "agreement", "safety", "ease", "feedback":
		missing += "." + q.Scoring
	}
	return q.parseOne(f, missing)
}

// parseMultiple reads any of several options. The codes come back in the order of the options, whatever order
// they were sent in. A box sent twice counts once: browsers do that when a page is restored.
func (q Question) parseMultiple(f Form) (Answer, []Problem) {
	chosen := map[string]bool{}
	for _, code := range f[q.ID] {
		if code == "" {
			continue // the empty field that some pages send so that "nothing ticked" arrives at all
		}
		if _, ok := q.Option(code); !ok {
			return q.problem(q.ID, "survey.problem.option")
		}
		chosen[code] = true
	}
	var a Answer
	for _, o := range q.Options {
		if !chosen[o.Code] {
			continue
		}
		if o.Exclusive && len(chosen) > 1 {
			return q.problem(q.ID, "survey.problem.multiple.exclusive", "Option", o.Label)
		}
		text, problems := q.writeIn(f, o)
		if problems != nil {
			return Answer{}, problems
		}
		a.Codes = append(a.Codes, o.Code)
		if text != "" {
			a.Text = text
		}
	}
	if len(a.Codes) == 0 && q.Required {
		return q.problem(q.ID, "survey.problem.multiple")
	}
	return a, nil
}
