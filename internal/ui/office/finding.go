package office

import (
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/ui/page"
)

// fieldLabels are the labels of the fields that readiness names as they are stored.
var fieldLabels = map[string]string{
	"title": "office.details.name", "summary": "office.details.summary", "about": "office.details.about",
	"other_ways": "office.details.other_ways", "contact_email": "office.details.contact", "languages": "office.details.languages", "slug": "office.details.slug",
	"opens_at": "office.details.opens", "closes_at": "office.details.closes", "purposes": "office.purposes.title", "data": "office.notice.data",
	"retention": "office.notice.retention", "required": "office.notice.required",
	"automated": "office.notice.automated", "locations": "office.notice.locations", "transfers": "office.notice.transfers",
	"minimum": "office.ages.minimum", "equality": "office.ages.equality", "youth": "office.ages.youth", "notice": "office.ages.notice", "children": "office.notice.children",
	"equality_period": "office.notice.equality_period", "categories": "office.consent.categories", "uses": "office.consent.uses",
	"partners": "office.consent.partners", "if_they_say_no": "office.consent.if_they_say_no", "documents.title": "office.document.name", "documents.body": "office.document.body",
}

// findingText says a finding. Names of questions are shown as the survey has them.
func findingText(p *page.Page, f consult.Finding) string { return p.T(f.Key, f.Args...) }

// findingPlace names where a finding is mended: the page and, where it has one, the field as its form writes it.
func findingPlace(p *page.Page, f consult.Finding) string {
	place := p.T("office.readiness.page." + f.Page)
	head, rest, _ := strings.Cut(f.Field, ".")
	if _, leaf, ok := strings.Cut(rest, "."); ok && head == "documents" {
		head, _, _ = strings.Cut(leaf, ".")
		head = "documents." + head
	}
	if key, ok := fieldLabels[head]; ok {
		return p.T("office.readiness.field", "Page", place, "Field", p.T(key))
	}
	return place
}

// findingPath returns where a finding is mended, down to the field. Readiness names fields as they are stored, with full
// stops; forms write them with hyphens.
func findingPath(con *consult.Consultation, f consult.Finding) string {
	head, rest, _ := strings.Cut(f.Field, ".")
	to := func(field string, parts ...string) string {
		if field != "" {
			field = "#" + field
		}
		return Path(con.ID, parts...) + field
	}
	number, leaf, listed := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	listed = listed && err == nil
	switch {
	case f.Page == "survey", f.Page == "screening":
		return to("", f.Page)
	case f.Page == "ages" && head == "equality":
		return to("equality_age", "ages", "edit")
	case f.Page == "ages" && head == "youth": // the data protection officer approves
		return to("", "ages")
	case f.Page == "ages":
		return to(lastLanguage(head, rest), "ages", "edit")
	case head == "documents" && listed:
		return to(strings.ReplaceAll(leaf, ".", "-"), "documents", itoa(n+1))
	case head == "purposes" && listed:
		return to(purposeField(leaf), "notice", "purposes", itoa(n+1))
	case head == "purposes":
		return to("", "notice")
	case head == "opens_at":
		return to("opens-day", "details")
	case head == "closes_at":
		return to("closes-day", "details")
	case head == "equality_period":
		return to(head, "notice", "edit")
	case f.Page == "consent":
		return to(lastLanguage(head, rest), "notice", "consent")
	case f.Page == "notice":
		return to(lastLanguage(head, rest), "notice", "edit")
	}
	return to(lastLanguage(head, rest), "details")
}

// purposeField returns the field of a purpose's form: recipients are lines with numbers.
func purposeField(leaf string) string {
	head, rest, _ := strings.Cut(leaf, ".")
	switch head {
	case "condition":
		return "explicit"
	case "recipients":
		number, field, _ := strings.Cut(rest, ".")
		if field == "" {
			return "r0-name"
		}
		return "r" + number + "-" + field
	}
	return lastLanguage(head, rest)
}

// bilingual are the stored texts that forms ask for in each language.
var bilingual = []string{"title", "summary", "about", "other_ways", "data", "required", "automated", "children", "notice", "transfers",
	"if_they_say_no", "categories", "uses", "text", "activities"}

// lastLanguage returns the form field of a stored text: its language, or English where none is named.
func lastLanguage(head, rest string) string {
	if !slices.Contains(bilingual, head) {
		return head
	}
	if strings.HasSuffix(rest, "cy") {
		return head + "-cy"
	}
	return head + "-en"
}
