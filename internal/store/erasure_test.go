package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
	"folkmoot/internal/store/storetest"
	"folkmoot/internal/survey"
)

// marker is a text that is looked for in the raw bytes of files. It begins differently for every record, as nothing else does.
func marker(kind string, i int) string {
	return fmt.Sprintf("MARK-%s-%05d-%s", kind, i, storetest.ID())
}

// found returns which of the markers lie in any file under the directory, the write-ahead logs and shared memory included.
func found(t *testing.T, dir string, markers []string) (out []string) {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		// Another process reads: closing a file of an open database in this one would let go of its locks.
		all[entry.Name()], err = exec.Command("cat", path).Output()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range markers {
		for name, content := range all {
			if at := bytes.Index(content, []byte(m)); at >= 0 {
				out = append(out, fmt.Sprintf("%s in %s at %d", m, name, at))
				break
			}
		}
	}
	return out
}

// planted is a store with records of which every value holds a marker.
type planted struct {
	dir       string
	db        *store.DB
	responses []*consult.Response
	markers   map[string][]string // by id of the response
}

const profiles = 150

// plant stores n responses, each with a profile and two keys, of different sizes and in transactions of different sizes, so that pages of
// the file split, merge and move.
func plant(t *testing.T, n int) *planted {
	t.Helper()
	p := &planted{dir: t.TempDir(), markers: map[string][]string{}}
	p.db = openDirectory(t, p.dir)
	c := storetest.AddConsultation(t, p.db)
	for i := 0; i < n; {
		storetest.Write(t, p.db, func(w consult.Writer) error {
			for range 1 + i%37 {
				r := storetest.Response(c.ID)
				coded, text := marker("coded", i), marker("text", i)
				r.Answers["q"] = survey.Answer{Codes: []string{coded}}
				r.FreeText = append([]byte(text), bytes.Repeat([]byte{'x'}, i*97%9000)...)
				p.responses = append(p.responses, r)
				p.markers[r.ID] = []string{coded, text, r.TokenHash, r.CodeHash}
				if err := w.AddResponse(r); err != nil {
					return err
				}
				i++
			}
			return nil
		})
	}
	for i, r := range p.responses[:min(n, profiles)] {
		sealed, key := marker("profile", i), marker("key", i)
		p.markers[r.ID] = append(p.markers[r.ID], sealed, key, "profile-"+r.ID, "key-"+r.ID)
		err := p.db.Equality().PutProfile(t.Context(), &consult.EqualityProfile{
			Token: "profile-" + r.ID, ConsultationID: c.ID, Sealed: append([]byte(sealed), bytes.Repeat([]byte{'y'}, i*311%6000)...), ConsentRecord: "r",
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.db.Keys().PutKey(t.Context(), "key-"+r.ID, []byte(key)); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *planted) erase(t *testing.T, r *consult.Response) {
	t.Helper()
	storetest.Write(t, p.db, func(w consult.Writer) error { return w.EraseResponse(r.ID) })
	if err := p.db.Equality().EraseProfile(t.Context(), "profile-"+r.ID); err != nil {
		t.Fatal(err)
	}
	if err := p.db.Keys().DestroyKey(t.Context(), "key-"+r.ID); err != nil {
		t.Fatal(err)
	}
}

// TestErasureLeavesNoBytes is the promise of architecture.md section 5: each value is in the files before, and in none of them after.
func TestErasureLeavesNoBytes(t *testing.T) {
	const responses = 1500
	p := plant(t, responses)
	erased := map[string]bool{}
	for i := 0; i < responses; i += 13 + i%67 {
		r := p.responses[i]
		if lost := len(p.markers[r.ID]) - len(found(t, p.dir, p.markers[r.ID])); lost > 0 {
			t.Fatalf("response %d: %d of its markers are not in the files before the erasure: the test would prove nothing", i, lost)
		}
		p.erase(t, r)
		erased[r.ID] = true
		if left := found(t, p.dir, p.markers[r.ID]); len(left) > 0 {
			t.Fatalf("response %d: after its erasure %d markers are left: %q", i, len(left), left)
		}
	}
	for i, r := range p.responses {
		want := len(p.markers[r.ID])
		if erased[r.ID] {
			want = 0
		}
		if i%50 == 0 || erased[r.ID] {
			if got := len(found(t, p.dir, p.markers[r.ID])); got != want {
				t.Errorf("response %d: %d markers in the files at the end, want %d", i, got, want)
			}
		}
	}
}

// TestErasureWhileOthersReadAndWrite erases while short reads and writes go on, which use the log that has to be emptied.
func TestErasureWhileOthersReadAndWrite(t *testing.T) {
	p := plant(t, 400)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() {
		for ctx.Err() == nil {
			if err := p.db.View(context.Background(), func(r consult.Reader) error {
				_, err := r.Consultations(consult.ConsultationFilter{})
				return err
			}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	go func() {
		for ctx.Err() == nil {
			if err := storetest.TryWrite(p.db, func(w consult.Writer) error {
				return w.AddResponse(storetest.Response(p.responses[0].ConsultationID))
			}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for _, r := range p.responses[:10] {
		p.erase(t, r)
		if left := found(t, p.dir, p.markers[r.ID]); len(left) > 0 {
			t.Errorf("after an erasure under load %d markers are left: %q", len(left), left)
		}
	}
	stop()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestErasureWaitsForLongRead: a report that reads for long holds the log. The erasure waits and succeeds when the report ends.
func TestErasureWaitsForLongRead(t *testing.T) {
	p := plant(t, 60)
	r := p.responses[7]
	reading, finish, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- p.db.View(context.Background(), func(reader consult.Reader) error {
			if _, err := reader.ResponseCount(r.ConsultationID); err != nil {
				return err
			}
			close(reading)
			<-finish
			_, err := reader.Response(r.ID) // a report sees what it saw at its start
			return err
		})
	}()
	<-reading
	erased := make(chan error, 1)
	go func() {
		erased <- storetest.TryWrite(p.db, func(w consult.Writer) error { return w.EraseResponse(r.ID) })
	}()
	select {
	case err := <-erased:
		t.Fatalf("the erasure was answered while a reader held the log: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	storetest.Write(t, p.db, func(w consult.Writer) error { return w.AddResponse(storetest.Response(r.ConsultationID)) }) // writes go on
	close(finish)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := <-erased; err != nil {
		t.Fatal(err)
	}
	if left := found(t, p.dir, p.markers[r.ID][:4]); len(left) > 0 {
		t.Errorf("%d markers are left", len(left))
	}
}

// TestStartFinishesErasure: a crash between the commit of an erasure and its checkpoint leaves older pages in the log. The next start removes
// them. The crash is a copy of the files taken while a reader kept the log from being emptied.
func TestStartFinishesErasure(t *testing.T) {
	p := plant(t, 60)
	r, crashed := p.responses[7], t.TempDir()
	erased := make(chan error, 1)
	storetest.Read(t, p.db, func(reader consult.Reader) error {
		if _, err := reader.ResponseCount(r.ConsultationID); err != nil {
			return err
		}
		go func() {
			erased <- storetest.TryWrite(p.db, func(w consult.Writer) error { return w.EraseResponse(r.ID) })
		}()
		for {
			gone := p.db.View(t.Context(), func(other consult.Reader) error {
				_, err := other.Response(r.ID)
				return err
			})
			if fault.Is(gone, fault.NotFound) {
				break
			}
		}
		return exec.Command("cp", "-r", p.dir+"/.", crashed).Run()
	})
	if err := <-erased; err != nil {
		t.Fatal(err)
	}
	if len(found(t, crashed, p.markers[r.ID][:4])) == 0 {
		t.Fatal("the copy holds nothing of the erased response: the test would prove nothing")
	}
	openDirectory(t, crashed)
	if left := found(t, crashed, p.markers[r.ID][:4]); len(left) > 0 {
		t.Errorf("after the start %d markers are left", len(left))
	}
}

// TestErasureKeepsLedgers: what an erasure must not touch.
func TestErasureKeepsLedgers(t *testing.T) {
	p := plant(t, 10)
	r := p.responses[0]
	storetest.Write(t, p.db, func(w consult.Writer) error {
		_, err := w.AppendConsent(storetest.ConsentEvent(r.ConsultationID, "p1", privacy.ConsentGiven))
		return err
	})
	p.erase(t, r)
	storetest.Read(t, p.db, func(reader consult.Reader) error {
		events, err := reader.ConsentEvents("p1")
		if len(events) != 1 {
			t.Errorf("the consent ledger has %d events, want 1", len(events))
		}
		return err
	})
}

// TestFreeTextLeavesNoBytes: the free text of a response is in no file after it was erased, and its coded answers still are.
func TestFreeTextLeavesNoBytes(t *testing.T) {
	p := plant(t, 400)
	for i := 0; i < 400; i += 7 + i%23 {
		r := p.responses[i]
		coded, text := p.markers[r.ID][:1], p.markers[r.ID][1:2]
		if len(found(t, p.dir, text)) != 1 {
			t.Fatalf("response %d: its text is not in the files before: the test would prove nothing", i)
		}
		storetest.Write(t, p.db, func(w consult.Writer) error { return w.EraseFreeText(r.ID) })
		if left := found(t, p.dir, text); len(left) > 0 {
			t.Fatalf("response %d: %q is left", i, left)
		}
		if len(found(t, p.dir, coded)) != 1 {
			t.Fatalf("response %d: its coded answers are gone", i)
		}
	}
}

// TestPostcodesLeaveNoBytes: a kept postcode, those of the history and the tags of its words are in no file after it was coarsened (councils.md S0-2), nor after parting
// what it shared with the free text; the free text and the coded answers still are.
func TestPostcodesLeaveNoBytes(t *testing.T) {
	p := plant(t, 100)
	ctx, keys := t.Context(), p.db.Keys()
	for i := 0; i < 100; i += 33 {
		r := *p.responses[i]
		coded, text, shared := p.markers[r.ID][:1], p.markers[r.ID][1:2], marker("shared", i)
		postcode, old, key, tags := marker("postcode", i), marker("old-postcode", i), marker("postcode-key", i), marker("tags", i)
		r.FreeText, r.Unparted = []byte(text[0]+shared), true
		ordinary := consult.SealedCorrection{Number: 1, Key: r.ID + ".history.1", Sealed: []byte("sealed before")}
		mixed := consult.SealedCorrection{Number: 1, Key: r.ID + ".history.1", Sealed: []byte(shared)}
		storetest.Write(t, p.db, func(w consult.Writer) error { return w.Correct(&r, mixed) })
		if len(found(t, p.dir, []string{text[0] + shared, shared})) != 2 {
			t.Fatalf("response %d: the shared text is not in the files before: the test would prove nothing", i)
		}
		r.FreeText, r.Unparted, r.Postcodes = []byte(text[0]), false, []byte(postcode)
		history := []consult.SealedCorrection{ordinary, {Number: 2, Key: consult.PostcodeKey(r.ID) + ".1", Sealed: []byte(old)}}
		storetest.Write(t, p.db, func(w consult.Writer) error { return w.PartPostcodes(&r, history) })
		if left := found(t, p.dir, []string{shared}); len(left) > 0 {
			t.Fatalf("response %d: parted, but %q is left", i, left)
		}
		if err := keys.PutTextKey(ctx, consult.PostcodeKey(r.ID), []byte(key), tags); err != nil {
			t.Fatal(err)
		}
		gone := []string{postcode, old, key, tags}
		if len(found(t, p.dir, gone)) != len(gone) {
			t.Fatalf("response %d: its postcode is not in the files before: the test would prove nothing", i)
		}
		if err := keys.DestroyKeys(ctx, []string{consult.PostcodeKey(r.ID)}); err != nil {
			t.Fatal(err)
		}
		storetest.Write(t, p.db, func(w consult.Writer) error { return w.ErasePostcodes(r.ID) })
		if left := found(t, p.dir, gone); len(left) > 0 {
			t.Fatalf("response %d: %q is left", i, left)
		}
		if len(found(t, p.dir, append(coded, text...))) != 2 {
			t.Fatalf("response %d: its free text or its coded answers are gone", i)
		}
	}
}

// TestCorrectionLeavesNoBytes: what stood in a response before it was corrected is in no file but sealed (UK GDPR art. 16; councils.md S0-18).
func TestCorrectionLeavesNoBytes(t *testing.T) {
	p := plant(t, 100)
	for i := 0; i < 100; i += 33 {
		r := *p.responses[i]
		before := p.markers[r.ID][:2]
		if len(found(t, p.dir, before)) != 2 {
			t.Fatalf("response %d: its answers are not in the files before: the test would prove nothing", i)
		}
		r.Answers, r.FreeText = nil, []byte("sealed anew")
		storetest.Write(t, p.db, func(w consult.Writer) error {
			return w.Correct(&r, consult.SealedCorrection{Number: 1, Key: "k", Sealed: []byte("sealed before")})
		})
		if left := found(t, p.dir, before); len(left) > 0 {
			t.Fatalf("response %d: %q is left", i, left)
		}
	}
}

// TestChangedEqualityAnswersLeaveNoBytes: what stood there before they were changed is in no file, not even sealed (UK GDPR art. 5(1)(d), (e); councils.md S3-18).
func TestChangedEqualityAnswersLeaveNoBytes(t *testing.T) {
	p := plant(t, 10)
	ctx, equality, before := t.Context(), p.db.Equality(), marker("equality", 1)
	profile := consult.EqualityProfile{Token: "changed", ConsultationID: "c1", ConsentRecord: "r1", Sealed: []byte(before)}
	if err := equality.PutProfile(ctx, &profile); err != nil {
		t.Fatal(err)
	}
	if len(found(t, p.dir, []string{before})) != 1 {
		t.Fatal("the answers are not in the files before: the test would prove nothing")
	}
	profile.Sealed = []byte("sealed anew")
	if err := equality.ReplaceProfile(ctx, &profile, []byte(before)); err != nil {
		t.Fatal(err)
	}
	if left := found(t, p.dir, []string{before}); len(left) > 0 {
		t.Errorf("%q is left", left)
	}
}

// TestWidenedTagsLeaveNoBytes: once a text was corrected the tags of the words that stood there are in no file (UK GDPR art. 5(1)(d), 32(1)(b)).
func TestWidenedTagsLeaveNoBytes(t *testing.T) {
	p := plant(t, 10)
	ctx, keys, id := t.Context(), p.db.Keys(), p.responses[3].ID
	old, both := marker("old", 1), marker("both", 1)
	if err := errors.Join(keys.PutTextKey(ctx, id, []byte("k"), old), keys.WidenWordTags(ctx, id, old+both)); err != nil {
		t.Fatal(err)
	}
	if len(found(t, p.dir, []string{old, both})) != 2 {
		t.Fatal("the tags are not in the files before: the test would prove nothing")
	}
	if err := keys.SetWordTags(ctx, map[string]string{id: "AAAA"}); err != nil {
		t.Fatal(err)
	}
	if left := found(t, p.dir, []string{old, both}); len(left) > 0 {
		t.Errorf("%q is left", left)
	}
}
