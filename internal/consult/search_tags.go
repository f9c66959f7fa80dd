package consult

import (
	"context"
	"errors"
	"fmt"

	"folkmoot/internal/fault"
)

// tagBatch is how many records one transaction of TagTexts tags.
const tagBatch = 500

// forgetTags has the tags of a response made anew, unless it is stored already: then a draft that was sent again changes nothing.
func (s *Service) forgetTags(ctx context.Context, id string) error {
	there, err := s.there(ctx, recordOf(id))
	if err != nil || there {
		return err
	}
	return s.Store.Keys().ForgetWordTags(ctx, id)
}

// TagTexts makes the tags by which the words of texts are found (seal.WordTags), of responses that were stored before there were any, or by older rules, or
// came back without them. It returns how many; what is interrupted is taken up by the next call. A record that cannot be opened now stays without, and a search says that it was
// not looked through.
func (s *Service) TagTexts(ctx context.Context) (tagged int, problems error) {
	for after := ""; ; {
		ids, err := s.Store.Keys().Untagged(ctx, after, tagBatch)
		if err != nil || len(ids) == 0 {
			return tagged, errors.Join(problems, err)
		}
		after = ids[len(ids)-1]
		s.texts.Lock()
		tags, unread, err := s.retag(ctx, ids...)
		s.texts.Unlock()
		if problems = errors.Join(problems, unread); err != nil {
			return tagged, errors.Join(problems, err)
		}
		texts := 0
		for _, t := range tags {
			if t != "" {
				texts++
			}
		}
		if tagged += texts; texts > 0 {
			if err := s.log(ctx, event(system(), "texts.tag", "texts:all", "responses", fmt.Sprint(texts))); err != nil {
				return tagged, errors.Join(problems, err)
			}
		}
	}
}

// retag makes the tags of the records that it can open from what is stored, and stores them. The caller holds Service.texts: else what it has read may be
// replaced before it stores.
func (s *Service) retag(ctx context.Context, ids ...string) (tags map[string]string, problems, err error) {
	tags, problems = s.tagsOf(ctx, ids)
	if len(tags) > 0 {
		err = s.Store.Keys().SetWordTags(ctx, tags)
	}
	return tags, problems, err
}

// tagsOf makes the tags of the records that it can open; those of records without text are empty. A key whose record is not there yet is left out.
func (s *Service) tagsOf(ctx context.Context, ids []string) (tags map[string]string, problems error) {
	keys, err := s.Store.Keys().Keys(ctx, ids)
	if err != nil {
		return nil, err
	}
	tags = map[string]string{}
	for _, id := range ids {
		if isHistory(id) { // nothing is found by what stood there before a correction
			tags[id] = ""
			continue
		}
		var response *Response
		err := s.Store.View(ctx, func(r Reader) (err error) {
			response, err = r.Response(recordOf(id))
			if fault.Is(err, fault.NotFound) {
				_, err = r.Entry(id)
			}
			return err
		})
		if fault.Is(err, fault.NotFound) {
			_, err = s.Store.Equality().Profile(ctx, id)
		}
		switch {
		case fault.Is(err, fault.NotFound):
		case err != nil:
			problems = errors.Join(problems, err)
		case response == nil:
			tags[id] = ""
		default:
			texts, err := s.sealedUnder(response, id, keys[id])
			if err != nil {
				problems = errors.Join(problems, err)
				continue
			}
			tags[id] = s.Keys.WordTags(response.ID, wordsOf(texts))
		}
	}
	return tags, problems
}

// sealedUnder opens what lies in a response under the key with the name: its free text, or its kept postcodes. Tags of both are made with the id of the response, so
// that one search finds both.
func (s *Service) sealedUnder(r *Response, keyID string, wrapped []byte) (texts map[string]string, err error) {
	switch {
	case keyID == r.ID && len(r.FreeText) > 0:
		texts, _, err = s.unsealTexts(r, wrapped)
	case keyID == PostcodeKey(r.ID) && len(r.Postcodes) > 0:
		texts, _, err = s.unsealPostcodes(r, wrapped)
	}
	return texts, err
}
