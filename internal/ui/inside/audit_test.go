package inside_test

import (
	"database/sql"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/ui/uitest"
)

// house verifies the logs and signs checkpoints, as housekeeping does.
func (w *world) house(t testing.TB) {
	t.Helper()
	_, err := w.Service.WatchLogs(t.Context(), false)
	check(t, err)
	check(t, w.Service.MakeCheckpoints(t.Context(), true))
}

// behind runs a statement on the main database behind the service's back, without its triggers.
func (w *world) behind(t testing.TB, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(w.Dir, "main.db")+"?_busy_timeout=5000")
	check(t, err)
	defer db.Close()
	for _, name := range column(t, db, `select name from sqlite_master where type = 'trigger'`) {
		_, err := db.Exec(`drop trigger ` + name)
		check(t, err)
	}
	_, err = db.Exec(statement)
	check(t, err)
}

// TestTheDeskSaysThatALogIsBroken: whoever works here sees it on their first page, in both languages, with the first bad entry.
func TestTheDeskSaysThatALogIsBroken(t *testing.T) {
	const cut = `delete from audit_event where sequence > (select max(sequence) - 3 from audit_event)`
	for _, test := range []struct {
		why, statement string
		says           func(end int64) (en, cy string)
	}{
		{"an entry was altered", `update audit_event set object = 'consultation:other' where sequence = 7`, func(int64) (string, string) {
			return "The first bad entry is 7: it does not say what was written", "Y cofnod gwael cyntaf yw 7"
		}},
		{"an entry was made unreadable", `update audit_event set at = 'yesterday', detail = '[' where sequence = 7`, func(int64) (string, string) {
			return "The first bad entry is 7: it does not say what was written", "Y cofnod gwael cyntaf yw 7"
		}},
		{"the end was cut off", cut, func(end int64) (string, string) {
			return fmt.Sprintf("The first bad entry is %s: the entries %s to %s were there and are gone", locale.Number(end-2), locale.Number(end-2), locale.Number(end)), "Tynnwyd diwedd y log"
		}},
	} {
		w := fullWorld(t)
		browsers := map[consult.Role]*uitest.Browser{}
		for _, role := range consult.Roles() {
			browsers[role] = w.signIn(t, role)
		}
		dpo := browsers[consult.DPO]
		dpo.Get("/office")
		shows(t, dpo, "has not been verified yet")
		w.house(t)
		dpo.Get("/office")
		shows(t, dpo, "were last verified on 29 March 2026, 02:30, and nothing was wrong")
		showsNot(t, dpo, "is not as it was written")
		end, err := w.Service.Store.Logs().LogEnd(t.Context(), "audit")
		check(t, err)
		w.behind(t, test.statement)
		w.Clock.Move(w.Clock.Now().Add(24 * time.Hour))
		w.house(t)
		en, cy := test.says(end)
		for _, role := range []consult.Role{consult.Researcher, consult.Approver, consult.DPO, consult.Administrator} {
			b := w.enter(t, role) // a day later
			b.Get("/office")
			shows(t, b, "The audit log is not as it was written", en, "Found on 30 March 2026, 02:30", "Tell the data protection officer")
			showsNot(t, b, "were last verified")
			b.Page.Sound(t)
			b.Get("/cy/office")
			shows(t, b, "Nid yw'r log archwilio fel yr ysgrifennwyd ef", cy)
			if role == consult.DPO {
				b.Get("/office/audit")
				shows(t, b, "The audit log is not as it was written", en)
				b.Get("/office/audit/entries/7") // can be read all the same
				at(t, b, "/office/audit/entries/7", 200)
				shows(t, b, "There is no proof of this entry")
				if a := b.Get("/office/audit/entries/7/proof.txt"); a.Status != 409 {
					t.Errorf("a proof that is none: %d", a.Status)
				}
			}
		}
		partner := w.enter(t, consult.PartnerUser)
		partner.Get("/partner")
		showsNot(t, partner, "not as it was written")
	}
}

// TestTheDeskSaysWhyALogIsNotVerified: that nobody looks, that nobody can, and that what is kept outside is no anchor, are alarms like a finding.
func TestTheDeskSaysWhyALogIsNotVerified(t *testing.T) {
	w := newWorld(t)
	w.house(t)
	check(t, w.Service.KeepAnchors(t.Context()))
	look := func(en, cy string, more ...string) {
		t.Helper()
		b := w.enter(t, consult.DPO)
		b.Get("/office")
		shows(t, b, append([]string{en, "Tell the data protection officer"}, more...)...)
		showsNot(t, b, "were last verified")
		b.Page.Sound(t)
		b.Get("/cy/office")
		shows(t, b, cy)
	}
	w.Clock.Move(w.Clock.Now().Add(time.Hour + time.Second))
	look("The audit log is not being verified", "Nid yw'r log archwilio yn cael ei wirio", "The record of consent is not being verified", "It was last verified on 29 March 2026, 02:30")
	keys, err := sql.Open("sqlite3", filepath.Join(w.Dir, "keys.db")+"?_busy_timeout=5000")
	check(t, err)
	defer keys.Close()
	_, err = keys.Exec(`update log_anchor set note = 'x' where log = 'audit'`)
	check(t, err)
	w.house(t)
	look("was not signed by this service", "Ni lofnodwyd gan y gwasanaeth hwn", "The audit log is not as it was written")
	w.behind(t, `alter table log_checkpoint rename to elsewhere`)
	_, err = w.Service.WatchLogs(t.Context(), false)
	if err == nil {
		t.Fatal("it can be verified all the same")
	}
	look("The log cannot be verified: something that is kept with it cannot be read", "Ni ellir gwirio'r log")
}

func TestAuditLogIsNarrowedByDays(t *testing.T) {
	w := newWorld(t)
	w.Clock.Move(time.Date(2026, 3, 29, 22, 59, 59, 0, time.UTC)) // one second before midnight in London
	before := w.enter(t, consult.Researcher)
	before.Submit("/sign-out")
	w.Clock.Move(time.Date(2026, 3, 29, 23, 0, 0, 0, time.UTC)) // the 30th has begun
	b := w.enter(t, consult.DPO)
	day := func(name string, d int) string {
		return fmt.Sprintf("%s-day=%d&%s-month=3&%s-year=2026", name, d, name, name)
	}
	for _, test := range []struct {
		query    string
		has, not []string
		why      string
	}{
		{day("from", 30), []string{"30 March 2026, 00:00:00", "Dee Protection"}, []string{"29 March 2026, 23:59:59"}, "days begin at midnight in London"},
		{day("to", 29), []string{"29 March 2026, 23:59:59", "Signed out"}, []string{"30 March 2026, 00:00:00"}, "and end there"},
		{day("from", 29) + "&" + day("to", 29), []string{"29 March 2026, 23:59:59"}, []string{"30 March 2026, 00:00:00"}, "one day"},
		{day("from", 28) + "&" + day("to", 28), []string{"No entry matches"}, nil, "a day on which nothing was done"},
		{"kind=entered&action=staff", []string{"Signed in", "Signed out"}, []string{"Person invited"}, "a sort of entries"},
		{"kind=nonsense", []string{"No entry matches"}, nil, "a sort that there is not"},
		{"actor=kind:system", []string{"The service"}, []string{"Signed in"}, "the service itself"},
	} {
		b.Get("/office/audit?" + test.query)
		at(t, b, "/office/audit", 200)
		table := b.Page.Text()
		if _, rest, ok := strings.Cut(table, "Entries, newest first"); ok { // without the filters
			table = rest
		}
		for _, text := range test.has {
			if !strings.Contains(table, text) {
				t.Errorf("%s: %q is missing in %s", test.why, text, table)
			}
		}
		for _, text := range test.not {
			if strings.Contains(table, text) {
				t.Errorf("%s: %q is there", test.why, text)
			}
		}
	}
	for query, says := range map[string]string{"from-day=31&from-month=2&from-year=2026": `href="#from-day"`, day("from", 30) + "&" + day("to", 29): "must not be before the first"} {
		a := b.Get("/office/audit?" + query)
		if a.Status != 422 || !strings.Contains(a.Body, says) {
			t.Errorf("%s: %d", query, a.Status)
		}
		a.Sound(t)
		if a = b.Get("/office/audit/log.csv?" + query); a.Status != 422 {
			t.Errorf("%s as a file: %d", query, a.Status)
		}
	}
}

// TestAuditLogAsAFile: the file has what the filters show, all pages of it, and taking it is in the log.
func TestAuditLogAsAFile(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.DPO)
	a := b.Get("/office/audit/log.csv?action=response.submit")
	if a.Status != 200 || !strings.Contains(a.Header.Get("Content-Disposition"), "audit-log.csv") {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
	check(t, err)
	if len(lines) < 100 || lines[0][0] != "number" || lines[1][6] != "Response stored" || lines[1][7] != "response.submit" || lines[1][3] != "A respondent" {
		t.Errorf("%d lines: %q", len(lines), lines[:2])
	}
	last := int64(1 << 62)
	for _, line := range lines[1:] {
		var n int64
		_, err := fmt.Sscan(line[0], &n)
		check(t, err)
		if n >= last || line[7] != "response.submit" {
			t.Errorf("entry %d after %d: %q", n, last, line)
		}
		last = n
	}
	b.Get("/office/audit?action=audit&object=log:audit")
	shows(t, b, "Audit log exported", "Dee Protection", "filters action")
}

func TestAnEntryHasItsProof(t *testing.T) {
	w := fullWorld(t)
	b := w.signIn(t, consult.DPO)
	b.Get("/office/audit/entries/9")
	at(t, b, "/office/audit/entries/9", 200)
	shows(t, b, "Entry 9 of the audit log", "Hash of the entry before it", "No checkpoint counts this entry yet")
	b.Page.Sound(t)
	if a := b.Get("/office/audit/entries/9/proof.txt"); a.Status != 404 {
		t.Errorf("a proof without a checkpoint: %d", a.Status)
	}
	w.house(t)
	key := b.Get("/audit/key.txt").Body
	for _, n := range []int{1, 9, 300} {
		a := b.Get(fmt.Sprintf("/office/audit/entries/%d", n))
		a.Sound(t)
		entry, _, err := privacy.ParseProof(b.Get(fmt.Sprintf("/office/audit/entries/%d/proof.txt", n)).Body)
		check(t, err)
		head, err := entry.Check(key)
		if err != nil || head.Size < int64(n) || entry.Entry.Sequence != int64(n) {
			t.Errorf("entry %d: %+v, %v", n, head, err)
		}
		if !strings.Contains(a.Body, entry.Entry.Hash) || n > 1 && !strings.Contains(a.Body, entry.Entry.PrevHash) {
			t.Errorf("entry %d: its page does not show its hashes", n)
		}
	}
	checkpoint := b.Get("/office/audit/checkpoint.txt")
	if head, err := seal.OpenHead([]byte(checkpoint.Body), key); err != nil || head.Size < 300 {
		t.Errorf("the checkpoint: %+v, %v", head, err)
	}
	for _, path := range []string{"/office/audit/entries/0", "/office/audit/entries/-1", "/office/audit/entries/999999", "/office/audit/entries/x", "/office/audit/entries/99999999999999999999"} {
		if a := b.Get(path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// TestEverySortAndNounHasWords: no filter of the log shows a code.
func TestEverySortAndNounHasWords(t *testing.T) {
	messages := locale.Must()
	for _, l := range locale.Langs() {
		for _, a := range consult.AuditActions() {
			for _, key := range []string{"office.audit.do." + a.Name, "office.audit.noun." + a.Noun(), "office.audit.sort." + string(a.Kind)} {
				if !messages.Has(l, key) {
					t.Errorf("%s is not in %s", key, l)
				}
			}
		}
		for _, fault := range []privacy.ChainFault{privacy.EntryMissing, privacy.EntryUnlinked, privacy.EntryAltered, privacy.StatementWrong, privacy.EntryRewritten, privacy.EntryCut} {
			if !messages.Has(l, "office.log.fault."+string(fault)) {
				t.Errorf("%s is not in %s", fault, l)
			}
		}
		for _, log := range consult.Logs() {
			if !messages.Has(l, "office.log.alarm."+log) {
				t.Errorf("%s is not in %s", log, l)
			}
		}
	}
}

// TestTheLogNamesNobody: neither staff nor partners nor respondents, by what they are called or by what they said.
func TestTheLogNamesNobody(t *testing.T) {
	w := fullWorld(t)
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.Dir, "main.db")+"?mode=ro")
	check(t, err)
	defer db.Close()
	rows := strings.ToLower(strings.Join(column(t, db, `select `+columns(t, db, "audit_event")+` from audit_event`), "\n"))
	secrets := []string{"longer hours on saturdays", "wealdmere.example", "very_satisfied", "fairly_dissatisfied"}
	for _, m := range w.staff {
		secrets = append(secrets, strings.ToLower(m.Name), strings.ToLower(m.Email))
	}
	for _, reference := range column(t, db, `select reference from response`) {
		secrets = append(secrets, strings.ToLower(reference))
	}
	secrets = append(secrets, column(t, db, `select id from response`)...)
	if len(secrets) < 100 {
		t.Fatalf("%d secrets: the test would prove nothing", len(secrets))
	}
	for _, s := range secrets {
		if strings.Contains(rows, s) {
			t.Errorf("the log holds %q", s)
		}
	}
}
