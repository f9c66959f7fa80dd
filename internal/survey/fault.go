package survey

import (
	"fmt"
	"sort"
	"strings"
)

// Fault is one thing wrong with the source of a definition or of the question bank. Faults are for the people
// who write definitions; what a respondent has to mend is a Problem.
type Fault struct {
	Line, Column int    // from 1; 0 where the source as a whole is meant
	Path         string // where in the definition, for example "sections[0].questions[2].text.cy"; may be empty
	Key          string // message key, "survey.fault." and a word
	Args         []any  // name, value pairs; every value is a string or an int
}

// String returns the fault in plain English with its place: "line 12, column 5: sections[0].id: ...".
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", f.Line, f.Column)
	}
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	text, ok := faultTexts[f.Key]
	if !ok {
		text = f.Key
	}
	for i := 0; i+1 < len(f.Args); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{{.%v}}", f.Args[i]), fmt.Sprint(f.Args[i+1]))
	}
	b.WriteString(text)
	return b.String()
}

// sortFaults puts faults in the order in which a person reads the source.
func sortFaults(faults []Fault) {
	sort.SliceStable(faults, func(i, k int) bool {
		a, b := faults[i], faults[k]
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
}

// faultTexts holds the English of every fault, so that a command can print them without a catalogue. A test keeps
// it the same as the catalogue.
var faultTexts = map[string]string{
	"survey.fault.alias":               "anchors and aliases (& and *) cannot be used here; write the value out",
	"survey.fault.bank_duplicate":      "there is already a bank entry with the id {{.ID}}",
	"survey.fault.bank_unknown":        "there is no equality question {{.ID}} in the question bank; it has {{.Known}}",
	"survey.fault.bounds":              "the lower bound {{.Min}} is above the upper bound {{.Max}}",
	"survey.fault.characters":          "remove the control characters; only line breaks can be used",
	"survey.fault.choose":              "{{.Value}} is not one of {{.Known}}",
	"survey.fault.condition_kind":      "the question {{.ID}} has no answers to choose from, so nothing can depend on it",
	"survey.fault.condition_later":     "the question {{.ID}} comes later; a condition can only look at an earlier question",
	"survey.fault.condition_option":    "the question {{.Question}} has no answer {{.Code}}; it has {{.Known}}",
	"survey.fault.condition_self":      "a question cannot depend on its own answer",
	"survey.fault.condition_unknown":   "there is no question {{.ID}} before this one",
	"survey.fault.date":                "write a real date as yyyy-mm-dd",
	"survey.fault.documents":           "the file has more than one YAML document; keep one",
	"survey.fault.dont_know_exclusive": "{{.Code}} says that no other answer applies, so it must be exclusive: true",
	"survey.fault.duplicate":           "{{.Value}} is already in use here; each must be different",
	"survey.fault.empty":               "the file is empty",
	"survey.fault.encoding":            "the file is not UTF-8 text",
	"survey.fault.field_kind":          "{{.Field}} does not belong to a question of kind {{.Kind}}",
	"survey.fault.field_label_set":     "{{.Field}} does not belong to a question whose options come from a label set",
	"survey.fault.field_own_options":   "{{.Field}} does not belong to a question with options of its own",
	"survey.fault.field_missing":       "{{.Field}} is missing",
	"survey.fault.field_repeated":      "{{.Field}} is given twice",
	"survey.fault.field_unknown":       "{{.Field}} is not a field; the fields here are {{.Known}}",
	"survey.fault.format":              "the format must be {{.Want}}",
	"survey.fault.group_unknown":       "{{.Value}} is not the code of one of the question's groups",
	"survey.fault.id":                  "{{.Value}} cannot be used as an id: use small letters, digits and {{.Mark}}, a letter first, at most 60 characters",
	"survey.fault.code":                "{{.Value}} cannot be used as a code: use small letters, digits and _, at most 60 characters",
	"survey.fault.code_reserved":       "the code {{.Value}} has a meaning of its own and cannot be offered",
	"survey.fault.id_clash":            "the id {{.Value}} is also the id of an equality question; use another",
	"survey.fault.id_reserved":         "the id {{.Value}} has a meaning of its own; use another",
	"survey.fault.language":            "{{.Value}} is not a language of the service; it has en and cy",
	"survey.fault.language_english":    "the languages must include en: it is the reference for the others",
	"survey.fault.long":                "the text has {{.Length}} characters; at most {{.Max}} fit",
	"survey.fault.number":              "write a number from {{.Min}} to {{.Max}}",
	"survey.fault.options_and_scale":   "give either scale or options, not both",
	"survey.fault.options_few":         "give at least {{.Min}} options",
	"survey.fault.prefer_not_last":     "the answer prefer_not_to_say must be the last one",
	"survey.fault.scale_kind":          "the label set {{.ID}} is for questions of kind {{.Kind}}",
	"survey.fault.scale_scores":        "a scale needs five points with the scores 5, 4, 3, 2, 1 in this order, and answers without a score after them",
	"survey.fault.scale_unknown":       "there is no label set {{.ID}}; there are {{.Known}}",
	"survey.fault.size":                "the file is larger than {{.Max}} KiB",
	"survey.fault.tag":                 "YAML tags (!) cannot be used here",
	"survey.fault.token":               "{{.Token}} cannot be filled in; only {council} can stand in a text",
	"survey.fault.too_few":             "{{.Field}} must have at least one entry",
	"survey.fault.too_many":            "there are {{.Length}} entries; at most {{.Max}} fit",
	"survey.fault.translation":         "the text in {{.Lang}} is missing",
	"survey.fault.type_bool":           "this must be true or false",
	"survey.fault.type_list":           "this must be a list, each entry with a dash before it",
	"survey.fault.type_mapping":        "this must be a group of fields, each written as name: value",
	"survey.fault.type_text":           "this must be text; put it in quotes if it looks like a number or like true or false",
	"survey.fault.write_in_second":     "only one option of a question can have a text field",
	"survey.fault.yaml":                "this is not YAML that can be read: {{.Reason}}",
}
