package privacy_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// now is the hour at which the clocks go forward in 2026: 01:30 UTC, 02:30 BST.
var now = time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)

var both = []locale.Lang{locale.English, locale.Welsh}

func text(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }

// council is a council whose settings are whole.
func council() privacy.Council {
	return privacy.Council{
		Name:      text("Wemford Borough Council", "Cyngor Bwrdeistref Wemford"),
		ShortName: "WEM", Address: "Town Hall,\nMarket Square\nWemford WE1 1AA",
		Email: "haveyoursay@wemford.example", Phone: "01234 567890", Website: "https://www.wemford.example",
		Languages: both, Colour: "#1d4f91",
		DPOName: "Information Governance Manager", DPOEmail: "dpo@wemford.example", DPOPhone: "01234 567891",
		Registration: "Z1234567",
		Regulator:    text("Information Commission", "Comisiwn Gwybodaeth"),
		RegulatorContact: text("Wycliffe House, Wilmslow SK9 5AF, 0303 123 1113",
			"Wycliffe House, Wilmslow SK9 5AF, 0330 414 6421"),
		ComplaintsHow: text("Use the form at www.wemford.example/complaints, phone or write to us.",
			"Defnyddiwch y ffurflen yn www.wemford.example/cwynion, ffoniwch neu ysgrifennwch atom."),
	}
}

// processing is what a consultation with equality questions and a partner does, said in full.
func processing() privacy.Processing {
	return privacy.Processing{
		Purposes: []privacy.Purpose{
			{ID: "views", Text: text("Decide the opening hours of libraries.", "Penderfynu ar oriau agor llyfrgelloedd."),
				Activities: []locale.Text{text("count and analyse responses", "cyfrif a dadansoddi ymatebion")},
				Basis:      privacy.PublicTask},
			{ID: "equality", Text: text("Check that we hear from everybody.", "Gwirio ein bod yn clywed gan bawb."),
				Activities: []locale.Text{text("compare groups", "cymharu grwpiau"), text("combine answers into anonymous totals", "cyfuno atebion yn gyfansymiau dienw")},
				Basis:      privacy.Consent, Condition: privacy.ExplicitConsent,
				Recipients: []privacy.Recipient{{Name: "Climate Hero AB", Form: privacy.Anonymous, Location: "Sweden"}}},
		},
		Data:             text("Your answers, and the ward you live in.", "Eich atebion, a'r ward rydych yn byw ynddi."),
		Retention:        "P3Y",
		EqualityPeriod:   "P12M",
		Required:         text("No. You choose whether to take part.", "Nac oes. Chi sy'n dewis a ydych am gymryd rhan."),
		Automated:        text("No decision about you is made by a computer.", "Nid oes unrhyw benderfyniad amdanoch yn cael ei wneud gan gyfrifiadur."),
		Children:         text("A parent or guardian can use a child's rights.", "Gall rhiant neu warcheidwad arfer hawliau plentyn."),
		Ages:             privacy.AgeRules{Equality: 16},
		IfTheySayNo:      text("Your response still counts in full, and you are not asked the equality questions.", "Bydd eich ymateb yn dal i gyfrif yn llawn, ac ni ofynnir y cwestiynau cydraddoldeb i chi."),
		Locations:        "United Kingdom",
		Categories:       []locale.Text{text("ethnic group", "grŵp ethnig"), text("disability", "anabledd"), text("religion", "crefydd")},
		Uses:             []locale.Text{text("check whether we have heard from all parts of the community", "gwirio a ydym wedi clywed gan bob rhan o'r gymuned"), text("adjust survey results so they represent local people", "addasu canlyniadau fel eu bod yn cynrychioli pobl leol")},
		Partners:         []string{"Climate Hero AB"},
		RetentionTrigger: text("when the consultation closes", "pan fydd yr ymgynghoriad yn cau"),
	}
}

var libraryHours = text("Library opening hours", "Oriau agor llyfrgelloedd")

// golden compares got with the file in testdata, or rewrites the file under -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", path, diff)
	}
}

func keyring(t testing.TB, fill byte) *seal.Keyring {
	t.Helper()
	k, err := seal.NewKeyring(bytes.Repeat([]byte{fill}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return k
}
