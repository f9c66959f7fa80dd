package survey

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
