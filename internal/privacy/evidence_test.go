package privacy_test

import (
	"errors"
	"strings"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// firstForm are the hashes of ledger() as the program computed them before events had evidence: they must never change.
var firstForm = []string{
	"0c4217b8340d37d051d1d9a8375164ec358950c301815069e09a4af03a6451e2",
	"efbc93e8cf42cd7354ef2b860184655a377ad127e426347c38ff09ceb3eba37b",
	"6f3659b43381d7c3602a92f4a9d5aeaa2881b0eecc77092755e48667c5f65f62",
	"a32afd64e3da0cd2078054dfaceddd32c36642228b14007594a8f468bab2adc6",
	"58e665e3f1163b09d851bbb9b545eff3ebb39ddd78e9a5b80849e1698d513d8a",
}

func TestOldEventsKeepTheirHashes(t *testing.T) {
	for i, e := range ledger() {
		if e.Hash != firstForm[i] {
			t.Errorf("event %d: %s, was %s", i+1, e.Hash, firstForm[i])
		}
	}
}

// paper returns ledger() gone on with an event that has everything.
func paper() []privacy.ConsentEvent {
	l := ledger()
	e := at(9, privacy.ConsentGiven)
	e.Sequence, e.ID, e.RecordID, e.Principal, e.Channel, e.Actor = 6, "f", "record-2", "principal", "paper", "s1"
	e.Evidence = privacy.Evidence{Giver: privacy.GivenByParent, Relation: "guardian", Form: "paper/0123", Scan: "DOC-2026-0471", On: "2026-03-28", Role: "researcher"}
	e.Reason, e.Supersedes = privacy.ReasonCameOfAge, "record"
	l = append(l, e.Chain(l[4].Hash))
	last := at(10, privacy.ConsentWithdrawn)
	last.Sequence = 7
	l = append(l, last.Chain(l[5].Hash))
	e.Sequence, e.ID, e.Evidence.Scan, e.Evidence.Token = 8, "g", "", "00112233445566778899aabbccddeeff"
	return append(l, e.Chain(l[6].Hash))
}

// An event with evidence and without a keyed hash is hashed as before there was that.
func TestEvidenceKeepsItsHash(t *testing.T) {
	const second = "a379a74f46cd7139681a995b53134f02835f5e0462a49a120c4b63780bff26bd"
	if got := paper()[5].Hash; got != second {
		t.Errorf("%s, was %s", got, second)
	}
}

// All forms stand in one chain, and every field of the third, and of the second, is covered.
func TestEvidenceIsChained(t *testing.T) {
	if err := privacy.VerifyConsentChain(each(paper())); err != nil {
		t.Fatal(err)
	}
	for why, change := range map[string]func(*privacy.ConsentEvent){
		"another giver":      func(e *privacy.ConsentEvent) { e.Evidence.Giver = privacy.GivenInWriting },
		"another relation":   func(e *privacy.ConsentEvent) { e.Evidence.Relation = "parent" },
		"another form":       func(e *privacy.ConsentEvent) { e.Evidence.Form = "paper/0124" },
		"another scan":       func(e *privacy.ConsentEvent) { e.Evidence.Scan = "DOC-2026-0472" },
		"another keyed hash": func(e *privacy.ConsentEvent) { e.Evidence.Token = strings.Repeat("0", 32) },
		"the hash moved": func(e *privacy.ConsentEvent) {
			e.Evidence.Scan, e.Evidence.Token = e.Evidence.Token+".", e.Evidence.Scan
		},
		"another day":           func(e *privacy.ConsentEvent) { e.Evidence.On = "2026-03-27" },
		"another role":          func(e *privacy.ConsentEvent) { e.Evidence.Role = "dpo" },
		"another reason":        func(e *privacy.ConsentEvent) { e.Reason = privacy.ReasonUnderAge },
		"another record":        func(e *privacy.ConsentEvent) { e.Supersedes = "record-0" },
		"a field moved":         func(e *privacy.ConsentEvent) { e.Reason, e.Supersedes = "", string(e.Reason)+e.Supersedes },
		"all evidence taken":    func(e *privacy.ConsentEvent) { e.Evidence, e.Reason, e.Supersedes = privacy.Evidence{}, "", "" },
		"the channel exchanged": func(e *privacy.ConsentEvent) { e.Channel = "web" },
	} {
		for _, i := range []int{5, 7} {
			l := paper()
			change(&l[i])
			var bad *privacy.ChainError
			if err := privacy.VerifyConsentChain(each(l)); !errors.As(err, &bad) || bad.Sequence != int64(i+1) || bad.Fault != privacy.EntryAltered {
				t.Errorf("%s, entry %d: %v", why, i+1, err)
			}
			if l[i].Intact() {
				t.Errorf("%s, entry %d: intact by itself", why, i+1)
			}
		}
	}
}

func TestCheckEvidence(t *testing.T) {
	spoken := privacy.Evidence{Giver: privacy.GivenOrally, Form: "script/1", Role: "researcher"}
	written := privacy.Evidence{Giver: privacy.GivenInWriting, Form: "paper/1", Token: "00112233445566778899aabbccddeeff", On: "2026-03-28", Role: "researcher"}
	with := func(e privacy.Evidence, change func(*privacy.Evidence)) privacy.Evidence { change(&e); return e }
	for _, row := range []struct {
		why   string
		event privacy.ConsentEvent
		key   string
	}{
		{"on a page of the service: the ledger has the statement and the option (ICO, record consent)",
			privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "web", Actor: "self"}, ""},
		{"spoken, with the script (ICO: if oral, a copy of the script)", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "phone", Actor: "s1", Evidence: spoken}, ""},
		{"spoken refusal, with the script (privacy.md 3.5: refusals are recorded too)",
			privacy.ConsentEvent{State: privacy.ConsentRefused, Channel: "f2f", Actor: "s1", Evidence: spoken}, ""},
		{"spoken, without the script", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "phone", Actor: "s1",
			Evidence: with(spoken, func(e *privacy.Evidence) { e.Form = "" })}, "error.evidence.form"},
		{"recorded by an officer, and nobody gave it", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "phone", Actor: "s1",
			Evidence: with(spoken, func(e *privacy.Evidence) { e.Giver = "" })}, "error.evidence.form"},
		{"recorded by an officer without a role", privacy.ConsentEvent{State: privacy.ConsentRefused, Channel: "phone", Actor: "s1",
			Evidence: with(spoken, func(e *privacy.Evidence) { e.Role = "" })}, "error.evidence.form"},
		{"on paper (councils.md S4-9: written consent, scan reference and form version)",
			privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "paper", Actor: "s1", Evidence: written}, ""},
		{"on paper, nobody knows where it lies", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "paper", Actor: "s1",
			Evidence: with(written, func(e *privacy.Evidence) { e.Token = "" })}, "error.evidence.scan"},
		{"on paper, the reference in the open (art. 5(1)(c): nothing is ever taken out of the ledger)", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "paper", Actor: "s1",
			Evidence: with(written, func(e *privacy.Evidence) { e.Scan = "DOC-2026-0471" })}, "error.evidence.scan"},
		{"a reference where its keyed hash belongs", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "paper", Actor: "s1",
			Evidence: with(written, func(e *privacy.Evidence) { e.Token = "DOC-2026-0471" })}, "error.evidence.scan"},
		{"on paper, nobody knows when it came", privacy.ConsentEvent{State: privacy.ConsentRenewed, Channel: "paper", Actor: "s1",
			Evidence: with(written, func(e *privacy.Evidence) { e.On = "" })}, "error.evidence.scan"},
		{"refused on paper: no document has to be kept of a refusal", privacy.ConsentEvent{State: privacy.ConsentRefused, Channel: "paper", Actor: "s1",
			Evidence: with(written, func(e *privacy.Evidence) { e.Token = "" })}, ""},
		{"a scan reference with a name", privacy.ConsentEvent{State: privacy.ConsentRefused, Channel: "paper", Actor: "s1",
			Evidence: with(written, func(e *privacy.Evidence) { e.Scan = "jane-jones-001" })}, "error.evidence.scan"},
		{"a parent, on a page (UK GDPR art. 8)", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "web", Actor: "self",
			Evidence: privacy.Evidence{Giver: privacy.GivenByParent, Relation: "parent"}}, ""},
		{"a parent of no known relation (privacy.md 3.5: relationship)", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "web", Actor: "self",
			Evidence: privacy.Evidence{Giver: privacy.GivenByParent}}, "error.evidence.giver"},
		{"a representative, authority seen (privacy.md 3.5)", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "f2f", Actor: "s1",
			Evidence: with(spoken, func(e *privacy.Evidence) { e.Giver, e.Relation = privacy.GivenByRepresentative, "attorney" })}, ""},
		{"a representative with a parent's relation", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "f2f", Actor: "s1",
			Evidence: with(spoken, func(e *privacy.Evidence) { e.Giver, e.Relation = privacy.GivenByRepresentative, "guardian" })}, "error.evidence.giver"},
		{"words where a code belongs", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "f2f", Actor: "s1",
			Evidence: with(spoken, func(e *privacy.Evidence) { e.Giver, e.Relation = privacy.GivenByRepresentative, "her son John" })}, "error.evidence.giver"},
		{"the respondent needs no relation", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "phone", Actor: "s1",
			Evidence: with(spoken, func(e *privacy.Evidence) { e.Relation = "parent" })}, "error.evidence.giver"},
		{"an unknown giver", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "web", Actor: "self", Evidence: privacy.Evidence{Giver: "dog"}}, "error.evidence.giver"},
		{"withdrawn by telephone (art. 7(3): as easy as to give; nothing is asked)", privacy.ConsentEvent{State: privacy.ConsentWithdrawn, Channel: "phone", Actor: "s1"}, ""},
		{"withdrawn with a reason (privacy.md 6, step 10: never)", privacy.ConsentEvent{State: privacy.ConsentWithdrawn, Channel: "phone", Actor: "s1",
			Reason: privacy.ReasonNotFree}, "error.evidence.reason"},
		{"given with a reason", privacy.ConsentEvent{State: privacy.ConsentGiven, Channel: "web", Actor: "self", Reason: privacy.ReasonNotFree}, "error.evidence.reason"},
		{"invalidated, with a reason", privacy.ConsentEvent{State: privacy.ConsentInvalidated, Actor: "s1", Reason: privacy.ReasonMisrecorded}, ""},
		{"invalidated by the controller without a reason", privacy.ConsentEvent{State: privacy.ConsentInvalidated, Actor: "s1"}, "error.evidence.reason"},
		{"superseded without a reason", privacy.ConsentEvent{State: privacy.ConsentSuperseded, Actor: "system"}, "error.evidence.reason"},
		{"superseded by a new notice", privacy.ConsentEvent{State: privacy.ConsentSuperseded, Actor: "system", Reason: privacy.ReasonNoticeChanged}, ""},
		{"expired by itself", privacy.ConsentEvent{State: privacy.ConsentExpired, Actor: "system"}, ""},
		{"a reason in words", privacy.ConsentEvent{State: privacy.ConsentInvalidated, Actor: "s1", Reason: "Mrs Jones rang"}, "error.evidence.reason"},
		{"asked again (privacy.md 3.1: refresh if purposes change)", privacy.ConsentEvent{State: privacy.ConsentRequested, Actor: "system", RecordID: "b",
			Reason: privacy.ReasonPurposeChanged, Supersedes: "a"}, ""},
		{"in its own place", privacy.ConsentEvent{State: privacy.ConsentRequested, Actor: "self", RecordID: "a", Supersedes: "a"}, "error.evidence.reason"},
	} {
		err := row.event.CheckEvidence()
		if (row.key == "") != (err == nil) || err != nil && (!fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), row.key)) {
			t.Errorf("%s: %v, want %q", row.why, err, row.key)
		}
	}
}

func TestScanReference(t *testing.T) {
	for ref, why := range map[string]string{
		"DOC-2026-004711": "a document system's number", "EDM/LIB/00123": "with a place", "a1b2": "", "20261130-0007": "", "box 7": "a space", "004711": "",
		"deadbeef-0471-4c1f-8f00-c0ffee123456": "hexadecimal runs are no words", "JANE-JONES-1961": "a name", "smith123": "a name", "jane@doe.1234": "an address",
		"JW123456C": "a National Insurance number", "4111-1111-1111-1111": "a card", "07700-900-123": "a telephone number", "12": "short", "SCAN-12": "too few digits",
		"Dŵr-1234": "other letters", "DOC\n-20264711": "a line", strings.Repeat("1", 65): "long", "": "none", "abcd": "no digit",
	} {
		good := map[string]bool{"DOC-2026-004711": true, "EDM/LIB/00123": true, "20261130-0007": true, "004711": true, "deadbeef-0471-4c1f-8f00-c0ffee123456": true}[ref]
		if err := privacy.CheckScanReference(ref); (err == nil) != good {
			t.Errorf("%q (%s): %v", ref, why, err)
		}
	}
}
