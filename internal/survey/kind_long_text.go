package survey

// parseLongText reads several lines of free text.
func (q Question) parseLongText(f Form) (Answer, []Problem) {
	return q.parseText(f, cleanBlock)
}
