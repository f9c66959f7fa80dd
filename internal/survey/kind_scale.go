package survey

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
