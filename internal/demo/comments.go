package demo

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"folkmoot/internal/locale"
	"folkmoot/internal/survey"
)

// talk is what people write in answer to one question, in the language they answer in.
type talk map[locale.Lang]phrases

// phrases are put together as opening, thing, place and ending; some people write one of the whole texts instead. An empty list is left
// out, and an empty phrase leaves its part out.
type phrases struct {
	openings, things, places, endings []string // an opening holds no capital that a sentence does not begin with
	whole                             []string
}

// write makes a free text.
func (p *person) write(t talk) string {
	from := t[p.language]
	if len(from.things) == 0 || len(from.whole) > 0 && p.chance(0.22) {
		return from.whole[p.IntN(len(from.whole))]
	}
	var parts []string
	for _, list := range [][]string{from.openings, from.things, from.places} {
		if s := p.any(list); s != "" {
			parts = append(parts, s)
		}
	}
	text := strings.Join(parts, " ")
	if first, size := utf8.DecodeRuneInString(text); size > 0 {
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if len(from.openings) > 0 {
		text += "."
	}
	if ending := p.any(from.endings); ending != "" {
		text += " " + ending
	}
	return text
}

func (p *person) any(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[p.IntN(len(list))]
}

// word is one word for a service, to suit how satisfied the person is.
func (p *person) word(overall survey.Answer) string {
	kind := 1
	if len(overall.Codes) == 1 {
		switch overall.Codes[0] {
		case satisfaction[0], satisfaction[1]:
			kind = 0
		case satisfaction[3], satisfaction[4]:
			kind = 2
		}
	}
	words := map[locale.Lang][3][]string{
		locale.English: {{"Friendly", "helpful", "Welcoming", "excellent", "calm", "Brilliant", "reliable", "easy", "kind", "Warm"},
			{"Adequate", "fine", "OK", "Mixed", "average"}, {"Slow", "confusing", "cold", "Disappointing", "crowded", "closed", "expensive"}},
		locale.Welsh: {{"Cyfeillgar", "croesawgar", "Ardderchog", "hwylus", "caredig"}, {"Iawn", "cymysg", "gweddol"}, {"Araf", "dryslyd", "siomedig", "drud"}},
	}[p.language]
	return p.any(words[kind])
}

// wishes: the one thing that would make the area better.
var wishes = talk{
	locale.English: {
		openings: []string{"", "we need", "I would like to see", "please could we have", "the one thing for me is", "my wish would be", "what is missing is"},
		things: []string{"more benches", "better street lighting", "fewer potholes", "a safe place to cross", "more regular buses in the evening",
			"somewhere for teenagers to go", "tidier pavements", "more trees", "public toilets that are open", "slower traffic", "less fly-tipping",
			"more litter bins", "a proper cycle path", "pavements without parked cars", "better drainage when it rains", "more going on for older people",
			"cheaper parking", "grass that is cut less often, for the bees", "a community room that anyone can book"},
		places: []string{"", "near the station", "on the main road into town", "by the mere", "around the schools", "in the town centre", "on our estate",
			"along the river path", "near the surgery", "at the top of the hill", "by the recreation ground"},
		endings: []string{"", "", "", "It has got worse in the last few years.", "The rest is fine.", "My neighbours say the same.", "I have reported it online.",
			"It would make a big difference to older people.", "Children walk there every day.", "Thank you for asking.", "I know money is tight.",
			"Otherwise it is a lovely place to live."},
		whole: []string{
			"Honestly, not much. I have lived here for thirty years and would not want to be anywhere else.",
			"Tell us what happens after a survey like this one. I have filled in several and never heard back.",
			"The buses stop at half past seven. If you do not drive you cannot get home from an evening shift.",
			"Fix the lights in the underpass. I go the long way round after dark, and so does everyone I know.",
			"Bring back a regular street sweep in the market area; the bins overflow by Saturday lunchtime.",
			"A warm place to sit in winter that does not cost anything. The library does this well, but it closes at five.",
			"More notice before roadworks. Twice this year the road was closed without anybody telling us.",
			"It is a good area with good neighbours. A crossing by the school is all we ask for.",
			"Please answer the phone. Not everyone is online and the wait is far too long.",
			"Keep the green spaces as they are. Do not build on the playing field.",
		},
	},
	locale.Welsh: {
		openings: []string{"hoffwn weld", "byddai'n dda cael", "y peth pwysicaf i mi yw", "rydym angen"},
		things: []string{"mwy o feinciau", "gwell goleuadau stryd", "llai o dyllau yn y ffordd", "lle diogel i groesi", "mwy o fysiau gyda'r nos",
			"rhywle i bobl ifanc fynd", "palmentydd glanach", "mwy o goed", "toiledau cyhoeddus sydd ar agor", "llai o sbwriel", "llwybr beicio go iawn"},
		places:  []string{"", "ger yr orsaf", "yng nghanol y dref", "ar ein hystad", "o amgylch yr ysgolion", "ar lan y llyn", "ar hyd llwybr yr afon"},
		endings: []string{"", "", "Mae wedi gwaethygu dros y blynyddoedd diwethaf.", "Mae'r gweddill yn iawn.", "Mae plant yn cerdded yno bob dydd.", "Diolch am ofyn."},
		whole: []string{
			"Dim llawer, a dweud y gwir. Rwy'n hapus iawn yma.",
			"Mwy o wasanaethau yn Gymraeg wrth y ddesg ac ar y ffôn.",
			"Dywedwch wrthym beth sy'n digwydd ar ôl arolwg fel hwn.",
			"Mae angen trwsio'r goleuadau yn y danffordd. Nid wyf yn cerdded yno ar ôl iddi dywyllu.",
		},
	},
}

// betterServices: how libraries and leisure could be better.
var betterServices = talk{
	locale.English: {
		openings: []string{"", "please think about", "I would come more often with", "it would help to have"},
		things: []string{"longer opening hours on Saturday", "an evening opening once a week", "warmer changing rooms", "more lanes for slow swimmers",
			"quiet times for people who need them", "more computers", "newer large print books", "a card machine that works", "family changing rooms",
			"classes for beginners", "a better way to cancel a booking", "more events for children under 5", "bike racks by the door"},
		endings: []string{"", "", "", "Staff were very kind.", "I use it every week.", "It is the best thing in town.", "The website said it was open when it was closed.", "I gave up in the end."},
		whole: []string{
			"The booking page logged me out three times. I went to the desk and it took one minute.",
			"Nothing. The staff at the library helped me with a form that had nothing to do with books.",
			"The water was cold again and nobody told us before we had paid.",
			"The mobile library is a lifeline for our village. Please keep it.",
			"Put the timetable on one page that can be printed.",
			"My hold took five weeks and I was not told when it arrived.",
			"More audiobooks, please, and fewer steps to borrow them.",
		},
	},
	locale.Welsh: {
		openings: []string{"byddai'n helpu cael", "hoffwn weld", "meddyliwch am"},
		things: []string{"oriau hirach ar ddydd Sadwrn", "noson agored unwaith yr wythnos", "ystafelloedd newid cynhesach", "rhagor o lyfrau Cymraeg",
			"amseroedd tawel", "mwy o gyfrifiaduron", "dosbarthiadau i ddechreuwyr"},
		endings: []string{"", "", "Roedd y staff yn garedig iawn.", "Rwy'n ei ddefnyddio bob wythnos."},
		whole: []string{
			"Amser stori yn Gymraeg i blant bach, os gwelwch yn dda.",
			"Dim byd. Gwasanaeth ardderchog.",
			"Roedd y dudalen archebu'n anodd ei defnyddio ar y ffôn.",
		},
	},
}

// firstSteps: what people would do first if money were no problem. One line.
var firstSteps = talk{
	locale.English: {whole: []string{"Solar panels", "solar panels and a battery", "A heat pump", "New windows", "insulate the loft properly", "Insulation first",
		"An electric car", "electric bike for the school run", "External wall insulation", "Replace the boiler", "New front door, it leaks",
		"get advice I can trust", "Sell the second car", "Underfloor insulation", "A heat pump, but only with insulation", "Move closer to work",
		"Move out of a rented flat", "Draught-proofing", "solar", "A charging point we could share in our street"}},
	locale.Welsh: {whole: []string{"Paneli solar", "pwmp gwres", "Ffenestri newydd", "inswleiddio'r atig", "Car trydan", "Boeler newydd", "Cyngor gan rywun annibynnol"}},
}

// climateHelp: what the council could do.
var climateHelp = talk{
	locale.English: {
		openings: []string{"", "please offer", "it would help to have", "the council could start with"},
		things: []string{"one person to call who gives independent advice", "a list of installers that somebody has checked", "grants that renters can use",
			"help with planning permission for solar panels", "a bus that runs after seven", "a safe cycle route to the station", "secure bike parking",
			"charging points for people without a drive", "bulk buying of insulation for a whole street", "interest-free loans", "a show home we can visit",
			"pressure on private landlords"},
		endings: []string{"", "", "", "I would sign up tomorrow.", "We tried and gave up because of the paperwork.", "We cannot do it alone.", "Please lead by example with your own buildings.", "Most people want to, but do not know where to start."},
		whole: []string{
			"Nothing. This is for the government, not the council.",
			"Keep the buses. Without them we need two cars in High Weald.",
			"Insulate the council's own homes first. Ours is cold from October to April.",
			"Stop asking and start doing. The town hall lights are on all night.",
			"Explain what a heat pump costs to run in an old house. Everyone tells me something else.",
			"We are off the gas network and oil is dear. Help us to change together as a village.",
		},
	},
	locale.Welsh: {
		openings: []string{"byddai'n helpu cael", "cynigiwch", "gallai'r cyngor ddechrau gyda"},
		things: []string{"cyngor annibynnol", "rhestr o osodwyr dibynadwy", "grantiau i denantiaid", "bws sy'n rhedeg ar ôl saith",
			"llwybr beicio diogel i'r orsaf", "mannau gwefru i bobl heb ddreif"},
		endings: []string{"", "", "Byddwn yn ymuno yfory.", "Roedd gormod o waith papur."},
		whole: []string{
			"Inswleiddiwch gartrefi'r cyngor yn gyntaf. Mae ein tŷ ni'n oer drwy'r gaeaf.",
			"Dim byd. Gwaith y llywodraeth yw hyn.",
		},
	},
}

// otherBarriers: what else stops people. One line under an option.
var otherBarriers = talk{
	locale.English: {whole: []string{"The house is listed", "I am too old to see the benefit", "Waiting for prices to fall", "No space outside for a heat pump",
		"My neighbours share the roof", "We may move soon", "It worked out dearer on the quote", "The wait for an installer is over a year"}},
	locale.Welsh: {whole: []string{"Mae'r tŷ yn rhestredig", "Dim lle y tu allan", "Efallai y byddwn yn symud cyn hir"}},
}

// playIdeas: about play areas.
var playIdeas = talk{
	locale.English: {
		openings: []string{"", "please add", "we would love", "what is missing is", "think about"},
		things: []string{"a wheelchair swing", "shade over the sandpit", "a fence, so that small children cannot run onto the road", "benches where parents can see the slide",
			"a toilet nearby", "something for teenagers", "quiet corners for children who find noise hard", "a water pump", "more bins", "softer ground under the swings",
			"a picnic table that a wheelchair fits under", "better lighting in winter"},
		endings: []string{"", "", "", "My grandchildren go there every week.", "The swing has been broken since spring.", "We drive to the next town because of it.", "It would bring people together."},
		whole: []string{
			"The roundabout in Fairmead has been taped off for a year. Mend what is there before you buy anything new.",
			"My son uses a wheelchair and watches the others from the path. Please change that.",
			"Ask the children. They know best.",
			"Keep the old trees. They are the best thing to climb on.",
			"Dogs should not be allowed inside the fence.",
		},
	},
	locale.Welsh: {
		openings: []string{"hoffem weld", "byddai'n dda cael", "meddyliwch am"},
		things: []string{"siglen i gadair olwyn", "cysgod dros y pwll tywod", "ffens o amgylch y man chwarae", "toiled gerllaw",
			"rhywbeth i bobl ifanc", "mwy o finiau", "meinciau yn y cysgod"},
		endings: []string{"", "", "Mae'r wyrion yn mynd yno bob wythnos.", "Mae'r siglen wedi torri ers y gwanwyn."},
		whole: []string{
			"Gofynnwch i'r plant. Nhw sy'n gwybod orau.",
			"Trwsiwch yr hyn sydd yno cyn prynu dim byd newydd.",
		},
	},
}
