package store

import (
	"database/sql"
	"fmt"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/survey"
)

var (
	// Flags are lines (encodeFlags): a response has as many flagged texts as line feeds, and one that waits ends its line with that.
	flaggedPage = sqlText(`
with flagged as (
	select id, case when text_flags like $4 then 0 else 1 end as decided, length(text_flags) - length(replace(text_flags, $5, '')) as texts
	from response
	where consultation_id = $1 and text_flags <> ''
), placed as (
	select id, texts, sum(texts) over (order by decided, id) - texts as earlier
	from flagged
)
select id, earlier
from placed
where earlier < $3 and earlier + texts > $2
order by earlier`)
	unscanned = sqlText(`select ` + responseColumns + ` from response
where text_flags is null and (consultation_id, id) > ($1, $2)
order by consultation_id, id
limit $3`)
	flagCounts = sqlText(`select consultation_id, text_flags, count(*)
from response
where text_flags <> ''
group by consultation_id, text_flags
order by consultation_id, text_flags`)
	setFlags = sqlText(`
update response
set text_flags = $3, text_reviews = $4
where consultation_id = $1 and id = $2`)
)

// encodeFlags writes flags as answers are written: the kinds are the codes and the state is the text. Flags that are nil are null: not
// looked for yet.
func encodeFlags(flags consult.TextFlags) sql.NullString {
	answers := survey.Answers{}
	for question, f := range flags {
		a := survey.Answer{Text: string(f.State)}
		for _, k := range f.Kinds {
			a.Codes = append(a.Codes, string(k))
		}
		answers[question] = a
	}
	return sql.NullString{String: encodeAnswers(answers), Valid: flags != nil}
}

func decodeFlags(coded sql.NullString) (consult.TextFlags, error) {
	if !coded.Valid {
		return nil, nil
	}
	answers, err := decodeAnswers(coded.String)
	if err != nil {
		return nil, err
	}
	flags := consult.TextFlags{}
	for question, a := range answers {
		f := consult.TextFlag{State: consult.FlagState(a.Text)}
		for _, code := range a.Codes {
			f.Kinds = append(f.Kinds, privacy.MarkKind(code))
		}
		flags[question] = f
	}
	return flags, nil
}

// FlaggedPage returns the responses of the consultation that hold its flagged texts from the one with the number offset on, up to limit of them, and how many
// texts of the first response come before that. Responses in which one waits come first; otherwise the order is that of their ids, which is random.
func (r *reader) FlaggedPage(consultationID string, offset, limit int) (page []*consult.Response, skip int, err error) {
	type place struct {
		id      string
		earlier int
	}
	places, err := list(r.txn, "list flagged responses", func(row scanner) (*place, error) {
		var p place
		return &p, row.Scan(&p.id, &p.earlier)
	}, flaggedPage, consultationID, offset, offset+limit, "%\t"+string(consult.FlagWaiting)+"%", "\n")
	for i, p := range places {
		response, err := r.Response(p.id)
		if err != nil {
			return nil, 0, err
		}
		if page = append(page, response); i == 0 {
			skip = offset - p.earlier
		}
	}
	return page, skip, err
}

// UnscannedResponses returns up to limit responses after the one given, or from the first, whose texts nobody has looked through yet.
func (r *reader) UnscannedResponses(after *consult.Response, limit int) ([]*consult.Response, error) {
	if after == nil {
		after = &consult.Response{}
	}
	return list(r.txn, "read responses to be scanned", readResponse, unscanned, after.ConsultationID, after.ID, limit)
}

// FlagCounts counts flagged texts by consultation and state.
func (r *reader) FlagCounts() (map[string]map[consult.FlagState]int, error) {
	type row struct {
		consultation string
		flags        consult.TextFlags
		n            int
	}
	rows, err := list(r.txn, "count flagged texts", func(s scanner) (*row, error) {
		var x row
		var coded sql.NullString
		err := s.Scan(&x.consultation, &coded, &x.n)
		if err == nil {
			x.flags, err = decodeFlags(coded)
		}
		return &x, err
	}, flagCounts)
	if err != nil {
		return nil, err
	}
	out := map[string]map[consult.FlagState]int{}
	for _, x := range rows {
		if out[x.consultation] == nil {
			out[x.consultation] = map[consult.FlagState]int{}
		}
		for _, f := range x.flags {
			out[x.consultation][f.State] += x.n
		}
	}
	return out, nil
}

// SetFlags stores the flags of a response and what was decided about them. fault.NotFound if the response is gone.
func (w *writer) SetFlags(r *consult.Response) error {
	const what = "flag texts of a response"
	if r.Flags == nil {
		return fmt.Errorf("%s: it has none", what)
	}
	return w.update(what, setFlags, notFound(), r.ConsultationID, r.ID, encodeFlags(r.Flags), r.Reviews)
}
