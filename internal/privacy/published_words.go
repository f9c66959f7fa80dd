package privacy

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The words that schedules of councils use, in English and Welsh, folded by foldWord. What is not here is refused with what to write, never guessed.

// columnNames are the headings under which a column is known, the most exact first: where several fit, that one is read.
var columnNames = map[string][]string{
	"reference": {"reference", "ref", "ref no", "reference number", "reference no", "id", "cyfeirnod", "cyf", "rhif cyfeirnod", "rhif"},
	"title": {"title", "record series", "series", "record type", "type of record", "records", "record", "description", "teitl", "cyfres o gofnodion", "cyfres", "math o gofnod",
		"cofnodion", "cofnod", "disgrifiad"},
	"class":   {"class", "data class", "dosbarth", "dosbarth data"},
	"stage":   {"stage", "system", "where it is kept", "location", "cam", "ble y'i cedwir", "lleoliad"},
	"trigger": {"trigger", "from", "from when", "starts", "start", "trigger event", "retention trigger", "period starts", "sbardun", "o bryd", "yn dechrau", "dechrau", "digwyddiad sbarduno"},
	"period":  {"period", "retention period", "retention", "how long", "cyfnod", "cyfnod cadw", "am faint", "am ba hyd"},
	"action":  {"action", "disposal", "disposal action", "action at end", "disposition", "then", "gweithred", "gwaredu", "dull gwaredu", "camau gwaredu", "wedyn"},
	"reason": {"reason", "legislation", "statutory authority", "authority", "legal basis", "justification", "rheswm", "deddfwriaeth", "awdurdod statudol", "awdurdod", "sail gyfreithiol",
		"cyfiawnhad"},
}

var actionWords = map[Disposal][]string{
	Dispose: {"ei dileu", "dispose", "disposal", "dispose securely", "secure disposal", "destroy", "destroy securely", "destroyed", "destruction", "secure destruction", "confidential destruction", "delete", "deleted", "deletion",
		"erase", "erased", "gwaredu", "gwaredu'n ddiogel", "dinistrio", "dinistrio'n ddiogel", "dinistrio'n gyfrinachol", "dileu"},
	Review: {"review", "reviewed", "reviewed by an officer", "officer review", "ei hadolygu gan swyddog", "adolygu", "adolygiad", "adolygu gan swyddog"},
	Archive: {"archive", "archived", "archives", "transfer", "transfer to archive", "transfer to archives", "transfer to the archive", "transferred to an archive", "offer to archive", "offer to archives", "archif", "archifo",
		"trosglwyddo", "ei throsglwyddo i archif", "trosglwyddo i'r archif", "trosglwyddo i'r archifau", "cynnig i'r archifau"},
	Anonymise: {"anonymise", "anonymised", "anonymisation", "anonymize", "anonymized", "made anonymous", "dienwi", "gwneud yn ddienw", "ei gwneud yn ddienw"},
	Coarsen:   {"coarsen", "coarsened", "generalise", "generalised", "made less exact", "brasau", "brasáu", "gwneud yn fras", "ei gwneud yn llai manwl"},
}

var triggerWords = map[Trigger][]string{
	OnSubmitted: {"submitted", "submission", "submission of the response", "response submitted", "response received", "response sent", "the day it was sent", "cyflwyno", "cyflwyno'r ymateb", "derbyn yr ymateb",
		"y diwrnod y'i hanfonwyd", "diwrnod y'i hanfonwyd"},
	OnClosed: {"closed", "close", "closure", "closing", "consultation closed", "consultation closes", "close of consultation", "close of the consultation", "closure of consultation",
		"closure of the consultation", "end of consultation", "end of the consultation", "the day the consultation closes", "cau", "cau'r ymgynghoriad", "diwedd yr ymgynghoriad", "ddiwedd yr ymgynghoriad",
		"y diwrnod y daw'r ymgynghoriad i ben", "diwrnod y daw'r ymgynghoriad i ben"},
	OnDecision: {"decision", "decision published", "publication of decision", "publication of the decision", "outcome published", "publication of outcome", "publication of the outcome",
		"the day the decision is published", "penderfyniad", "cyhoeddi'r penderfyniad", "cyhoeddi'r canlyniad", "y diwrnod y cyhoeddir y penderfyniad", "diwrnod y cyhoeddir y penderfyniad"},
	OnTotals: {"totals published", "publication of totals", "publication of the totals", "the day totals are published", "the day the totals are published", "cyhoeddi cyfansymiau", "cyhoeddi'r cyfansymiau",
		"y diwrnod y cyhoeddir cyfansymiau", "diwrnod y cyhoeddir cyfansymiau"},
	OnLastContact: {"last contact", "the last contact", "cyswllt olaf", "y cyswllt olaf", "cyswllt diwethaf", "y cyswllt diwethaf"},
	OnConsentExpired: {"consent expired", "consent expires", "consent ends", "end of consent", "expiry of consent", "the end of consent", "diwedd cydsyniad", "diwedd y cydsyniad", "ddiwedd y cydsyniad",
		"cydsyniad yn dod i ben"},
	OnCaseEnded: {"case ended", "case ends", "case closed", "end of case", "end of the case", "the end of the case", "close of case", "closure of case", "closure of the case", "diwedd achos", "diwedd yr achos",
		"ddiwedd yr achos", "cau'r achos"},
	OnTranscribed: {"transcribed", "transcription", "transcription of the recording", "the day it was written down", "trawsgrifio", "trawsgrifio'r recordiad", "y diwrnod y'i trawsgrifiwyd", "diwrnod y'i trawsgrifiwyd"},
	OnMoved:       {"moved", "move", "transfer from the stage before", "the day it left the system before", "symud", "y diwrnod y gadawodd y system flaenorol", "diwrnod y gadawodd y system flaenorol"},
	OnLastFailure: {"last failure", "last failed attempt", "the last failed attempt", "yr ymgais aflwyddiannus ddiwethaf", "ymgais aflwyddiannus ddiwethaf"},
}

// periodUnits are the words of a length of time. Welsh nouns change their first letter after a numeral.
var periodUnits = map[string]Period{
	"y": {Years: 1}, "yr": {Years: 1}, "yrs": {Years: 1}, "year": {Years: 1}, "years": {Years: 1}, "blynedd": {Years: 1}, "flynedd": {Years: 1}, "mlynedd": {Years: 1}, "blwyddyn": {Years: 1}, "flwyddyn": {Years: 1},
	"m": {Months: 1}, "mth": {Months: 1}, "mths": {Months: 1}, "month": {Months: 1}, "months": {Months: 1}, "mis": {Months: 1}, "fis": {Months: 1}, "misoedd": {Months: 1},
	"w": {Weeks: 1}, "week": {Weeks: 1}, "weeks": {Weeks: 1}, "wythnos": {Weeks: 1}, "wythnosau": {Weeks: 1},
	"d": {Days: 1}, "day": {Days: 1}, "days": {Days: 1}, "diwrnod": {Days: 1}, "ddiwrnod": {Days: 1}, "niwrnod": {Days: 1}, "dydd": {Days: 1}, "diwrnodau": {Days: 1},
}

var numberWords = map[string]int{"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
	"un": 1, "dau": 2, "dwy": 2, "tri": 3, "tair": 3, "pedwar": 4, "pedair": 4, "pum": 5, "pump": 5, "chwe": 6, "chwech": 6, "saith": 7, "wyth": 8, "naw": 9, "deg": 10, "deuddeg": 12}

// hidden reports whether a cell has characters that a reader does not see: control characters, and those that turn the direction of what follows.
func hidden(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool {
		switch {
		case c == '\t' || c == '\n' || c == '\r':
			return false
		case unicode.IsControl(c):
			return true
		}
		return c >= 0x200B && c <= 0x200F || c >= 0x202A && c <= 0x202E || c >= 0x2060 && c <= 0x2069 || c == 0xFEFF
	})
}

// cellText makes one line of a cell, without the apostrophe that keeps a spreadsheet program from taking it for a formula.
func cellText(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@", rune(s[1])) {
		s = s[1:]
	}
	return s
}

// harmless are the words in brackets after an action that change nothing about it: how something is destroyed, not what or whether.
var harmless = []string{"secure", "securely", "secure disposal", "confidential", "confidentially", "confidential waste", "yn ddiogel", "yn gyfrinachol"}

var (
	apostrophes = strings.NewReplacer("’", "'", "‘", "'")
	hyphens     = strings.NewReplacer("_", " ", "-", " ")
)

// foldWord makes texts that a person takes for the same one equal: case, white space, apostrophes, hyphens, and a full stop or colon at the end. It leaves out nothing
// that might say something: what stands in brackets, a question mark, a mark for a footnote.
func foldWord(s string) string {
	s = hyphens.Replace(apostrophes.Replace(strings.ToLower(s)))
	return strings.TrimRight(strings.Join(strings.Fields(s), " "), " .:")
}

// foldHeading is foldWord for a heading, without what stands in brackets and such marks: two that are equal then are refused.
func foldHeading(s string) string {
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	return strings.Trim(foldWord(strings.ReplaceAll(s, "/", " ")), " .:*?")
}

// beginnings say nothing of their own before an event.
var beginnings = []string{"from ", "after ", "on ", "date of ", "the date of ", "date ", "ar ôl ", "o ", "o'r ", "dyddiad ", "dyddiad y ", "dyddiad yr "}

// readWord finds the value that a word stands for: the value itself, or one of its words.
func readWord[T ~string](all []T, words map[T][]string, text string) (T, bool) {
	find := func(s string) (T, bool) {
		for _, v := range all {
			if foldWord(string(v)) == s || slices.Contains(words[v], s) {
				return v, true
			}
		}
		return "", false
	}
	for s := foldWord(text); s != ""; {
		if v, ok := find(s); ok {
			return v, true
		}
		i := slices.IndexFunc(beginnings, func(b string) bool { return strings.HasPrefix(s, b) })
		if i < 0 {
			break
		}
		s = strings.TrimPrefix(s, beginnings[i])
	}
	return "", false
}

// readTrigger reads from when a period runs.
func readTrigger(text string) (Trigger, bool) { return readWord(Triggers(), triggerWords, text) }

// readAction reads what happens at the end of a period, also what the service does not do: RetentionRule.Faults refuses that in words.
func readAction(text string) (Disposal, bool) {
	all := append(Disposals(), Dispose, Review, Archive, Anonymise, Coarsen)
	s := foldWord(text)
	if i := strings.IndexByte(s, '('); i > 0 && s[len(s)-1] == ')' && slices.Contains(harmless, s[i+1:len(s)-1]) {
		s = s[:i]
	}
	return readWord(all, actionWords, s)
}

// readClass reads the name of a class.
func readClass(text string) (DataClass, bool) { return readWord(DataClasses(), nil, text) }

// readPeriod reads a length of time: ISO 8601, or words such as "3 years" and "1 flwyddyn a 6 mis": each unit once, the largest first. Two periods, a range, a
// condition in brackets are none. The smallest numbers may be words.
func readPeriod(text string) (Period, bool) {
	text = strings.TrimSpace(text)
	if p, err := ParsePeriod(strings.ToUpper(text)); err == nil {
		return p, true
	}
	parts, ok := periodParts(strings.TrimRight(apostrophes.Replace(strings.ToLower(text)), " .:"))
	var out, last Period
	for i := 0; ok && i < len(parts); i += 2 {
		if i > 0 && parts[i] == "," {
			i++
		}
		if i > 0 && i < len(parts) && slices.Contains(joints, parts[i]) {
			i++
		}
		if i+1 >= len(parts) {
			return Period{}, false
		}
		n, known := numberWords[parts[i]]
		if !known {
			var err error
			if n, err = strconv.Atoi(parts[i]); err != nil || n < 1 || n > maxPeriodDays {
				return Period{}, false
			}
		}
		unit, known := periodUnits[parts[i+1]]
		if !known || i > 0 && unit.roughDays() >= last.roughDays() {
			return Period{}, false
		}
		last = unit
		out.Years, out.Months, out.Weeks, out.Days = out.Years+n*unit.Years, out.Months+n*unit.Months, out.Weeks+n*unit.Weeks, out.Days+n*unit.Days
	}
	checked, err := ParsePeriod(out.String()) // no time at all and more than a century are none
	return checked, ok && err == nil
}

// joints stand between the parts of a length of time. "a" is one in English, and "and" in Welsh.
var joints = []string{"and", "a", "ac", "a'r"}

// periodParts takes a length of time into its numbers, words and commas: "3yrs, 6 months" are 3, yrs, comma, 6, months. Any other mark says something that is not
// read: then there are none.
func periodParts(s string) (out []string, ok bool) {
	var before rune
	for _, c := range s {
		kind := c
		switch {
		case unicode.IsDigit(c):
			kind = '0'
		case unicode.IsLetter(c) || c == '\'':
			kind = 'a'
		case unicode.IsSpace(c):
			before = ' '
			continue
		case c != ',':
			return nil, false
		}
		if kind == before && kind != ',' {
			out[len(out)-1] += string(c)
		} else {
			out = append(out, string(c))
		}
		before = kind
	}
	return out, len(out) > 0
}
