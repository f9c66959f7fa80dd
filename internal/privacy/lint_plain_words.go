package privacy

import (
	"regexp"
	"strings"
)

// terms are words or groups of words to look for in what words returns, each with a space before it and, unless it stands for all
// words that begin so, one after it.
type terms []string

// list makes terms. A star at the end stands for any end of the word: "restrict*".
func list(all ...string) terms {
	out := make(terms, len(all))
	for i, s := range all {
		if begin, any := strings.CutSuffix(s, "*"); any {
			out[i] = " " + begin
		} else {
			out[i] = " " + s + " "
		}
	}
	return out
}

// in reports whether the text, as words returns it, has any of the terms.
func (t terms) in(text string) bool {
	for _, s := range t {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

// What notices say, in English and in Welsh (with its changed first letters). No rule knows a council.
var (
	authorityWords  = list("council", "council's", "councils", "authority", "borough", "cyngor", "gyngor", "chyngor", "awdurdod")
	controllerWords = list("controller", "controllers", "rheolydd", "rheolwr data", "reolydd", "rheolyddion")
	responsible     = list("is responsible for", "are responsible for", "decides how", "decides why", "decide how", "runs this", "run by", "sy'n gyfrifol", "sy'n cynnal", "yn penderfynu sut")
	whoWords        = list("who we are", "who are we", "who is responsible", "who is collecting", "about us", "pwy ydym ni", "pwy sy'n gyfrifol", "amdanom ni")
	officerWords    = list("data protection officer*", "dpo", "dpo's", "swyddog diogelu data", "swyddogion diogelu data")
	officeWords     = list("data protection team", "information governance", "data protection manager", "information rights team", "tîm diogelu data", "llywodraethu gwybodaeth")

	purposeWords = list("so that we can", "so we can", "in order to", "purpose*", "we use your", "we use the", "we use it", "we use this", "will use", "may use", "used to", "used for", "use it to", "use this information", "to help us",
		"to understand", "to improve", "to analyse", "to plan", "to decide", "to find out", "to learn", "to check", "to develop", "to provide", "to inform", "show us", "why we", "reason for", "er mwyn", "diben", "dibenion", "rydym yn defnyddio", "byddwn yn defnyddio", "pam rydym", "gwneud hyn", "i ddysgu", "i wella")
	basisAround = list("basis", "bases", "ground", "grounds", "article 6", "art 6", "6 1", "rely", "relying", "relies", "permitted", "justif*", "because", "under data protection", "lawfully",
		"sail", "seiliau", "erthygl 6", "dibynnu", "oherwydd")
	basisElsewhere = list("different lawful basis", "different legal basis", "right to", "object to", "objection", "hawl i", "withdraw*", "tynnu'n ôl", "gwrthwynebu")
	rightsHeadings = list("your rights", "rights", "eich hawliau", "hawliau")
	automatedAny   = list("automated", "automatic", "automatically", "by computer", "made by a computer", "by a computer", "profiling", "human intervention", "gan gyfrifiadur", "awtomatig", "awtomataidd", "yn awtomatig", "proffilio")
	decisionWords  = list("decision*", "decid*", "profiling", "penderfyniad*", "benderfyniad*", "proffilio")

	consentWords = list("obtained your consent", "given clear consent", "given us consent", "given us your consent", "given your consent", "given consent", "have your consent", "with your consent", "you consent", "you have consented", "you agree to this", "basis of consent", "based on consent", "based on your consent",
		"on your consent", "ask for your consent", "ask your consent", "is your consent", "is consent", "6 1 a", "yw eich cydsyniad", "gyda'ch cydsyniad", "rhoi eich cydsyniad", "ar sail cydsyniad")
	consentWeak     = list("consent", "cydsyniad", "gydsyniad", "chydsyniad")
	consentDenied   = list("without your consent", "without consent", "not need your consent", "not need consent", "not require your consent", "not rely on consent", "not rely on your consent", "not based on consent", "not ask for your consent", "knowledge or consent", "heb eich cydsyniad", "heb gydsyniad", "nid oes angen eich cydsyniad", "not give consent", "do not consent", "don't consent")
	explicitWords   = list("explicit consent", "explicitly consent*", "explicit written consent", "express consent", "9 2 a", "cydsyniad penodol", "chydsyniad penodol", "gydsyniad penodol", "cydsyniad pendant", "cydsyniad datganedig", "cydsyniad amlwg")
	contractWords   = list("contract with you", "contract with us", "a contract", "performance of a contract", "contract gyda chi", "contract â chi")
	obligationWords = list("legal obligation", "legal obligations", "law requires us", "statutory duty", "required by law", "rhwymedigaeth gyfreithiol", "gyfraith yn ei gwneud yn ofynnol")
	vitalWords      = list("vital interest", "vital interests", "buddiannau hanfodol")
	taskWords       = list("public task", "public interest", "official authority", "exercise of our functions", "tasg gyhoeddus", "dasg gyhoeddus", "budd y cyhoedd", "awdurdod swyddogol")
	interestWords   = list("legitimate interest", "legitimate interests", "buddiannau dilys", "buddiannau cyfreithlon", "buddiant dilys")

	specialWords = list("special category", "special categories", "sensitive personal", "sensitive data", "sensitive information", "ethnic", "ethnicity", "race", "racial", "disability", "disabilities", "disabled", "your health", "about health", "mental health", "medical",
		"religion", "religious", "belief", "beliefs", "sexual orientation", "sexuality", "sex life", "political opinion", "political opinions", "political views", "trade union", "genetic", "biometric", "gender identity", "gender reassignment",
		"equality monitoring", "equalities monitoring", "diversity monitoring", "equality questions", "equality information", "equalities information", "equality data", "diversity information", "protected characteristic", "protected characteristics",
		"categori arbennig", "categorïau arbennig", "grŵp ethnig", "ethnigrwydd", "hil", "anabledd", "crefydd", "chrefydd", "iechyd", "cyfeiriadedd rhywiol", "hunaniaeth rhywedd", "monitro cydraddoldeb", "cwestiynau cydraddoldeb", "barn wleidyddol", "nodweddion gwarchodedig")
	specialDenied = list("not collect any special", "not collect special", "not ask for special", "not ask for any special", "not ask about special", "not collect sensitive", "not collect any sensitive", "no special category", "not process special", "not process any special", "ni fyddwn yn casglu data categori arbennig", "nid ydym yn casglu")
	conditionTerm = list("9 2 a", "9 2 b", "9 2 c", "9 2 d", "9 2 e", "9 2 f", "9 2 g", "9 2 h", "9 2 i", "9 2 j", "substantial public interest", "schedule 1", "equality of opportunity or treatment", "atodlen 1")
	article9      = list("article 9", "art 9", "erthygl 9")
	ownWords      = list("interview", "interviews", "focus group", "focus groups", "feedback forms", "feedback form", "social media feedback", "reviews", "free text", "in your own words", "comment box", "comment boxes", "your comments", "one on one talk", "one to one talk",
		"cyfweliad", "cyfweliadau", "grŵp ffocws", "yn eich geiriau eich hun", "eich sylwadau")

	shareWords = list("share", "shared", "sharing", "shares", "disclose", "disclosed", "disclosing", "passed to", "pass your", "pass it", "pass this", "pass information", "pass the information", "give your information", "give your details", "give information", "given to", "send your", "sent to", "sends", "recipient", "recipients",
		"third party", "third parties", "who has access", "who can see", "who sees", "who will see", "who gets", "get information from", "on our behalf", "processor", "processors", "rhannu", "rhannwn", "rhennir", "rannu", "datgelu", "derbynwyr", "dderbynwyr", "trydydd parti", "trydydd partïon", "ar ein rhan", "pwy sy'n ei chael", "hyn yn cael gwybodaeth", "rhoi eich gwybodaeth", "prosesydd", "proseswyr")
	shareDenied = list("not share", "not be shared", "never share", "never shared", "not shared", "not disclose", "not be disclosed", "not pass", "not be passed", "not give your information", "not sell", "nobody else", "no one else", "ni fyddwn yn rhannu", "nid ydym yn rhannu", "nid ydym yn rhoi eich gwybodaeth", "ni rennir", "ni chaiff ei rhannu")
	internal    = list("internal", "other departments", "council departments", "council department", "departments of the council", "elected member", "elected members", "councillor", "councillors", "relevant team", "within the council", "our staff", "council staff", "council officers", "our officers", "employees", "cynghorwyr", "adrannau'r cyngor", "staff y cyngor", "o fewn y cyngor")
	sorts       = list("organisation*", "agency", "agencies", "body", "bodies", "authority", "authorities", "department", "departments", "provider", "providers", "contractor", "contractors", "supplier", "suppliers", "partner", "partners", "company", "companies", "police", "court", "courts", "solicitor", "solicitors",
		"government", "regulator", "regulators", "emergency services", "charity", "charities", "university", "universities", "researchers", "parties", "councils", "insurers", "advisors", "advisers", "entities", "processors", "heddlu", "llysoedd", "sefydliadau", "partneriaid", "asiantaethau", "contractwyr", "cyflenwyr", "awdurdodau", "elusennau", "prifysgolion", "ymchwilwyr")
	vagueNames = list("our partners", "our partner", "partner organisations", "partners that", "partners who", "selected partners", "trusted partners", "service providers", "other relevant parties", "other relevant agencies", "relevant parties", "entities in the group", "other organisations", "other agencies", "other parties",
		"ein partneriaid", "sefydliadau eraill", "asiantaethau eraill", "partneriaid eraill")
	openEnd    = list("etc", "et cetera", "and others", "and so on", "among others", "ac ati", "ac eraill", "ac yn y blaen", "ayyb")
	storeWords = list("server", "servers", "cloud", "data centre", "hosted", "stored", "storage", "platform", "system", "telephony", "gweinydd", "gweinyddion", "cwmwl", "llwyfan")

	keepWords = list("keep", "keeps", "kept", "retain", "retains", "retained", "retention", "hold", "held", "store", "stored", "destroy", "destroyed", "delete", "deleted", "deletes", "erase", "erased", "disposed", "dispose", "anonymised", "anonymise", "cadw", "gadw", "chadw", "cedwir", "chedwir", "dileu", "ddileu", "dal", "dinistrio")
	fromWhen  = list("after the", "after you", "after your", "after we", "after it", "after a", "after an", "after each", "after closing", "after closure", "after publication", "after completion", "after submission", "after receipt",
		"from the date", "from the day", "from the end", "from the close", "from the closing", "from the time", "from the point", "from the moment", "from when", "from closure", "from closing", "from publication", "from completion", "from receipt", "from that day", "since the", "since your", "once the", "once you", "once your",
		"following the", "following your", "following closure", "of the last", "of your last", "of the consultation closing", "of closing", "of closure", "of the close", "starting", "beginning", "starts", "begins", "counted",
		"ar ôl i", "ar ôl i'r", "ar ôl y", "ar ôl yr", "o'r dyddiad", "o'r diwrnod", "o ddyddiad", "o pan", "unwaith y", "ers", "dechrau", "wedi i'r")
	lookAfter    = strings.NewReplacer(" look after ", " ", " looked after ", " ", " looks after ", " ")
	untilWhen    = list("until the consultation", "until the survey", "until you", "until your", "until we publish", "until the results", "until the end of the", "until publication", "hyd nes", "tan i")
	scheduleTerm = list("retention schedule", "retention policy", "retention policies", "retention guidelines", "disposal schedule", "disposal policy", "retention and disposal", "record retention", "records retention", "records management policy", "amserlen gadw", "polisi cadw", "amserlen cadw", "rhestr gadw")
	asNeeded     = list("as long as necessary", "as long as is necessary", "as long as we need", "as long as it is needed", "as long as needed", "no longer than necessary", "no longer than is necessary", "no longer need it", "longer than we need", "cyhyd ag y bo angen", "cyhyd ag sydd angen")
	criteria     = []terms{list("amount", "volume", "faint"), list("nature", "natur"), list("sensitivity", "how sensitive", "sensitifrwydd"), list("risk", "risks", "risg", "risgiau"), list("purpose", "purposes", "diben", "dibenion"),
		list("legal requirement", "legal requirements", "law", "legislation", "limitation", "gofynion cyfreithiol", "gyfraith")}

	withdrawWords = list("withdraw*", "change your mind", "changed your mind", "opt out", "take back", "revoke", "newid eich meddwl", "tynnu'n ôl", "tynnu eich cydsyniad", "dynnu eich cydsyniad", "tynnu cydsyniad", "dynnu'n ôl")
	consentNear   = list("consent", "agreement", "permission", "your mind", "opt out", "cydsyniad", "chydsyniad", "gydsyniad", "meddwl")

	rightWords    = list("right", "rights", "entitled", "ask us", "ask the council", "you can ask", "you may ask", "request", "hawl", "hawliau", "ofyn", "gofyn")
	eraseWords    = list("erase", "erased", "erasure", "erasing", "delete", "deleted", "deletion", "be forgotten", "remove", "removed", "dileu", "ddileu", "eu dileu")
	restrictWords = list("restrict", "restriction", "restricted", "restricting", "limit how", "limit the way", "limit our use", "without using it", "stop using", "suspend", "cyfyngu", "gyfyngu", "heb ei defnyddio")
	portableWords = list("portab*", "machine readable", "transfer your", "transfer of your", "transfer it", "transfer a copy", "move your", "moved to another", "computer can read", "computer readable", "another organisation", "trosglwyddo", "drosglwyddo", "cludadwyedd", "gludadwyedd", "cyfrifiadur ei darllen")
	objectWords   = list("object", "objection", "objecting", "gwrthwynebu", "wrthwynebu", "gwrthwynebiad", "wrthwynebiad")
	accessWords   = list("access", "copy", "copies", "subject access", "see the information", "see your information", "see your data", "see our records", "see what we hold", "mynediad", "gopi", "copi", "gweld")
	correctWords  = list("correct", "correction", "corrected", "rectif*", "inaccurate", "mistakes", "put right", "cywiro", "gywiro", "unioni")

	regulatorWords = list("information commissioner", "information commissioner's", "information commissioners", "ico", "ico's", "information commission", "supervisory authority", "data protection regulator", "comisiynydd gwybodaeth", "gomisiynydd gwybodaeth", "comisiwn gwybodaeth", "gomisiwn gwybodaeth", "awdurdod goruchwylio")
	regulatorNames = list("information commissioner", "information commissioner's", "information commissioners", "ico", "ico's", "information commission", "comisiynydd gwybodaeth", "gomisiynydd gwybodaeth", "comisiwn gwybodaeth", "gomisiwn gwybodaeth")
	regulatorSites = list("ico org uk", "wycliffe house")
	regulatorAny   = list("regulator", "rheoleiddiwr")
	complainWords  = list("complain", "complains", "complaint", "complaints", "complaining", "concern", "concerns", "unhappy", "not happy", "dissatisfied", "not satisfied", "cwyn", "gwyn", "chwyn", "cwyno", "gwyno", "chwyno", "pryder", "pryderon", "anfodlon")
	toUsWords      = list("complain to us", "complaint to us", "complaints to us", "complain to the council", "complaint to the council", "complain directly to us", "complain to us first", "complain first to us", "complain to the controller", "complaint with us", "complaint to the controller", "raise it with us", "raise your concern with us", "concerns with us", "concern with us", "tell us if you are unhappy", "unhappy with us",
		"cwyno i ni", "gwyno i ni", "cwyno wrthym", "gwyno wrthym", "cwyno i'r cyngor", "gwyno i'r cyngor", "cwyn i ni", "cwyn i'r cyngor", "chwyno i ni")
	dataNear    = list("personal data", "your data", "your information", "personal information", "data protection", "privacy", "this notice", "how we use", "how we have used", "how we handle", "how we have handled", "information rights", "eich data", "eich gwybodaeth", "gwybodaeth bersonol", "data personol", "diogelu data", "preifatrwydd")
	usWords     = list("us", "we", "our", "council", "officer", "dpo", "controller", "ni", "ein", "cyngor", "swyddog")
	formWords   = list("form", "online form", "complaint form", "ffurflen")
	answerWords = list("acknowledge*", "within 30 days", "30 days", "thirty days", "164a", "without undue delay", "cydnabod", "gydnabod", "30 diwrnod")
	detailsAt   = list("contact details", "details above", "details below", "address above", "manylion cyswllt")
	postWords   = list("phone", "telephone", "call", "calling", "post", "in writing", "write to", "letter", "in person", "ffoniwch", "ffôn", "ysgrifennwch", "post at", "yn ysgrifenedig")
	electronic  = list("email", "e mail", "emailing", "online", "website", "e bost", "ebost", "ar lein", "gwefan")

	requiredWords = list("do not have to provide", "don't have to provide", "do not have to give", "don't have to give", "do not have to take part", "don't have to take part", "do not have to answer", "don't have to answer", "do not have to tell", "not have to provide", "not have to give", "need not provide", "need not answer", "not obliged to", "not required to take part", "not required to answer", "not required to complete", "do not have to complete", "don't have to complete", "not required to provide", "not required to give",
		"is voluntary", "are voluntary", "voluntary", "choose whether", "your choice whether", "up to you", "optional", "fail to provide", "do not provide", "don't provide", "choose not to provide", "prefer not to give", "must provide", "must give", "required to provide", "required by law to give", "statutory requirement", "contractual requirement", "do not want to provide", "don't want to provide", "no obligation", "do i have to", "whether you have to",
		"nid oes rhaid i chi gymryd", "nid oes rhaid i chi ateb", "nid oes rhaid i chi roi", "nid oes rhaid i chi ddarparu", "gwirfoddol", "dewisol", "dewis a ydych", "a oes rhaid", "os na fyddwch yn darparu")
	viewsLost = list("views considered", "views counted", "views taken into account", "views heard", "response considered", "response counted", "not be considered", "not be counted", "ystyried eich barn")

	sourceYou   = list("from you", "you give us", "you gave us", "you have given us", "you provide", "you provided", "you tell us", "directly from you", "gennych", "oddi wrthych", "rydych yn ei rhoi", "a roesoch")
	collectNear = list("collect", "collected", "get", "got", "obtain", "obtained", "receive", "received", "comes", "come", "provided", "gather", "casglu", "gasglu", "cael", "chael", "derbyn", "dod")
	sourceOther = list("other sources", "receive personal information", "receive information", "receive personal data", "receive your information", "receive your details", "obtain information", "obtain personal data", "obtained from third", "obtained from other", "information from third", "information from other", "data from other", "information about you from", "data about you from", "details from", "given to us by", "provided to us by", "comes from the", "come from the",
		"ffynonellau eraill", "gwybodaeth gan sefydliadau", "gwybodaeth gan eraill", "derbyn gwybodaeth")
	sourceOpen  = list("such as", "for example", "third parties", "other organisations", "other sources", "etc", "and others", "megis", "er enghraifft", "sefydliadau eraill", "ffynonellau eraill")
	breachWords = list("breach", "security", "toriad", "diogelwch")

	versionAround = list("updated", "update", "reviewed", "review", "dated", "date", "effective", "in force", "published", "issued", "version", "last changed", "last revised", "revised", "diweddarwyd", "ddiweddaru", "diweddaru", "adolygwyd", "dyddiad", "mewn grym", "cyhoeddwyd", "fersiwn")

	childWords = list("child", "child's", "children", "children's", "young people", "young person", "young people's", "under 13", "under 16", "under 18", "aged under", "parent", "parents", "guardian", "guardians", "plentyn", "plant", "phlant", "blant", "pobl ifanc", "phobl ifanc", "rhiant", "rhieni", "gwarcheidwad")
	childTeams = strings.NewReplacer(" children's services ", " ", " children's social care ", " ", " children's centre ", " ", " children's centres ", " ", " children and families ", " ", " gwasanaethau plant ", " ")
	ageWords   = list("old enough", "aged 13", "aged 16", "aged 18", "over 13", "over 16", "over 18", "13 or over", "16 or over", "18 or over", "minimum age", "digon hen", "yn 13 oed", "yn 16 oed", "yn 18 oed")

	dealWords  = list("deal with", "dealing with", "respond to", "responding to", "process your", "processing your", "provide", "providing", "handle", "manage", "administer", "resolve", "assess", "answer your", "delio", "ymateb i", "darparu", "prosesu", "rheoli")
	refuseTerm = list("say no", "refuse", "refuse consent", "do not consent", "don't consent", "do not agree", "don't agree", "withdraw your consent", "withdraw consent", "dywedwch na", "gwrthod", "tynnu eich cydsyniad")
	evenIf     = list("even if you do not consent", "even if you refuse", "even if you say no", "even if you do not agree", "even if you withdraw", "hyd yn oed os na fyddwch yn cydsynio", "hyd yn oed os gwrthodwch")
	days21Term = list("21 days", "twenty one days", "21 diwrnod")
	againTerm  = list("reconsider*", "decision again", "new decision", "ailystyried")
)

const period = `(\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty four|thirty|sixty|ninety|un|dwy|dau|tair|tri|pedair|pum|pump|chwe|chwech|saith|wyth|naw|deg|deuddeg)`

// What has a form of its own. All but names and addresses look at text in lower case.
var (
	periods   = regexp.MustCompile(` ` + period + ` (calendar |full |whole |financial )?(day|days|week|weeks|month|months|year|years|diwrnod|wythnos|wythnosau|mis|misoedd|blynedd|flynedd|mlynedd|flwyddyn) `)
	email     = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+`)
	phone     = regexp.MustCompile(`(\+44[ \d()-]{8,16}|\(?\b0\d{2,5}\)?[ -]?\d{3,4}[ -]?\d{3,6})`)
	postcode  = regexp.MustCompile(`\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b`)
	website   = regexp.MustCompile(`(?i)\b(https?://|www\.)[^\s<>"]+`)
	bodyName  = regexp.MustCompile(`(\p{Lu}[\p{L}'’&-]*\s+(\p{Lu}[\p{L}'’&-]*\s+|of\s+|and\s+|the\s+|upon\s+|on\s+|in\s+){0,6}(Council|Authority|Corporation|University|Trust|Association|Partnership|Limited|Ltd|LLP|PLC|plc|CIC|Board|Police|Academy|School|College)\b|\b(Cyngor|Gyngor|Chyngor|Awdurdod|Prifysgol|Bwrdd)\s+\p{Lu})`)
	acronym   = regexp.MustCompile(`^ \(["“'‘]?[\p{L} ]{2,20}["”'’]?\)`) // "(HBC)" after the name
	versionNo = regexp.MustCompile(`\b(version|v|ver|issue|revision|rev|fersiwn)[ .:]*(no|number|rhif)?[ .:]*\d{1,3}(\.\d{1,3})*\b`)
	dates     = regexp.MustCompile(`\b(\d{1,2}(st|nd|rd|th|af|fed|ydd|eg)? )?(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr),? (19|20)\d{2}\b|\b\d{1,2}[/.-]\d{1,2}[/.-](20)?\d{2}\b|\b20\d{2}-\d{2}-\d{2}\b`)
	thirdName = regexp.MustCompile(`\b(company|contractor|supplier|provider|agency|platform|processor|partner|consultants?)\b(\s+called|,)?\s*\(?(\p{Lu}[\p{L}\d&'’.-]*(\s+\p{Lu}[\p{L}\d&'’.-]*){0,5})`)
)
