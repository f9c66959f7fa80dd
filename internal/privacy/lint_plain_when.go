package privacy

import (
	"slices"
	"strings"
)

// retention: a period with its trigger, or criteria (UK GDPR art. 13(2)(a)). "Three years" from nobody knows when is no period.
func (l *plainLinter) retention() PlainFinding {
	i := l.item("retention", "how long information is kept, and from when", "UK GDPR art. 13(2)(a), 5(1)(e)")
	var timed []int
	for k := range l.passages {
		p := &l.passages[k]
		if !p.says(keepWords) && !l.under(p, keepWords) || !periods.MatchString(p.text) || l.about(p, rightsHeadings) || p.says(answerTime) {
			continue
		}
		if l.triggered(k) {
			timed = append(timed, k)
		} else {
			l.untimed = append(l.untimed, k)
		}
	}
	until := l.find(func(p *passage) bool { return p.says(untilWhen) && p.says(keepWords) })
	needed := l.find(func(p *passage) bool { return p.says(asNeeded) })
	pointer := l.find(func(p *passage) bool { return p.says(scheduleTerm) })
	weighed := l.find(func(p *passage) bool {
		n := 0
		for _, c := range criteria {
			if p.says(c) {
				n++
			}
		}
		return n >= 3 && l.keeps(p)
	})
	switch {
	case len(l.untimed) > 0:
		return i.is(Partly, "no_trigger", "A period is given but not from when it runs: say what starts it, for example the day the consultation closes.", l.untimed...)
	case len(timed)+len(until) > 0:
		return i.present(append(timed, until...))
	case len(weighed) > 0:
		f := i.present(weighed)
		f.Reason = "criteria"
		return f
	case len(pointer) > 0:
		return i.is(Partly, "pointer", "The notice points to a schedule and gives no period: say how long this information is kept and from when.", pointer...)
	case len(needed) > 0:
		return i.is(Absent, "as_needed", "\"As long as necessary\" is no period: say how long, and from when, or by which criteria it is decided.", needed...)
	}
	return i.absent("It is not said how long the information is kept: give a period and what starts it.")
}

// answerTime are words of periods in which people get an answer.
var answerTime = list("respond", "reply", "answer you", "acknowledge*", "notify", "unsubscribe*", "breach", "reconsider*", "ymateb i chi")

// keeps reports whether a passage is about keeping.
func (l *plainLinter) keeps(p *passage) bool { return keepWords.in(l.around(p)) }

// triggered reports whether a passage with a period says from when it runs, or the next one does.
func (l *plainLinter) triggered(k int) bool {
	p := &l.passages[k]
	if fromWhen.in(lookAfter.Replace(p.text)) {
		return true
	}
	if k+1 >= len(l.passages) {
		return false
	}
	next := &l.passages[k+1]
	return next.section == p.section && !next.heading && next.says(thatTime) && next.says(fromWhen)
}

// thatTime refers to a period named before.
var thatTime = list("that time", "this time", "that period", "this period", "these periods", "the period", "it starts", "it runs", "we count", "counted", "y cyfnod", "cyfnod hwnnw", "cyfnod hwnnw'n", "cyfnod hwn")

// version: people must be able to say which text they saw, and when it held.
func (l *plainLinter) version() PlainFinding {
	i := l.item("version", "version and date", "UK GDPR art. 5(2), 12(1)")
	numbered := l.find(func(p *passage) bool {
		return strings.ContainsAny(p.raw, "0123456789") && versionNo.MatchString(strings.ToLower(p.raw))
	})
	dated := l.find(func(p *passage) bool {
		return strings.ContainsAny(p.raw, "0123456789") && versionAround.in(l.around(p)) && dates.MatchString(strings.ToLower(p.raw))
	})
	switch {
	case len(numbered) > 0 && len(dated) > 0:
		return i.present(append(slices.Clone(numbered), dated...))
	case len(dated) > 0:
		return i.is(Partly, "date_only", "There is a date and no version number: number the versions, so that people can say which one they saw.", dated...)
	case len(numbered) > 0:
		return i.is(Partly, "number_only", "There is a version number and no date: say from when this version holds.", numbered...)
	}
	return i.absent("There is neither a version number nor a date: add both, so that people can say which text they saw.")
}
