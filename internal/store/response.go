package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
)

const responseColumns = `consultation_id, id, token_hash, code_hash, reference, survey_version, notice_id, notice_version, language, channel,
	submitted_on, coded, free_text, text_flags, text_reviews, age_checks, postcodes`

func readResponse(row scanner) (*consult.Response, error) {
	var r consult.Response
	var coded string
	var flags, ages sql.NullString
	var postcodes []byte
	err := row.Scan(&r.ConsultationID, &r.ID, &r.TokenHash, &r.CodeHash, &r.Reference, &r.SurveyVersion, &r.NoticeID, &r.NoticeVersion,
		&r.Language, &r.Channel, &r.SubmittedOn, &coded, &r.FreeText, &flags, &r.Reviews, &ages, &postcodes)
	if err != nil {
		return nil, err
	}
	if len(postcodes) > 0 {
		r.Postcodes = postcodes
	}
	r.Unparted = postcodes == nil && len(r.FreeText) > 0
	if r.Flags, err = decodeFlags(flags); err != nil {
		return nil, err
	}
	if r.Ages, err = decodeAges(ages); err != nil {
		return nil, err
	}
	r.Answers, err = decodeAnswers(coded)
	return &r, err
}

// inUse leaves out what is held and not used (UK GDPR art. 18). $1 is the consultation.
const inUse = `id not in (select response_id from restriction where consultation_id = $1)`

// An index by id alone would be one more that every new response has to be written to, at a random place. There are few consultations:
// looking under each takes less than a millisecond.
var (
	responseByID = sqlText(`select ` + responseColumns + ` from response
where consultation_id in (select c.id from consultation c) and id = $1`)
	responseByToken      = sqlText(`select ` + responseColumns + ` from response where token_hash = $1`)
	responseByCode       = sqlText(`select ` + responseColumns + ` from response where code_hash = $1`)
	responsesByReference = sqlText(`select ` + responseColumns + ` from response where reference = $1 order by id`)
	responsesLike        = sqlText(`select ` + responseColumns + ` from response
where consultation_id = $1 and id > $2 and submitted_on >= $4 and submitted_on <= $5 and ($6 = '' or channel = $6) and coded like $7 escape '\'
order by id
limit $3`)
	everyResponse = sqlText(`select count(*) from response`)
	responsePage  = sqlText(`select ` + responseColumns + ` from response
where consultation_id = $1 and id > $2 and ` + inUse + `
order by id
limit $3`)
	responseCount  = sqlText(`select count(*) from response where consultation_id = $1 and ` + inUse)
	responsesByDay = sqlText(`select submitted_on, channel, count(*)
from response
where consultation_id = $1 and ` + inUse + `
group by submitted_on, channel
order by submitted_on, channel`)
	addResponse = sqlText(`
insert into response (consultation_id, id, token_hash, code_hash, reference, survey_version, notice_id, notice_version, language, channel,
	submitted_on, coded, free_text, text_flags, age_checks, postcodes)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
on conflict do nothing`)
	responseIDPage = sqlText(`
select consultation_id, id
from response
where (consultation_id, id) > ($1, $2)
order by consultation_id, id
limit $3`)
	sealedIDPage = sqlText(`
select consultation_id, id, free_text is not null, coalesce(length(postcodes), 0) > 0
from response
where (consultation_id, id) > ($1, $2) and (free_text is not null or length(postcodes) > 0)
order by consultation_id, id
limit $3`)
	eraseResponse = sqlText(`
delete from response
where consultation_id in (select c.id from consultation c) and id = $1`)
)

// Response returns the response with the id, its free text still sealed.
func (r *reader) Response(id string) (*consult.Response, error) {
	return one(r.txn, "read a response", readResponse, responseByID, id)
}

// ResponseByToken returns the response that was sent with the draft's token.
func (r *reader) ResponseByToken(tokenHash string) (*consult.Response, error) {
	return one(r.txn, "read a response", readResponse, responseByToken, tokenHash)
}

// ResponseByCode returns the response with the withdrawal code.
func (r *reader) ResponseByCode(codeHash string) (*consult.Response, error) {
	return one(r.txn, "read a response", readResponse, responseByCode, codeHash)
}

// ResponsesByReference returns the responses with a reference.
func (r *reader) ResponsesByReference(reference string) ([]*consult.Response, error) {
	return list(r.txn, "find responses", readResponse, responsesByReference, reference)
}

// ResponsesLike returns up to limit responses of the consultation that fit, in the order of their ids. What the engine compares is coarser than what is asked
// for: the answers are compared once more here, so a page may have fewer than limit although more follow; an empty page is the last.
func (r *reader) ResponsesLike(f privacy.SubjectQuery, after string, limit int) ([]*consult.Response, error) {
	from, to := string(f.From), string(f.To)
	if to == "" {
		to = "9999-12-31"
	}
	for {
		page, err := list(r.txn, "find responses", readResponse, responsesLike, f.ConsultationID, after, limit, from, to, f.Channel, likeAnswers(f.Answers))
		if err != nil || len(page) == 0 {
			return nil, err
		}
		after = page[len(page)-1].ID
		fit := slices.DeleteFunc(page, func(x *consult.Response) bool {
			for question, code := range f.Answers {
				if !slices.Contains(x.Answers[question].Codes, code) {
					return true
				}
			}
			return false
		})
		if len(fit) > 0 {
			return fit, nil
		}
	}
}

// likeAnswers is the pattern that coded answers fit which have the codes.
func likeAnswers(answers map[string]string) string {
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	pattern := "%"
	for _, question := range slices.Sorted(maps.Keys(answers)) { // the order in which they are written
		pattern += "\n" + escape.Replace(escapeCoded.Replace(question)) + "=%" + escape.Replace(escapeCoded.Replace(answers[question])) + "%"
	}
	return pattern
}

// EveryResponseCount counts the responses of all consultations.
func (r *reader) EveryResponseCount() (n int, err error) {
	return n, r.row(everyResponse, []any{&n})
}

// ResponseCount counts the responses of the consultation.
func (r *reader) ResponseCount(consultationID string) (int, error) {
	var n int
	if err := r.row(responseCount, []any{&n}, consultationID); err != nil {
		return 0, fmt.Errorf("count responses: %w", err)
	}
	return n, nil
}

// ResponsesByDay counts responses by day and channel.
func (r *reader) ResponsesByDay(consultationID string) ([]consult.DayCount, error) {
	found, err := list(r.txn, "count responses by day", func(row scanner) (*consult.DayCount, error) {
		var c consult.DayCount
		return &c, row.Scan(&c.Day, &c.Channel, &c.Count)
	}, responsesByDay, consultationID)
	return values(found), err
}

// ResponsesAfter returns up to limit responses of the consultation with ids after the one given ("" for the first), in the order of their
// ids, which is random.
func (r *reader) ResponsesAfter(consultationID, after string, limit int) ([]*consult.Response, error) {
	return list(r.txn, "read responses", readResponse, responsePage, consultationID, after, limit)
}

// Responses calls fn for every response of the consultation in the order of their ids, which is random. fn may use the reader.
func (r *reader) Responses(consultationID string, fn func(*consult.Response) error) error {
	return each(func(last *consult.Response) ([]*consult.Response, error) {
		after := ""
		if last != nil {
			after = last.ID
		}
		return r.ResponsesAfter(consultationID, after, pageSize)
	}, fn)
}

// AddResponse stores the response. Its RecordKey is not stored here: it lies in the key store, where it was put before. fault.Conflict if
// its id, token or code is there already.
func (w *writer) AddResponse(r *consult.Response) error {
	if _, err := time.Parse(time.DateOnly, r.SubmittedOn); err != nil {
		return fmt.Errorf("add a response: its day is not a date")
	}
	return w.insert("add a response", addResponse, r.ConsultationID, r.ID, r.TokenHash, r.CodeHash, r.Reference, r.SurveyVersion, r.NoticeID,
		r.NoticeVersion, string(r.Language), string(r.Channel), r.SubmittedOn, encodeAnswers(r.Answers), r.FreeText, encodeFlags(r.Flags), encodeAges(r.Ages), encodePostcodes(r))
}

// encodePostcodes writes the sealed postcodes of a response: null where they may lie in its free text, empty where there are none.
func encodePostcodes(r *consult.Response) []byte {
	if r.Unparted {
		return nil
	}
	return notNil(r.Postcodes)
}

// EraseResponse erases the response so that Update, when it returns, has left no byte of it. fault.NotFound if it is not there.
func (w *writer) EraseResponse(id string) error {
	if err := w.update("erase a response", eraseResponse, notFound(), id); err != nil {
		return err
	}
	w.erased = true
	return nil
}

// idPage is how many ids are read at a time.
const idPage = 5000

// EveryRecord calls fn with the id of every response, those that are held and not used too, and then of every entry of a register.
func (r *reader) EveryRecord(fn func(id string) error) error {
	if err := r.eachResponseID(responseIDPage, fn); err != nil {
		return err
	}
	return r.eachID("list entries of registers", entryIDs, fn)
}

// EverySealed calls fn with the id of every key that something sealed here needs.
func (r *reader) EverySealed(fn func(keyID string) error) error {
	if err := r.eachSealed(fn); err != nil {
		return err
	}
	if err := r.eachID("list histories of responses", historyKeys, fn); err != nil {
		return err
	}
	return r.eachID("list entries of registers", entryIDs, fn)
}

// eachResponseID reads the ids page by page.
func (r *reader) eachResponseID(pages statement, fn func(id string) error) error {
	type place struct{ consultation, id string }
	read := func(row scanner) (*place, error) {
		var p place
		return &p, row.Scan(&p.consultation, &p.id)
	}
	var last place
	for more := true; more; {
		page, err := list(r.txn, "list responses", read, pages, last.consultation, last.id, idPage)
		if err != nil {
			return err
		}
		for _, p := range page {
			if err := fn(p.id); err != nil {
				return err
			}
			last = *p
		}
		more = len(page) == idPage
	}
	return nil
}

// eachSealed calls fn with the ids of the keys of free text and of kept postcodes, page by page.
func (r *reader) eachSealed(fn func(keyID string) error) error {
	type place struct {
		consultation, id string
		text, postcodes  bool
	}
	read := func(row scanner) (*place, error) {
		var p place
		return &p, row.Scan(&p.consultation, &p.id, &p.text, &p.postcodes)
	}
	var last place
	for more := true; more; {
		page, err := list(r.txn, "list responses", read, sealedIDPage, last.consultation, last.id, idPage)
		if err != nil {
			return err
		}
		for _, p := range page {
			if p.text {
				if err := fn(p.id); err != nil {
					return err
				}
			}
			if p.postcodes {
				if err := fn(consult.PostcodeKey(p.id)); err != nil {
					return err
				}
			}
			last = *p
		}
		more = len(page) == idPage
	}
	return nil
}

// eachID reads the ids at once: there are few.
func (r *reader) eachID(what string, ids statement, fn func(id string) error) error {
	found, err := list(r.txn, what, func(row scanner) (*string, error) {
		var id string
		return &id, row.Scan(&id)
	}, ids)
	if err != nil {
		return err
	}
	for _, id := range found {
		if err := fn(*id); err != nil {
			return err
		}
	}
	return nil
}
