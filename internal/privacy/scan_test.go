package privacy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"folkmoot/internal/privacy"
)

// scanned prints what was found as "kind:part" for each mark.
func scanned(text string) (out []string) {
	for _, m := range privacy.Scan(text) {
		out = append(out, string(m.Kind)+":"+text[m.Start:m.End])
	}
	return out
}

func TestScanFinds(t *testing.T) {
	for _, test := range []struct{ text, want, why string }{
		{"My number is AB123456C.", "nino:AB123456C", "councils.md S1-2: National Insurance number"},
		{"ab 12 34 56 c", "nino:ab 12 34 56 c", "as it is printed on letters, in small letters"},
		{"AB-12-34-56-D", "nino:AB-12-34-56-D", "with hyphens"},
		{"ＡＢ １２ ３４ ５６ Ｃ", "nino:ＡＢ １２ ３４ ５６ Ｃ", "wide letters and digits of a phone's keyboard"},
		{"AB\u00ad123456C", "nino:AB\u00ad123456C", "a soft hyphen that nobody sees"},
		{"Card 4111111111111111", "card:4111111111111111", "councils.md S3-2: cards never; Visa"},
		{"4111 1111 1111 1111 exp 12/28 123", "card:4111 1111 1111 1111", "in fours, with more behind it"},
		{"5555–5555–5555–4444", "card:5555–5555–5555–4444", "Mastercard with long dashes"},
		{"card:2223003122003222!", "card:2223003122003222", "Mastercard's new range"},
		{"3782 822463 10005", "card:3782 822463 10005", "American Express: four, six, five"},
		{"6759649826438453", "card:6759649826438453", "Maestro"},
		{"4222222222222", "card:4222222222222", "Visa with 13 digits"},
		{"4111\u00a01111\u00a01111\u00a01111", "card:4111\u00a01111\u00a01111\u00a01111", "spaces that do not break"},
		{"٤١١١١١١١١١١١١١١١", "card:٤١١١١١١١١١١١١١١١", "Arabic digits"},
		{"room 12 4111-1111-1111-1111", "card:4111-1111-1111-1111", "another number before it"},
		{"x4111111111111111y", "card:4111111111111111", "no space around it"},
		{"Sort code 12-34-56, account 12345678", "bank:12-34-56|bank:12345678", "councils.md S1-2: bank details"},
		{"123456 12345678", "bank:123456|bank:12345678", "a sort code without hyphens"},
		{"account number: 12345678\nsort code: 12 34 56", "bank:12345678|bank:12 34 56", "the other way round, on two lines"},
		{"GB82 WEST 1234 5698 7654 32", "bank:GB82 WEST 1234 5698 7654 32", "ISO 13616: the example of the standard"},
		{"gb82west12345698765432", "bank:gb82west12345698765432", "in small letters"},
		{"NHS number 943 476 5919", "nhs:943 476 5919", "NHS Data Dictionary: the example there"},
		{"9434765919", "nhs:9434765919", "together"},
		{"NHS943-476-5919", "nhs:943-476-5919", "with hyphens"},
		{"Write to ann.jones+library@example.org.", "email:ann.jones+library@example.org", "a full stop ends the sentence"},
		{"<siân@llyfrgell.cymru>", "email:siân@llyfrgell.cymru", "letters with accents"},
		{"ann@a.example, bob@b.example", "email:ann@a.example|email:bob@b.example", "two"},
		{"ring 01632 960123", "phone:01632 960123", "Ofcom: a geographic number"},
		{"(01632) 960 123", "phone:(01632) 960 123", "in brackets"},
		{"020 7946 0123", "phone:020 7946 0123", "London"},
		{"07700 900123", "phone:07700 900123", "a mobile"},
		{"07700900123", "phone:07700900123", "together"},
		{"tel.+44 7700 900123", "phone:+44 7700 900123", "from abroad"},
		{"+44 (0)1632 960123", "phone:+44 (0)1632 960123", "both"},
		{"0044 20 7946 0123", "phone:0044 20 7946 0123", "00 for +"},
		{"0161-496-0123", "phone:0161-496-0123", "with hyphens"},
		{"0800 123456", "phone:0800 123456", "nine digits: an old freephone number"},
		{"07700 900123 or ann@example.org", "phone:07700 900123|email:ann@example.org", "two kinds, in the order of the text"},
		{"0161 496 4111 1111 1111 1111", "phone:0161 496 4111|card: 1111 1111 1111", "two that overlap: every digit of both is marked"},
	} {
		if got := strings.Join(scanned(test.text), "|"); got != test.want {
			t.Errorf("%q: %s\n got %s\nwant %s", test.text, test.why, got, test.want)
		}
	}
}

func TestScanLeavesAlone(t *testing.T) {
	for _, test := range []struct{ text, why string }{
		{"", "nothing"},
		{"Spend £1,000,000 and not £12345678 or £1000000000", "amounts of money"},
		{"£ 9434765919 for roads", "an amount that has the form of an NHS number"},
		{"On 12/03/2026 and 2026-03-12, 12.03.2026, 01-02-2026 or 01 02 2026", "dates"},
		{"2026 2027", "years"}, {"in 2024, 2025, 2026 2027 2028 2029", "many years"},
		{"Number 14, flat 3, 221B", "house numbers"},
		{"open 10-12 and 14-17", "opening hours"}, {"0900-1700", "hours of a clock"}, {"09:00 to 17:30", "hours of a clock"}, {"0800 1700 0930 1230", "hours of a clock"},
		{"my reference is WEM-7K3F-92QD", "a reference of our own"},
		{"CF10 3AT and SW1A 1AA", "postcodes"},
		{"DA123456C FA123456C IA123456C QA123456C UA123456C VA123456C", "HMRC NIM39110: these letters never begin"},
		{"AO123456C AD123456C AF123456C", "HMRC NIM39110: nor are these second"},
		{"BG123456A GB123456A KN123456A NK123456A NT123456A TN123456A ZZ123456A", "HMRC NIM39110: prefixes that are not used"},
		{"AB123456E AB12345C AB1234567C XAB123456C AB123456CD", "another suffix, too short, too long, within a word"},
		{"4111111111111112", "ISO/IEC 7812-1 annex B: the Luhn digit is wrong"},
		{"1111111111111117", "no card begins so"},
		{"41111111111111111111111", "too long for a card"},
		{"5 10 15 20 25 30 35 40 5 5", "small numbers in a row"},
		{"GB83 WEST 1234 5698 7654 32", "ISO 13616: modulo 97 is wrong"},
		{"9434765918", "the check digit modulo 11 is wrong"},
		{"4444444444", "ten times the same digit"},
		{"94 34 76 59 19", "not in the groups of an NHS number"},
		{"12345678", "eight digits alone"}, {"12-34-56", "six digits alone"},
		{"12-34-56 was the score; I was there at 10 and paid 12345678", "another number between them"},
		{"meet @ 10.30, @council, a@b, ann@example", "no address"},
		{"1 2 3 4 5 6 7 8 9 0", "counting"},
		{"0.123456789 and 100.000", "decimals"},
		{"bus 0 or 00, 007", "noughts"},
		{"978-0-14-143951-8", "a book"},
	} {
		if got := scanned(test.text); len(got) > 0 {
			t.Errorf("%q: %s: found %v", test.text, test.why, got)
		}
	}
}

// generators make valid numbers of each kind, as people write them.
var generators = map[privacy.MarkKind]func(*rand.Rand) string{
	privacy.MarkCard: func(r *rand.Rand) string {
		d := pick(r, "4", "51", "55", "2221", "2720", "6011", "3528")
		d += digitsOf(r, 15-len(d))
		for c := range 10 {
			if whole := d + fmt.Sprint(c); luhnOf(whole) {
				return grouped(r, whole, 4, 4, 4, 4)
			}
		}
		panic("no check digit")
	},
	privacy.MarkNHS: func(r *rand.Rand) string {
		for {
			d, sum := pick(r, "4", "6", "7")+digitsOf(r, 8), 0
			for i := range 9 {
				sum += int(d[i]-'0') * (10 - i)
			}
			if check := (11 - sum%11) % 11; check < 10 {
				return grouped(r, d+fmt.Sprint(check), 3, 3, 4)
			}
		}
	},
	privacy.MarkNationalInsurance: func(r *rand.Rand) string {
		return grouped(r, pick(r, "AB", "CE", "JK", "SX", "YZ")+digitsOf(r, 6)+pick(r, "A", "B", "C", "D"), 2, 2, 2, 2, 1)
	},
	privacy.MarkTelephone: func(r *rand.Rand) string {
		return pick(r, "0", "+44", "+44 ", "0044 ", "+44 (0)") + grouped(r, pick(r, "1", "3", "7")+digitsOf(r, 9), 4, 6)
	},
	privacy.MarkBank: func(r *rand.Rand) string {
		return grouped(r, digitsOf(r, 6), 2, 2, 2) + pick(r, " ", ", account ", "\n") + digitsOf(r, 8)
	},
	privacy.MarkEmail: func(r *rand.Rand) string {
		return pick(r, "ann", "b.jones", "o'hara", "x_9") + "@" + pick(r, "example.org", "post.example.co.uk", "llyfrgell.cymru")
	},
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func digitsOf(r *rand.Rand, n int) string {
	var out strings.Builder
	for range n {
		fmt.Fprint(&out, r.IntN(10))
	}
	return out.String()
}

func grouped(r *rand.Rand, digits string, sizes ...int) string {
	between := pick(r, "", " ", "-", "\u00a0", "–", " - ")
	var parts []string
	for _, n := range sizes {
		parts, digits = append(parts, digits[:n]), digits[n:]
	}
	return strings.Join(parts, between)
}

// luhnOf is the check as ISO/IEC 7812-1 tells it, apart from the program's.
func luhnOf(digits string) bool {
	sum := 0
	for i, c := range digits {
		d := int(c - '0')
		if (len(digits)-i)%2 == 0 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return sum%10 == 0
}

var prose = []string{"The library", "is open", "from 10 to 12", "in 2026.", "I live at 14 High Street", "and it costs £1,200", "mae’r llyfrgell", "ar agor", "CF10 3AT", "on 12/03/2026",
	"\n", "with 3 children,", "aged 4 and 7.", "(see page 12)", "ŵ"}

// A valid number is found whatever stands around it, to its last digit; and what is left after redaction holds none of it.
func TestScanFindsEveryValidNumberInProse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		kind := privacy.MarkKinds()[r.IntN(len(privacy.MarkKinds()))]
		number := generators[kind](r)
		var words []string
		for range r.IntN(12) {
			words = append(words, pick(r, prose...))
		}
		at := r.IntN(len(words) + 1)
		words = slices.Insert(words, at, "here: "+number+",")
		text := strings.Join(words, " ")
		marks := privacy.Scan(text)
		start := strings.Index(text, number)
		covered := 0
		for _, m := range marks {
			covered += max(0, min(m.End, start+len(number))-max(m.Start, start))
		}
		between := 0
		if kind == privacy.MarkBank {
			between = len(number) - len(strings.TrimRight(number[:len(number)-8], " ,acount\n")) - 8
		}
		if covered < len(number)-between {
			t.Fatalf("%s %q in %q: found %v", kind, number, text, scanned(text))
		}
		if again := privacy.Scan(privacy.Redacted(text, marks, "[removed]")); len(again) > 0 {
			t.Fatalf("%q: after redaction there is still %v", text, again)
		}
		if bare := strings.Join(slices.Delete(words, at, at+1), " "); len(privacy.Scan(bare)) > 0 {
			t.Fatalf("%q: a false alarm: %v", bare, scanned(bare))
		}
	}
}

func TestKindsOfListsEachOnce(t *testing.T) {
	got := privacy.KindsOf(privacy.Scan("07700 900123, 07700 900124, ann@example.org"))
	if !slices.Equal(got, []privacy.MarkKind{privacy.MarkEmail, privacy.MarkTelephone}) {
		t.Errorf("got %v", got)
	}
	for _, k := range privacy.MarkKinds() {
		if !k.Valid() {
			t.Errorf("%q is not valid", k)
		}
	}
	if privacy.MarkKind("").Valid() {
		t.Error("the zero value is valid")
	}
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"", "07700 900123", "AB123456C", "ann@example.org", "4111 1111 1111 1111", "12-34-56 12345678", "\xff\xfe0\xff77", "GB82 WEST", "+44 (0", "(0)", "@.@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, m := range privacy.Scan(text) {
			if !m.Kind.Valid() || m.Start < end || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("%q: mark %+v after %d", text, m, end)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("%q: mark %+v cuts a character", text, m)
			}
			end = m.End
		}
	})
}

// Twice the text takes twice the time: the figure of a byte stays the same.
func BenchmarkScan(b *testing.B) {
	for name, unit := range map[string]string{"prose": "The library is open from 10 to 12, and costs £1,200 in 2026. ", "digits": "0 ", "together": "1", "at": "a@a.", "letters": "GB82"} {
		for _, size := range []int{4_000, 64_000} {
			text := strings.Repeat(unit, size/len(unit))
			b.Run(fmt.Sprintf("%s-%d", name, size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					privacy.Scan(text)
				}
			})
		}
	}
}
