package privacy_test

import (
	"strings"
	"testing"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
)

// letters are requests that give occasion to each letter.
func letters() map[string]struct {
	kind    privacy.LetterKind
	request privacy.Request
} {
	plain := access("2026-11-25")
	plain.Name = "Gwen Example"
	waiting := plain
	waiting.IdentityAsked = "2026-11-26"
	asked := plain
	asked.Tier, asked.IdentityOn = privacy.IdentityCode, "2026-11-25"
	asked.Pauses = []privacy.Pause{{Asked: "2026-11-27", Question: "Which of the two responses do you mean?"}}
	longer := plain
	longer.Extension = &privacy.Extension{NotifiedOn: "2026-12-20", Reason: "You sent 14 responses and ask about each of them."}
	complaint := plain
	complaint.Kind, complaint.Text = privacy.AskComplaint, "You wrote to me twice."
	erased := plain
	erased.Kind, erased.Name = privacy.AskErase, ""
	erased.Outcome = &privacy.Outcome{On: "2026-12-01", Decision: privacy.GrantedPartly, Reasons: "We need your contact details until the draw.", Done: "We erased your response."}
	erased.Exemptions = []privacy.Exemption{{Ground: "third_party", Item: "What your neighbour wrote", Reason: "It is about somebody else."}}
	corrected := plain
	corrected.Kind, corrected.Outcome = privacy.AskRectify, &privacy.Outcome{On: "2026-12-03", Decision: privacy.Granted}
	corrected.Corrections = []privacy.Corrected{{On: "2026-12-01", Response: "r1", Questions: []locale.Text{
		{locale.English: "How satisfied are you?", locale.Welsh: "Pa mor fodlon ydych chi?"}, {locale.English: "Anything else?", locale.Welsh: "Unrhyw beth arall?"}}}}
	equality := corrected
	equality.Corrections = []privacy.Corrected{{On: "2026-12-01", Response: "r1", Equality: true}, {On: "2026-12-01", Response: "r1", Equality: true}, {On: "2026-12-02", Response: "r1", Equality: true}}
	objected := plain
	objected.Kind, objected.Outcome = privacy.AskObject, &privacy.Outcome{On: "2026-12-03", Decision: privacy.Refused, Reasons: "As weighed."}
	objected.Steps = []privacy.RequestStep{{What: "request.receive"}, {What: "request.restrict"}}
	objected.Tellings = []privacy.Telling{{On: "2026-12-01", Step: "request.tell", Number: "P1", Name: "Hosting Ltd", About: []privacy.ToldOf{privacy.ToldRestricted}, Open: true},
		{On: "2026-12-01", Step: "request.tell", Number: "D1", Name: "A constable", About: []privacy.ToldOf{privacy.ToldRestricted}}}
	several := plain
	several.Kind, several.Outcome = privacy.AskErase, &privacy.Outcome{On: "2026-12-03", Decision: privacy.Granted, Done: "We erased your response."}
	several.Steps = []privacy.RequestStep{{What: "request.restrict"}, {What: "request.erase"}}
	several.Tellings = []privacy.Telling{{Number: "P1", Name: "Hosting Ltd", About: []privacy.ToldOf{privacy.ToldRestricted}, Open: true},
		{Number: "P1", Name: "Hosting Ltd", About: []privacy.ToldOf{privacy.ToldErased, privacy.ToldRestricted}, Open: true}, {Number: "P2", Name: "Print Ltd", Open: true}}
	refused := complaint
	refused.Outcome = &privacy.Outcome{On: "2026-12-01", Decision: privacy.NotUpheld, Reasons: "The second letter was the receipt."}
	return map[string]struct {
		kind    privacy.LetterKind
		request privacy.Request
	}{
		"acknowledgement": {privacy.LetterAcknowledgement, plain}, "acknowledgement-waiting": {privacy.LetterAcknowledgement, waiting},
		"acknowledgement-complaint": {privacy.LetterAcknowledgement, complaint}, "identity": {privacy.LetterIdentity, waiting},
		"question": {privacy.LetterQuestion, asked}, "extension": {privacy.LetterExtension, longer}, "outcome-erased": {privacy.LetterOutcome, erased},
		"outcome-corrected": {privacy.LetterOutcome, corrected}, "outcome-equality": {privacy.LetterOutcome, equality}, "outcome-complaint": {privacy.LetterOutcome, refused},
		"outcome-objected": {privacy.LetterOutcome, objected}, "outcome-told": {privacy.LetterOutcome, several},
	}
}

func TestLettersGolden(t *testing.T) {
	for name, x := range letters() {
		for _, lang := range both {
			l, err := privacy.WriteLetter(x.kind, council(), x.request, "R7", calendar(t), lang)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			golden(t, "letter."+name+"."+string(lang)+".txt", l.String())
		}
	}
}

func TestLettersSay(t *testing.T) {
	all := letters()
	for _, row := range []struct{ why, letter, says string }{
		{"by when, the earlier day (art. 12(3); privacy.md 5.3)", "acknowledgement", "25 December 2026"},
		{"free of charge (art. 12(5))", "acknowledgement", "costs you nothing"},
		{"no day is promised before the person is known (art. 12A)", "acknowledgement-waiting", "as soon as we know"},
		{"a complaint is acknowledged (DPA 2018 s.164A)", "acknowledgement-complaint", "without undue delay"},
		{"no more is asked than is needed (art. 12(6))", "identity", "send no documents"},
		{"the extension's reason (art. 12(3))", "extension", "14 responses"},
		{"the extension's day", "extension", "25 February 2027"},
		{"reasons of a refusal (art. 12(4))", "outcome-erased", "until the draw"},
		{"the ground of each item withheld (privacy.md 5.5)", "outcome-erased", "DPA 2018 Sch. 2 para. 16"},
		{"published totals do not change (privacy.md 6, step 6)", "outcome-erased", "do not change"},
		{"what was corrected and when (art. 12(3), 16)", "outcome-corrected", "1 December 2026: How satisfied are you?"},
		{"what is published stays (privacy.md 6, step 6)", "outcome-corrected", "do not change"},
		{"complaint to the council (DPA 2018 s.164A)", "outcome-erased", "www.wemford.example/complaints"},
		{"complaint to the regulator (art. 12(4), 77)", "outcome-erased", "Information Commission"},
		{"after a refusal nothing was changed (art. 5(1)(a), 19)", "outcome-objected", "- Hosting Ltd: that we stopped using it for a time\n"},
		{"each recipient once, with all that it is told (art. 19)", "outcome-told", "- Hosting Ltd: what we erased; that we stopped using it\n"},
		{"what was noted before it was kept what it was about", "outcome-told", "- Print Ltd: what we erased; that we stopped using it\n"},
		{"court (art. 12(4), 79)", "outcome-erased", "court"},
		{"the regulator after a complaint", "outcome-complaint", "Information Commission"},
	} {
		x := all[row.letter]
		l, err := privacy.WriteLetter(x.kind, council(), x.request, "R7", calendar(t), "en")
		if err != nil || !strings.Contains(l.String(), row.says) {
			t.Errorf("%s: %q is missing in (%v)\n%s", row.why, row.says, err, l)
		}
	}
	if _, err := privacy.WriteLetter(privacy.LetterOutcome, council(), access("2026-11-25"), "R7", calendar(t), "en"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an outcome before there is one: %v", err)
	}
	// Every decision has its words.
	for _, kind := range privacy.RequestKinds() {
		for _, d := range kind.Decisions() {
			r := access("2026-11-25")
			r.Kind, r.Outcome = kind, &privacy.Outcome{On: "2026-12-01", Decision: d, Reasons: "Because."}
			if _, err := privacy.WriteLetter(privacy.LetterOutcome, council(), r, "R7", calendar(t), "cy"); err != nil {
				t.Errorf("%s, %s: %v", kind, d, err)
			}
		}
	}
}
