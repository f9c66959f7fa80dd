package privacy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// whole is an invented notice of another pen than the builder's, which leaves nothing out.
const whole = `# Allotments survey: how we use your information

Version 2.1, last updated 3 May 2026

## Who we are

Little Marling Town Council is the controller of what you tell us in this survey.
Write to us at The Old Forge, Mill Lane, Little Marling LM4 7QQ.

## Our data protection officer

Priya Shah is our data protection officer. You can e-mail her: dataprotection@littlemarling.example

## What we collect and where it comes from

We collect your answers, and your email address if you would like the results. It all comes
from you. We do not ask about health, belief or any other matter of that kind: we do not collect special category data.

## Why

| What for | Lawful basis |
| --- | --- |
| To decide where new allotments go: counting and reading answers | public task, article 6(1)(e) UK GDPR |
| To send you the results | your consent, article 6(1)(a) UK GDPR |

## Who sees it

We share anonymous totals with Marling Growers CIC and with the University of Wessex. Nobody else gets anything.

## How long

Your answers are kept for two years after the consultation closes. Your email address is deleted
one month after we publish the results.

## What you can ask for

You have the right to see your information, to have it corrected or erased, to ask us to restrict its use,
to move your data to someone else in a machine-readable format, and to object.

You can change your mind about the results at any time: tell us, and your consent is gone.

## Do I have to answer?

No. Taking part is voluntary and nothing happens if you do not.

## Computers

We make no automated decisions about you.

## Young people

Anyone of any age may answer. A parent or guardian can help a child.

## If you are unhappy

You can complain to us about how we handle your information: use the form on our website or write to us. We acknowledge it within 30 days.

You can also complain to the Information Commissioner: Wycliffe House, Wilmslow SK9 5AF.
`

// clean fails unless nothing is lacking.
func clean(t *testing.T, why, text string) {
	t.Helper()
	r := privacy.LintPlain(text)
	for _, f := range slices.Concat(r.Items, r.Rules) {
		if f.Verdict.Lacks() {
			t.Errorf("%s: %s %s %q on %v: %s", why, f.Item, f.Verdict, f.Reason, f.Lines, f.Advice)
		}
	}
	if r.Lacking() != 0 && !t.Failed() {
		t.Errorf("%s: %d lacking", why, r.Lacking())
	}
}

// What the builder writes for a council with whole settings has everything, in both languages, with and without equality questions, and
// whatever bases its purposes rest on. So the two linters cannot drift apart.
func TestBuiltNoticesAreClean(t *testing.T) {
	views := processing()
	views.Purposes, views.Categories, views.Uses, views.Partners, views.EqualityPeriod = views.Purposes[:1], nil, nil, nil, ""
	asked := views
	asked.Purposes = []privacy.Purpose{views.Purposes[0]}
	asked.Purposes[0].Basis = privacy.Consent
	asked.IfTheySayNo = text("Nothing happens.", "Ni fydd dim yn digwydd.")
	for why, p := range map[string]privacy.Processing{"equality questions and a partner": processing(), "views only": views, "consent for views": asked} {
		for _, lang := range both {
			v := privacy.NewNoticeVersion("library-hours", 3, now, council(), libraryHours, p)
			clean(t, why+" "+string(lang), v.Plain(lang))
		}
	}
	text := privacy.NewNoticeVersion("library-hours", 3, now, council(), libraryHours, processing()).Plain(locale.Welsh)
	if !strings.HasPrefix(text, "Hysbysiad preifatrwydd: Oriau agor llyfrgelloedd\n\nFersiwn 3, mewn grym o 29 Mawrth 2026.\n\nPwy sy'n gyfrifol") {
		t.Errorf("%.200s", text)
	}
}

// The same notice as Markdown, as plain text, wrapped by a mail program, on one line per paragraph and as a page's HTML.
func TestAWholeNoticeIsCleanHoweverItIsPasted(t *testing.T) {
	clean(t, "Markdown", whole)
	clean(t, "CRLF and a byte order mark", "\ufeff"+strings.ReplaceAll(whole, "\n", "\r\n"))
	plain := strings.NewReplacer("## ", "", "# ", "", "| --- | --- |\n", "").Replace(whole)
	clean(t, "headings without marks", plain)
	clean(t, "bold headings", bold(whole))
	clean(t, "HTML", page(whole))
	clean(t, "HTML on one line", strings.ReplaceAll(page(whole), "\n", " "))
	clean(t, "curly apostrophes", strings.ReplaceAll(whole, "'", "’"))
}

func bold(markdown string) string {
	lines := strings.Split(markdown, "\n")
	for i, l := range lines {
		if text := strings.TrimLeft(l, "# "); text != l {
			lines[i] = "**" + text + "**"
		}
	}
	return strings.Join(lines, "\n")
}

// page makes HTML of the Markdown that whole uses.
func page(markdown string) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html><head><title>x</title><style>p { color: red }</style></head><body><script>track('children');</script><!-- version 9 -->\n")
	for para := range strings.SplitSeq(markdown, "\n\n") {
		switch {
		case strings.HasPrefix(para, "#"):
			fmt.Fprintf(&b, "<h2 class=\"x\"><a id=\"y\"></a>%s</h2>\n", strings.TrimLeft(para, "# "))
		case strings.HasPrefix(para, "|"):
			b.WriteString("<table>\n")
			for row := range strings.SplitSeq(para, "\n") {
				cells := strings.Split(strings.Trim(row, "| \n"), "|")
				if len(cells) == 2 && !strings.Contains(row, "---") {
					fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td></tr>\n", cells[0], cells[1])
				}
			}
			b.WriteString("</table>\n")
		default:
			fmt.Fprintf(&b, "<p>%s</p>\n", strings.ReplaceAll(strings.ReplaceAll(para, "'", "&#39;"), "dataprotection@littlemarling.example", `<a href="mailto:dataprotection@littlemarling.example">write to her</a>`))
		}
	}
	return b.String() + "</body></html>"
}

type plainRow struct {
	why     string
	text    string
	item    string
	verdict privacy.PlainVerdict
	reason  string
	line    int // on which evidence must stand; 0 = not asked
}

var whoRows = []plainRow{
	{"art. 13(1)(a): a name and that it is responsible", "Sandmouth District Council is responsible for the information you give.", "controller", yes, "", 1},
	{"art. 13(1)(a): under a heading", "Who we are\n\nThe survey is run by Sandmouth District Council.", "controller", yes, "", 3},
	{"art. 13(1)(a): Welsh", "Cyngor Sir Wemford yw'r rheolydd.", "controller", yes, "", 1},
	{"art. 13(1)(a): nobody named", "The council is the data controller.", "controller", part, "unnamed", 1},
	{"art. 13(1)(a): named, not as responsible", "Sandmouth District Council loves parks.", "controller", part, "not_said", 1},
	{"art. 13(1)(a): nothing", "We like parks.", "controller", no, "", 0},
	{"art. 13(1)(b): data protection officer ... e-mail", "Questions? Our data protection officer answers them.\nE-mail: dpo@sandmouth.example", "dpo", yes, "", 1},
	{"art. 13(1)(b): by phone", "Ring the DPO on 01632 960 123.", "dpo", yes, "", 1},
	{"art. 13(1)(b): by post", "Write to: Data Protection Officer, Town Hall, Sandmouth SM1 1AA", "dpo", yes, "", 1},
	{"art. 13(1)(b): Welsh", "Ein swyddog diogelu data: dpo@wemford.example", "dpo", yes, "", 1},
	{"art. 13(1)(b): the regulator's address is not the officer's", "Contact our Data Protection Officer. You can also contact the ICO at casework@ico.org.uk or 0303 123 1113.", "dpo", part, "no_contact", 1},
	{"art. 13(1)(b): a team", "Our Information Governance team: ig@sandmouth.example", "dpo", part, "not_the_officer", 1},
	{"art. 13(1)(e): a name in prose", "We share totals with Mapwise Ltd, which draws the maps.", "recipients", yes, "", 1},
	{"art. 13(1)(e): names in a list", "We share your answers with:\n\n- Mapwise\n- Friends of Sandmouth Park", "recipients", yes, "", 3},
	{"art. 13(1)(e): nobody is an answer", "We do not share your answers with anybody.", "recipients", yes, "", 1},
	{"art. 13(1)(e): Welsh, nobody", "Nid ydym yn rhoi eich gwybodaeth i unrhyw sefydliad arall.", "recipients", yes, "", 1},
	{"privacy.md 3.1: our partners", "We may share your answers with our partners.", "recipients", part, "categories", 1},
	{"S3: categories", "Who we share it with\n\n* the police\n* other public bodies", "recipients", part, "categories", 3},
	{"art. 13(1)(e): a capital at the beginning is no name", "We share it with:\n- Professional or legal advisers\n- Regulatory authorities", "recipients", part, "categories", 2},
	{"art. 13(1)(e): a name with what it does", "We share it with:\n- Mapwise (draws maps)\n- Surveyworld: collects answers", "recipients", yes, "", 2},
	{"S4: a name on a line of its own", "Who we share it with\n\nSurveyworld Ltd\nThis processor hosts our questions.\n\n- advisers", "recipients", part, "some", 6},
	{"S4: some named", "We share it with:\n- Mapwise Ltd\n- contractors", "recipients", part, "some", 3},
	{"S1-8: etc.", "We share it with Mapwise, Oxfam etc.", "recipients", part, "open_list", 1},
	{"S1-8: Welsh, ac ati", "Rydym yn rhannu eich atebion â Mapwise, Oxfam ac ati.", "recipients", part, "open_list", 1},
	{"S2: only where it is stored", "Your answers are stored on servers of Cloudbarn.", "recipients", part, "storage_only", 1},
	{"S0: one is missing", "A video is made by a production company (Brightreel).\n\nWe share totals with Mapwise Ltd.", "recipients", part, "not_listed", 1},
	{"art. 13(1)(e): the council itself is no recipient", "Sandmouth District Council is the controller. Sandmouth District Council may share your information where needed.", "recipients", no, "nobody_named", 1},
	{"art. 13(1)(e): nothing", "We count answers.", "recipients", no, "", 0},
	{"art. 14(2)(f): from the person", "We only get information from you.", "source", yes, "", 1},
	{"art. 14(2)(f): under a heading", "Where we get personal information from\n\n- Directly from you", "source", yes, "", 3},
	{"art. 14(2)(f): from somebody named", "We receive information about you from the Sandmouth Housing Trust.", "source", yes, "", 1},
	{"art. 14(2)(f): from nobody knows whom", "We also get information from other organisations.", "source", part, "unnamed", 1},
	{"art. 14(2)(f): the right to a copy is no source", "Your rights\n\nYou can get a copy of what you provided.", "source", no, "", 0},
}

var whyRows = []plainRow{
	{"art. 13(1)(c): one basis", "We use your answers to plan parks. The lawful basis is our public task.", "purposes", yes, "one_basis", 1},
	{"art. 13(1)(c): each with its own", "We use your answers to plan parks (public task, article 6(1)(e)).\n\nWe use your email to send news (consent, article 6(1)(a)).", "purposes", yes, "", 1},
	{"art. 13(1)(c): Welsh", "Rydym yn defnyddio eich atebion i wella parciau. Ein sail gyfreithlon yw ein tasg gyhoeddus.", "purposes", yes, "one_basis", 1},
	{"S0: two bases, unmapped", "We use your answers to plan parks and to send news. Our lawful bases are consent and public task.", "purposes", part, "unmapped", 1},
	{"S0: a list of bases is no map", "We use your answers to plan parks.\n\nOur lawful bases are:\n- consent\n- public task", "purposes", part, "unmapped", 4},
	{"S3-3: an activity without one", "Enquiries\n\nWe collect your name in order to answer.\n\nVisits\n\nWe collect your name because we have a legal obligation.", "purposes", part, "activity_without_basis", 1},
	{"art. 13(1)(c): no basis", "We use your answers to plan parks.", "purposes", no, "no_basis", 1},
	{"art. 13(1)(c): no purpose", "Our lawful basis is public task.", "purposes", part, "no_purpose", 1},
	{"the right to object is no basis", "We use your answers to plan parks.\n\nYour rights\n\nObject where we rely on legitimate interests.", "purposes", no, "no_basis", 0},
	{"a refusal is no consent", "We use your answers to plan parks. The lawful basis is public task; we do not rely on consent.", "purposes", yes, "one_basis", 1},
	{"art. 9(2): explicit consent", "We ask your ethnicity, with your explicit consent.", "condition", yes, "", 1},
	{"art. 9(2): another condition", "We ask about disability under article 9(2)(g), substantial public interest.", "condition", yes, "", 1},
	{"art. 9(2): Welsh", "Gofynnwn am eich grŵp ethnig, gyda'ch cydsyniad penodol.", "condition", yes, "", 1},
	{"S3: equality monitoring without one", "We collect equalities monitoring information.", "condition", no, "special", 1},
	{"art. 9(2): no paragraph", "We process data about your health under Article 9.", "condition", part, "no_paragraph", 1},
	{"S2: own words", "We hold one-to-one interviews and read reviews.", "condition", no, "own_words", 1},
	{"art. 9(1): not collected", "We do not collect special category data.", "condition", na, "denied", 1},
	{"art. 9(1): nothing of it", "We collect your postcode.", "condition", na, "none_collected", 0},
}

var whenRows = []plainRow{
	{"art. 13(2)(a): kept for two years after the consultation closes", "Answers are kept for two years after the consultation closes.", "retention", yes, "", 1},
	{"art. 13(2)(a): the next sentence says from when", "We keep answers for 3 years. This period starts when the consultation closes.", "retention", yes, "", 1},
	{"art. 13(2)(a): over two lines", "We delete your email address\nsix months from the date on which you wrote.", "retention", yes, "", 1},
	{"art. 13(2)(a): Welsh", "Rydym yn cadw atebion am 3 blynedd ar ôl i'r ymgynghoriad gau.", "retention", yes, "", 1},
	{"art. 13(2)(a): an event", "We keep your email address until we publish the results.", "retention", yes, "", 1},
	{"art. 13(2)(a): criteria (S4-17)", "To decide how long to keep data we consider its amount, nature and sensitivity, the risk of harm and our purposes.", "retention", yes, "criteria", 1},
	{"S2-2: no trigger", "We hold survey answers for 36 months.", "retention", part, "no_trigger", 1},
	{"S2-2: looking after is no trigger", "We look after the answers and keep them for 3 years.", "retention", part, "no_trigger", 1},
	{"S2-2: then is no trigger", "We keep it for 3 years. After this time it is deleted.", "retention", part, "no_trigger", 1},
	{"S0: a pointer", "We follow our retention schedule.", "retention", part, "pointer", 1},
	{"art. 5(1)(e): as long as necessary", "We keep your information for as long as necessary.", "retention", no, "as_needed", 1},
	{"an answer within a month is no retention", "We hold nothing back and respond within one month.", "retention", no, "", 0},
	{"S0-22: both", "Privacy notice v3\n\nLast reviewed: March 2026", "version", yes, "", 3},
	{"S0-22: ISO date", "Version 4.0 (effective 2026-04-01)", "version", yes, "", 1},
	{"S0-22: Welsh", "Fersiwn 2, diweddarwyd 1 Mawrth 2026", "version", yes, "", 1},
	{"S1: date only", "This page was last updated on 01/02/2026.", "version", part, "date_only", 1},
	{"number only", "Issue 3", "version", part, "number_only", 1},
	{"the year of an Act is no date", "We follow the Data Protection Act 2018. We may update this notice.", "version", no, "", 0},
}

var rightsRows = []plainRow{
	{"art. 13(2)(c): you can change your mind", "We use your email with your consent. You can change your mind at any time.", "withdraw", yes, "", 1},
	{"art. 13(2)(c): Welsh", "Ein sail yw eich cydsyniad. Gallwch dynnu eich cydsyniad yn ôl.", "withdraw", yes, "", 1},
	{"art. 13(2)(c): this consent", "We ask about ethnicity with your explicit consent. You may withdraw this at any time.", "withdraw", yes, "", 1},
	{"S4: not said", "The legal basis is consent.", "withdraw", no, "consent_used", 1},
	{"art. 9(2)(a): of explicit consent too", "We ask your religion with your explicit consent.", "withdraw", no, "consent_used", 1},
	{"art. 13(2)(c): no consent", "Our lawful basis is public task.", "withdraw", na, "no_consent", 0},
	{"art. 13(2)(b): all four", "You have the right to erasure, to restriction, to data portability and to object.", "rights", yes, "", 1},
	{"art. 20(1): no portability with public task", "Our basis is our public task. You may ask us to delete or limit our use of it, and object.", "rights", yes, "", 1},
	{"art. 21(1): no objection with consent", "Our basis is your consent. You have a right to have it erased or its use restricted, and to data portability.", "rights", yes, "", 1},
	{"art. 13(2)(b): one", "You have the right to have your data erased.", "rights", part, "some", 1},
	{"S0: destroying is no right", "We securely erase it. Access is restricted.", "rights", no, "", 0},
	{"art. 13(2)(d): the Information Commissioner", "If you are unhappy with our answer, contact the Information Commissioner.", "regulator", yes, "", 1},
	{"art. 13(2)(d): the Information Commission (DUAA s.117)", "You can complain to the Information Commission.", "regulator", yes, "", 1},
	{"art. 13(2)(d): Welsh", "Gallwch gwyno i'r Comisiynydd Gwybodaeth.", "regulator", yes, "", 1},
	{"art. 13(2)(d): under a heading", "Complaints\n\nThe ICO's number is 0303 123 1113.", "regulator", yes, "", 3},
	{"art. 13(2)(d): only for information", "Read more about your rights at ico.org.uk.", "regulator", part, "no_complaint", 1},
	{"art. 13(2)(d): unnamed", "You may complain to the supervisory authority.", "regulator", part, "unnamed", 1},
	{"S4: a regulator told of breaches is no complaint", "We will notify you and any applicable regulator of a breach.", "regulator", no, "", 0},
	{"s.164A: to us, by a form", "You can complain to us about your personal data: use our online form.", "complaint", yes, "", 1},
	{"s.164A: to the council, electronically and otherwise", "Complain to the council about how we use your data: email us or write to us.", "complaint", yes, "", 1},
	{"s.164A: by the contact details", "Write: Town Hall, Sandmouth SM1 1AA\n\nEmail: hello@sandmouth.example\n\nYou can make a complaint to us about your data, using the contact details above.", "complaint", yes, "", 5},
	{"s.164A: by the contact details on the lines above", "Post: Town Hall, Sandmouth SM1 1AA\nEmail: hello@sandmouth.example\n\nYou can make a complaint to us about your data, using the contact details above.", "complaint", yes, "", 4},
	{"s.164A: Welsh", "Gallwch gwyno i ni am sut rydym yn defnyddio eich gwybodaeth. Llenwch y ffurflen.", "complaint", yes, "", 1},
	{"S3: only the officer", "If you have a concern about your personal data, talk to our Data Protection Officer.", "complaint", part, "no_procedure", 1},
	{"s.164A: a complaint about bins is another", "If you want to make a complaint to us about bins, use the form.", "complaint", no, "", 0},
	{"art. 13(2)(e): voluntary", "Taking part is voluntary.", "required", yes, "", 1},
	{"art. 13(2)(e): not required", "You are not required to take part in this survey.", "required", yes, "", 1},
	{"art. 13(2)(e): Welsh", "Nid oes rhaid i chi gymryd rhan.", "required", yes, "", 1},
	{"art. 13(2)(e), S4-7: harmful", "If you do not provide your name we will not be able to have your views considered.", "required", yes, "harmful", 1},
	{"S3: one activity", "Visits\n\nWe collect your name.\n\nComplaints\n\nWe collect your name. You do not have to provide it.", "required", part, "one_activity", 7},
	{"withdrawing without a reason is another thing", "You do not have to say why.", "required", no, "", 0},
	{"art. 13(2)(f): none", "We do not use automated decision-making.", "automated", yes, "", 1},
	{"art. 13(2)(f): in other words", "No decision about you is made by a computer alone.", "automated", yes, "", 1},
	{"art. 13(2)(f): Welsh", "Ni wneir unrhyw benderfyniad amdanoch gan gyfrifiadur.", "automated", yes, "", 1},
	{"S4-10: 21 days", "Automated decisions: you have 21 days to ask us to reconsider.", "automated", privacy.OutOfDate, "21_days", 1},
	{"an automatic email is no decision", "You get an automatic reply.", "automated", no, "", 0},
	{"art. 12(1): children", "If you are under 16, ask a parent first.", "children", yes, "", 1},
	{"S4: age check", "You confirm that you are old enough to use the platform.", "children", part, "age_check", 1},
	{"a team is no child", "We share it with Children's Services.", "children", no, "", 0},
}

// Fragments that no rule was made from, in English and Welsh.
func TestPlainNotices(t *testing.T) {
	for _, row := range slices.Concat(whoRows, whyRows, whenRows, rightsRows) {
		f := privacy.LintPlain(row.text).Item(row.item)
		if f.Verdict != row.verdict || f.Reason != row.reason {
			t.Errorf("%s: %q: %s is %s %q on %v, want %s %q", row.why, row.text, row.item, f.Verdict, f.Reason, f.Lines, row.verdict, row.reason)
		}
		if row.line > 0 && !slices.Contains(f.Lines, row.line) {
			t.Errorf("%s: %q: the evidence stands on line %d, not %v", row.why, row.text, row.line, f.Lines)
		}
		if f.Verdict.Lacks() == (f.Advice == "") && f.Reason != "harmful" {
			t.Errorf("%s: advice %q with %s", row.why, f.Advice, f.Verdict)
		}
	}
}

// The rules below the table, each broken and kept.
func TestPlainRules(t *testing.T) {
	for _, row := range []struct {
		why, rule, breaks, keeps string
	}{
		{"S1-8", "recipients_open", "We share it with Oxfam and others.", "We share it with Oxfam."},
		{"privacy.md 3.1", "recipients_vague", "We share it with selected partners.", "We share it with Mapwise Ltd."},
		{"S3-3", "purpose_without_basis", "We use it to plan parks.", "We use it to plan parks. Our lawful basis is public task."},
		{"S1-4", "consent_for_service", "Our lawful basis is consent. We use it to respond to your enquiry.", "Our lawful basis is public task. We use it to respond to your enquiry."},
		{"S1-4: a survey is no such service", "consent_for_service", "Our lawful basis is your consent. We use it to deal with your application.", "Our lawful basis is your consent. We use it to understand what people think."},
		{"S3-8", "legitimate_interests", "The council's lawful basis is legitimate interests.", "The charity's lawful basis is legitimate interests."},
		{"privacy.md 3.1", "anyway", "If you do not consent we will still use your answers.", "If you do not consent we will not use your answers."},
		{"S2-2", "period_without_trigger", "We keep it for 2 years.", "We keep it for 2 years after the survey closes."},
		{"S4-10", "reconsideration_21_days", "You have 21 days to request a reconsideration.", "You have one month to request a reconsideration."},
		{"art. 13(1)(a)", "no_contact", "Sandmouth Council is the controller.", "Sandmouth Council is the controller: hello@sandmouth.example"},
		{"art. 15, 16", "basic_rights", "You have the right to object.", "You have the right to a copy of your data and to have it corrected."},
	} {
		for text, want := range map[string]bool{row.breaks: true, row.keeps: false} {
			r := privacy.LintPlain(text)
			i := slices.IndexFunc(r.Rules, func(f privacy.PlainFinding) bool { return f.Item == row.rule })
			if (i >= 0) != want {
				t.Errorf("%s: %q breaks %s: %v, want %v", row.why, text, row.rule, i >= 0, want)
			} else if want && (len(r.Rules[i].Lines) == 0 || r.Rules[i].Advice == "" || r.Rules[i].Clause == "" || r.Rules[i].Verdict != privacy.Broken) {
				t.Errorf("%s: %+v", row.why, r.Rules[i])
			}
		}
	}
}

// Taking one paragraph out of a whole notice is found, and nothing else is.
func TestWhatIsTakenOutIsMissed(t *testing.T) {
	for _, row := range []struct {
		why, item, from, to string
		verdict             privacy.PlainVerdict
	}{
		{"art. 13(1)(b)", "dpo", "## Our data", "## What we collect", no},
		{"art. 13(1)(e)", "recipients", "## Who sees", "## How long", no},
		{"art. 13(2)(a)", "retention", "## How long", "## What you can", no},
		{"art. 13(2)(b)", "rights", "You have the right", "You can change", no},
		{"art. 13(2)(c)", "withdraw", "You can change", "## Do I have", no},
		{"art. 13(2)(e)", "required", "## Do I have", "## Computers", no},
		{"art. 13(2)(f)", "automated", "## Computers", "## Young", no},
		{"art. 12(1)", "children", "## Young", "## If you are", no},
		{"s.164A", "complaint", "You can complain to us", "You can also complain", no},
		{"art. 13(2)(d)", "regulator", "You can also complain", "", no},
		{"S0-22", "version", "Version 2.1", "## Who we are", no},
	} {
		from := strings.Index(whole, row.from)
		to := len(whole)
		if row.to != "" {
			to = strings.Index(whole, row.to)
		}
		r := privacy.LintPlain(whole[:from] + whole[to:])
		for _, f := range r.Items {
			if want := row.item == f.Item; f.Verdict.Lacks() != want || want && f.Verdict != row.verdict {
				t.Errorf("%s: without %q %s is %s %q: %s", row.why, row.from, f.Item, f.Verdict, f.Reason, f.Advice)
			}
		}
	}
}

func TestPlainReportOfNothing(t *testing.T) {
	for _, text := range []string{"", " \n\n", "<>", "----\n===="} {
		r := privacy.LintPlain(text)
		if len(r.Items) != 15 || r.Lacking() < 11 {
			t.Errorf("%q: %d items, %d lacking", text, len(r.Items), r.Lacking())
		}
		for _, f := range r.Items {
			if f.Verdict == privacy.Stated || f.Lines == nil || len(f.Lines) > 0 {
				t.Errorf("%q: %+v", text, f)
			}
		}
	}
}

// FuzzLintPlain: whatever is pasted, the report is whole, its lines exist, in every sort of text.
func FuzzLintPlain(f *testing.F) {
	f.Add(whole)
	f.Add(page(whole))
	f.Add("<p <p <!-- <script>")
	f.Add("| a | b |\n\n- \n1. x\n(a) y")
	f.Add("\xff\xfe\x00 We keep it for 3 years’")
	f.Add(privacy.NewNoticeVersion("x", 1, now, council(), libraryHours, processing()).Plain(locale.Welsh))
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + strings.Count(text, "\f") + 1
		r := privacy.LintPlain(text)
		if len(r.Items) != 15 {
			t.Fatalf("%d items", len(r.Items))
		}
		for _, f := range slices.Concat(r.Items, r.Rules) {
			if f.Clause == "" || f.Label == "" || f.Verdict.Lacks() && f.Advice == "" {
				t.Errorf("%+v", f)
			}
			for _, n := range f.Lines {
				if n < 1 || n > lines {
					t.Errorf("%s points to line %d of %d", f.Item, n, lines)
				}
			}
		}
	})
}

// Long input comes to an end, a mebibyte of notices too: each of these could make a careless reader's time grow with the square of the length.
func TestLongInputComesToAnEnd(t *testing.T) {
	inputs := []string{strings.Repeat(whole, 1<<20/len(whole))}
	for _, piece := range []string{"a", "<", "<p ", "<script>", "<!--", "\n", "\r\n\n", "- x\n", "1. Who\n", "Who we are\n", "Etc. We ", ". A", "| a ", "company (A", "Aa ", "& ", "&amp;", "keep it for 3 years ", "January ", "a@b.", "'", "0123456789"} {
		inputs = append(inputs, strings.Repeat(piece, 1<<16/len(piece)))
	}
	for _, text := range inputs {
		if r := privacy.LintPlain(text); len(r.Items) != 15 {
			t.Errorf("%.20q: %d items", text, len(r.Items))
		}
	}
}
