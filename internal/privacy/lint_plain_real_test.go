package privacy_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/internal/privacy"
)

// realNotices are the five notices of councils.md, S0 to S4.
var realNotices = []string{"dacorum-customer-research-and-surveys.txt", "dacorum-customer-service-unit.txt", "dorset-customer-insights.txt",
	"derby-customer-management.txt", "hartlepool-consultation-participants.txt"}

// noticesFolder walks up to the folder with the five notices, which are not ours and so not in this repository.
func noticesFolder() (string, bool) {
	dir, err := filepath.Abs(".")
	for err == nil {
		if found := filepath.Join(dir, "shared", "notices"); isFolder(found) {
			return found, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return "", false
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

type cell struct {
	verdict privacy.PlainVerdict
	reason  string
}

func is(v privacy.PlainVerdict, reason ...string) cell { return cell{v, append(reason, "")[0]} }

const (
	yes  = privacy.Stated
	part = privacy.Partly
	no   = privacy.Absent
	na   = privacy.NotApplicable
)

// councilsTable is the table of councils.md, section 5, row by row and notice by notice, as verdicts with their reasons.
var councilsTable = []struct {
	item string
	says string // the row, in the words of the table
	want [5]cell
}{
	{"controller", "yes | yes | yes | yes | yes", [5]cell{is(yes), is(yes), is(yes), is(yes), is(yes)}},
	{"dpo", "yes | yes | role only, no contact | yes | the DPO, no contact", [5]cell{is(yes), is(yes), is(part, "no_contact"), is(yes), is(part, "no_contact")}},
	{"purposes", "two bases, unmapped | one basis for all | public task for all | enquiries: none | yes",
		[5]cell{is(part, "unmapped"), is(yes, "one_basis"), is(yes, "one_basis"), is(part, "activity_without_basis"), is(yes, "one_basis")}},
	{"condition", "yes | n/a | no | no, though equality data collected | yes", [5]cell{is(yes), is(na, "none_collected"), is(no, "own_words"), is(no, "special"), is(yes)}},
	{"recipients", "part (one missing) | etc. | storage only | categories | part",
		[5]cell{is(part, "not_listed"), is(part, "open_list"), is(part, "storage_only"), is(part, "categories"), is(part, "some")}},
	{"retention", "pointer | pointer | period, no trigger | pointer | criteria",
		[5]cell{is(part, "pointer"), is(part, "pointer"), is(part, "no_trigger"), is(part, "pointer"), is(yes, "criteria")}},
	{"withdraw", "yes | yes | n/a | n/a | absent although consent is the basis",
		[5]cell{is(yes), is(yes), is(na, "no_consent"), is(na, "no_consent"), is(no, "consent_used")}},
	{"rights", "no | no | yes | yes | yes", [5]cell{is(no), is(no), is(yes), is(yes), is(yes)}},
	{"regulator", "no | no | yes | yes | no", [5]cell{is(no), is(no), is(yes), is(yes), is(no)}},
	{"complaint", "no | no | part | part | no", [5]cell{is(no), is(no), is(part, "no_procedure"), is(part, "no_procedure"), is(no)}},
	{"required", "no | no | no | complaints only | yes (and harmful)", [5]cell{is(no), is(no), is(no), is(part, "one_activity"), is(yes, "harmful")}},
	{"automated", "no | no | no | yes | yes (out of date)", [5]cell{is(no), is(no), is(no), is(yes), is(privacy.OutOfDate, "21_days")}},
	{"source", "no | no | partly | yes | no", [5]cell{is(no), is(no), is(part, "unnamed"), is(yes), is(no)}},
	{"version", "yes | date | no | no | no", [5]cell{is(yes), is(part, "date_only"), is(no), is(no), is(no)}},
	{"children", "no | no | no | no | age check only", [5]cell{is(no), is(no), is(no), is(no), is(part, "age_check")}},
}

// realRules are the rules below the table that each notice breaks. That the third and the fifth give no contact at all is in their own text.
var realRules = [5][]string{
	nil,
	{"recipients_open", "consent_for_service"},
	{"period_without_trigger", "no_contact"},
	{"recipients_vague", "purpose_without_basis", "legitimate_interests"},
	{"recipients_vague", "reconsideration_21_days", "no_contact"},
}

// lineOf are lines on which the evidence must stand, read by hand.
var lineOf = []struct {
	notice int
	item   string
	line   int
}{
	{0, "purposes", 31}, {0, "recipients", 31}, {0, "version", 87}, {0, "withdraw", 61}, {1, "recipients", 32}, {1, "recipients_open", 32}, {1, "consent_for_service", 22}, {1, "version", 76},
	{2, "retention", 6}, {2, "recipients", 10}, {2, "purposes", 33}, {2, "complaint", 52}, {2, "regulator", 53}, {2, "source", 15}, {3, "purposes", 15}, {3, "legitimate_interests", 50}, {3, "required", 65},
	{3, "source", 73}, {3, "condition", 19}, {3, "automated", 117}, {3, "complaint", 139}, {4, "reconsideration_21_days", 88}, {4, "required", 72}, {4, "children", 28}, {4, "retention", 135}, {4, "withdraw", 65},
}

// The whole table of councils.md, section 5: what people found by reading, the linter finds too.
func TestTheFiveNoticesGiveTheTableOfSection5(t *testing.T) {
	dir, ok := noticesFolder()
	if !ok {
		t.Log("the five notices are not on this machine; TestPlainNotices holds the rules")
		return
	}
	var reports [5]privacy.PlainReport
	for n, name := range realNotices {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		reports[n] = privacy.LintPlain(string(text))
		if len(reports[n].Items) != len(councilsTable) {
			t.Fatalf("S%d: %d items, the table has %d rows", n, len(reports[n].Items), len(councilsTable))
		}
		var broken []string
		for _, f := range reports[n].Rules {
			broken = append(broken, f.Item)
		}
		if !slices.Equal(broken, realRules[n]) {
			t.Errorf("S%d breaks %v, want %v", n, broken, realRules[n])
		}
	}
	for row, r := range councilsTable {
		for n, want := range r.want {
			f := reports[n].Items[row]
			if f.Item != r.item || f.Verdict != want.verdict || f.Reason != want.reason {
				t.Errorf("S%d, row %q (%s): %s %q on lines %v, want %s %q", n, r.item, r.says, f.Verdict, f.Reason, f.Lines, want.verdict, want.reason)
			}
		}
	}
	for _, l := range lineOf {
		all := slices.Concat(reports[l.notice].Items, reports[l.notice].Rules)
		i := slices.IndexFunc(all, func(f privacy.PlainFinding) bool { return f.Item == l.item })
		if i < 0 || !slices.Contains(all[i].Lines, l.line) {
			t.Errorf("S%d: %s does not point to line %d: %+v", l.notice, l.item, l.line, all[max(i, 0)])
		}
	}
}
