package disclosure

import (
	"slices"

	"folkmoot/internal/fault"
)

// survey is a checked input.
type survey struct {
	people  int
	earlier *State // nil if there was none
	history *history
	pairs   map[[2]string][]bool
	members []cohort // of each person
	changed []uint64 // as in Records
	cohorts []cohort // of the release, each once, ascending
	dims    []Dim
	axes    [][]*axis // by dimension, then rung
	number  map[string]int
}

// read checks records and tables. It returns fault.Invalid with what is wrong.
func read(in Input) (*survey, error) {
	s := &survey{people: in.Records.People, dims: in.Records.Dims, earlier: in.Earlier,
		number: map[string]int{}, pairs: map[[2]string][]bool{}}
	if s.people < 0 {
		return nil, fault.New(fault.Invalid, "disclosure.input.people")
	}
	if s.earlier != nil {
		if err := s.mergeDims(); err != nil {
			return nil, err
		}
	}
	for i := range s.dims {
		d := &s.dims[i]
		if _, twice := s.number[d.Name]; twice || d.Name == "" {
			return nil, fault.New(fault.Invalid, "disclosure.input.dim_name", "Dim", d.Name)
		}
		s.number[d.Name] = i
		if err := checkDim(d, s.people); err != nil {
			return nil, err
		}
		axes, err := climb(d, i)
		if err != nil {
			return nil, err
		}
		s.axes = append(s.axes, axes)
	}
	if err := s.enrol(in.Records.Seen, in.Records.Changed); err != nil {
		return nil, err
	}
	if s.earlier != nil {
		if err := s.load(); err != nil {
			return nil, err
		}
	}
	return s, s.checkTables(in.Tables, in.Policy.maxBy())
}

func checkDim(d *Dim, people int) error {
	if d.Role != Ordinary && d.Role != Sensitive && d.Role != Special {
		return fault.New(fault.Invalid, "disclosure.input.role", "Dim", d.Name)
	}
	if len(d.Column) != people {
		return fault.New(fault.Invalid, "disclosure.input.column", "Dim", d.Name)
	}
	for i, code := range d.Codes {
		if code == Total || slices.Contains(d.Codes[:i], code) {
			return fault.New(fault.Invalid, "disclosure.input.codes", "Dim", d.Name, "Code", code)
		}
	}
	for _, code := range d.Column {
		if int(code) >= len(d.Codes) {
			return fault.New(fault.Invalid, "disclosure.input.unknown_code", "Dim", d.Name)
		}
	}
	for _, code := range d.NoAnswer {
		if !slices.Contains(d.Codes, code) {
			return fault.New(fault.Invalid, "disclosure.input.codes", "Dim", d.Name, "Code", code)
		}
	}
	for code := range d.Scores {
		if !slices.Contains(d.Codes, code) {
			return fault.New(fault.Invalid, "disclosure.input.codes", "Dim", d.Name, "Code", code)
		}
	}
	return nil
}

func (s *survey) checkTables(tables []TableSpec, maxBy int) error {
	ids := map[string]bool{}
	for _, t := range tables {
		if ids[t.ID] || t.ID == "" {
			return fault.New(fault.Invalid, "disclosure.input.table_id", "Table", t.ID)
		}
		ids[t.ID] = true
		if len(t.By) > maxBy {
			return fault.New(fault.Invalid, "disclosure.input.by", "Table", t.ID, "Max", maxBy)
		}
		names := append([]string{t.Question}, t.By...)
		for i, name := range names {
			if _, known := s.number[name]; !known || slices.Contains(names[:i], name) {
				return fault.New(fault.Invalid, "disclosure.input.table_dim", "Table", t.ID, "Dim", name)
			}
		}
		for _, code := range t.Show {
			if !slices.Contains(s.dims[s.number[t.Question]].Codes, code) {
				return fault.New(fault.Invalid, "disclosure.input.codes", "Dim", t.Question, "Code", code)
			}
		}
	}
	return nil
}
