package privacy

import (
	"slices"
	"strconv"
	"strings"

	"folkmoot/internal/locale"
)

// ReceiptSection is one part of the receipt as a page.
type ReceiptSection struct {
	ID   string
	Key  string // message key of the heading
	Rows []ReceiptRow
}

// ReceiptRow is one line of a summary list: a label and its values. Each value is a text in the language of the
// receipt, or a message key.
type ReceiptRow struct {
	Key    string // message key of the label
	Values []ReceiptValue
	Lang   locale.Lang // of the texts, where it may be another than the receipt's: what was shown is never translated
	Prose  bool        // the values are lines of one text, not a list
}

// ReceiptValue is a text (already in the language of the receipt) or the key of a message.
type ReceiptValue struct {
	Text string
	Key  string
}

// Sections returns everything that the JSON says, in reading order, for the page. Headings, labels and codes are
// message keys; dates and names are texts.
func (r Receipt) Sections() []ReceiptSection {
	out := []ReceiptSection{r.responseSection(), r.consentSection(), r.newUsesSection(), r.useSection(), r.sharingSection(), r.rightsSection(), r.contactSection(), r.recordSection()}
	for i := range out {
		out[i].Key = "receipt.section." + out[i].ID
	}
	return out
}

type rowList []ReceiptRow

// text adds a row with a label of its own; see row.
func (l *rowList) text(key string, values ...string) { l.row("receipt.row."+key, values...) }

// row adds a row of those texts that are not empty, if there are any.
func (l *rowList) row(key string, values ...string) {
	row := ReceiptRow{Key: key}
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			row.Values = append(row.Values, ReceiptValue{Text: v})
		}
	}
	if len(row.Values) > 0 {
		*l = append(*l, row)
	}
}

func (l *rowList) key(key, value string) {
	*l = append(*l, ReceiptRow{Key: "receipt.row." + key, Values: []ReceiptValue{{Key: value}}})
}

func (r Receipt) responseSection() ReceiptSection {
	var rows rowList
	rows.text("reference", r.Response.Reference)
	rows.text("consultation", r.Response.Consultation)
	rows.text("date", locale.ISODate(r.Processing.Language, r.Response.Date))
	rows.key("channel", "receipt.channel."+r.Processing.CollectionMethod)
	if r.Response.RecordedBy != "" {
		rows.key("recorder", "receipt.recorder."+r.Response.RecorderRole)
		rows.text("given_on", day(r.Processing.Language, r.Response.ReceivedOn))
		rows.text("form_version", r.Response.Form)
		rows.text("scan", r.Response.Scan)
	}
	rows.key("language", "receipt.language."+string(r.Processing.Language))
	rows.text("age", AgeChecks{r.Response.Ages, r.Response.Authorised}.Lines(r.Processing.Language)...)
	return ReceiptSection{ID: "response", Rows: rows}
}

func (r Receipt) consentSection() ReceiptSection {
	var rows rowList
	rows.key("state", "receipt.state."+string(r.Processing.ConsentState))
	var special []string
	for _, d := range r.PersonalData {
		if d.Special {
			special = append(special, d.Type)
		}
	}
	rows.text("categories", special...)
	for _, e := range r.Events {
		rows.row("receipt.event."+string(e.ConsentState), locale.DateTime(r.Processing.Language, e.Time), e.Option)
		rows.evidence(e, r.Processing.Language)
	}
	rows = append(rows, statements(r.Events)...)
	rows.text("withdraw", r.Processing.WithdrawalMethod.Text)
	return ReceiptSection{ID: "consent", Rows: rows}
}

// newUsesSection is what was asked and decided since the privacy notice changed; without rows where nothing was.
func (r Receipt) newUsesSection() ReceiptSection {
	var rows rowList
	for _, e := range r.NewUses {
		rows.row("receipt.event."+string(e.ConsentState), locale.DateTime(r.Processing.Language, e.Time), e.Option)
		last := &rows[len(rows)-1]
		last.Values = append(last.Values, ReceiptValue{Key: "receipt." + e.PurposeID})
		rows.evidence(e, r.Processing.Language)
		rows.text("notice_version", strconv.Itoa(e.NoticeVersion))
	}
	return ReceiptSection{ID: "new_uses", Rows: append(rows, statements(r.NewUses)...)}
}

// evidence adds who gave the consent, and what proves it, to the row of the event and after it.
func (l *rowList) evidence(e ReceiptEvent, lang locale.Lang) {
	last := &(*l)[len(*l)-1]
	add := func(known bool, key string) {
		if known {
			last.Values = append(last.Values, ReceiptValue{Key: key})
		}
	}
	add(e.GivenBy != "", "receipt.giver."+string(e.GivenBy))
	add(e.Relation != "", "receipt.relation."+string(e.GivenBy)+"."+e.Relation)
	add(e.Reason != "", "receipt.reason."+string(e.Reason))
	add(e.RecordedBy != "" && e.RecorderRole == "", "receipt.recorder")
	add(e.RecorderRole != "", "receipt.recorder."+e.RecorderRole)
	l.text("given_on", day(lang, e.GivenOn))
	l.text("form_version", e.Form)
	l.text("scan", e.Scan)
	l.text("supersedes", e.Supersedes)
}

func day(lang locale.Lang, d Date) string {
	if d == "" {
		return ""
	}
	return locale.ISODate(lang, string(d))
}

// statements returns each statement once, line by line as it was shown: asking and deciding show the same.
func statements(events []ReceiptEvent) (out rowList) {
	shown := map[string]bool{}
	for _, e := range events {
		if e.Statement == "" || shown[e.StatementHash] {
			continue
		}
		shown[e.StatementHash] = true
		out.text("statement", strings.Split(e.Statement, "\n")...)
		out[len(out)-1].Lang, out[len(out)-1].Prose = e.Language, true
	}
	return out
}

func (r Receipt) useSection() ReceiptSection {
	var rows rowList
	for _, d := range r.PersonalData {
		if !d.Special {
			rows.text("data", d.Type)
		}
	}
	for _, p := range r.Processing.Purposes {
		rows.text("purpose", p.Purpose)
		rows.text("does", p.Processing...)
		rows.text("basis", article(r.Processing.Language, p.Article))
	}
	for _, at := range r.Processing.StorageLocations {
		rows.text("location", at.Place)
	}
	kept := r.Processing.RetentionPeriod
	rows.text("retention", r.words(kept.Responses), kept.Starts, kept.After)
	rows.text("equality_retention", r.words(kept.Equality))
	return ReceiptSection{ID: "use", Rows: rows}
}

// article writes "UK GDPR art. 6(1)(e)", as the receipt's file has it, in the words of the notice.
func article(lang locale.Lang, s string) string {
	if number, ok := strings.CutPrefix(s, "UK GDPR art. "); ok {
		return say(lang, "article", "number", number)
	}
	return s
}

func (r Receipt) words(period string) string {
	p, err := ParsePeriod(period)
	if err != nil {
		return period
	}
	return p.Words(r.Processing.Language)
}

func (r Receipt) sharingSection() ReceiptSection {
	var rows rowList
	for _, to := range r.Processing.Recipients {
		for _, party := range r.Parties {
			if party.ID == to.PartyID {
				rows = append(rows, ReceiptRow{Key: "receipt.row.recipient",
					Values: []ReceiptValue{{Text: party.Name + ", " + party.Address}, {Key: "receipt.form." + string(to.Form)}}})
			}
		}
	}
	if len(rows) == 0 {
		rows.key("recipient", "receipt.recipient.none")
	}
	return ReceiptSection{ID: "sharing", Rows: rows}
}

func (r Receipt) rightsSection() ReceiptSection {
	var rows rowList
	var rights []string
	for _, right := range r.Processing.Rights {
		text := right.Text
		if len(right.Purposes) > 0 {
			text = say(r.Processing.Language, "notice.rights.only", "right", text, "purposes", r.purposeTexts(right.Purposes))
		}
		rights = append(rights, text)
	}
	rows.text("rights", rights...)
	return ReceiptSection{ID: "rights", Rows: rows}
}

func (r Receipt) purposeTexts(ids []string) string {
	var out []string
	for _, p := range r.Processing.Purposes {
		if slices.Contains(ids, p.PurposeID) {
			out = append(out, strings.TrimRight(p.Purpose, ". "))
		}
	}
	return strings.Join(out, "; ")
}

func (r Receipt) contactSection() ReceiptSection {
	var rows rowList
	for _, p := range r.Parties {
		switch p.ID {
		case partyCouncil:
			rows.text("council", p.Name, p.Address, p.Email, p.Phone)
			rows.text("dpo", p.Contact)
		case partyRegulator:
			rows.text("regulator", p.Name, p.Contact)
		}
	}
	return ReceiptSection{ID: "contact", Rows: rows}
}

func (r Receipt) recordSection() ReceiptSection {
	var rows rowList
	n := r.Processing.PrivacyNotice
	rows.text("receipt_id", r.Header.ReceiptID)
	rows.text("notice", n.NoticeID+", "+strconv.Itoa(n.Version))
	rows.text("notice_hash", n.SHA256)
	rows.text("survey_version", r.Response.SurveyVersion)
	shown := map[string]bool{}
	for _, e := range slices.Concat(r.Events, r.NewUses) {
		if !shown[e.StatementHash] {
			rows.text("statement_hash", e.StatementHash)
		}
		shown[e.StatementHash] = true
	}
	return ReceiptSection{ID: "record", Rows: rows}
}
