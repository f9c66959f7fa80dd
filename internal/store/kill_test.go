package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
	"folkmoot/internal/store/pgtest"
	"folkmoot/internal/store/storetest"
	"folkmoot/internal/survey"
)

// childVariable tells the test binary to be the process that is killed; its value is where the store lies: a directory or a URL.
const childVariable = "FOLKMOOT_TEST_KILLED_STORE"

func openAt(ctx context.Context, place string) (*store.DB, error) {
	o := store.Options{Migrate: true}
	if strings.HasPrefix(place, "postgres:") {
		return store.OpenPostgres(ctx, store.PostgresURLs{Main: place}, o)
	}
	return store.OpenSQLite(ctx, place, o)
}

// beKilled writes responses from eight callers and prints the id of each when it is acknowledged, until it is killed.
func beKilled(place, consultationID string) {
	db, err := openAt(context.Background(), place)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for {
				r := storetest.Response(consultationID)
				err := db.Update(context.Background(), func(w consult.Writer) error {
					if _, err := w.AppendConsent(storetest.ConsentEvent(consultationID, r.ID, privacy.ConsentGiven)); err != nil {
						return err
					}
					if err := w.AddResponse(r); err != nil {
						return err
					}
					return w.AppendAudit(storetest.Event())
				})
				if err != nil {
					fmt.Println("error", err)
					os.Exit(1)
				}
				fmt.Println("acknowledged", r.ID)
			}
		})
	}
	group.Wait()
}

// TestKilled is R1 of security.md in short: a process that acknowledges responses is killed with SIGKILL, again and again. Every acknowledged
// response is there, whole, with its consent and its audit event. (That a power cut loses nothing either is for the
// power-cut test: SIGKILL alone cannot show it.)
func TestKilled(t *testing.T) {
	for name, place := range map[string]string{"SQLite": t.TempDir(), "PostgreSQL": pgtest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			db, err := openAt(t.Context(), place)
			if err != nil {
				t.Fatal(err)
			}
			c := storetest.AddConsultation(t, db)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			acknowledged := map[string]bool{}
			for range 4 {
				killChild(t, place, c.ID, acknowledged)
			}
			if len(acknowledged) < 100 {
				t.Errorf("only %d responses were acknowledged: the test would prove little", len(acknowledged))
			}
			t.Logf("%d responses acknowledged before four kills", len(acknowledged))
			verifyAfterKills(t, place, c.ID, acknowledged)
		})
	}
}

// killChild starts a child, kills it after a random time and notes what it acknowledged.
func killChild(t *testing.T, place, consultationID string, acknowledged map[string]bool) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), childVariable+"="+place+"\n"+consultationID)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var kill *time.Timer
	for lines.Scan() {
		if kill == nil {
			kill = time.AfterFunc(time.Duration(100+rand.IntN(300))*time.Millisecond, func() { _ = child.Process.Kill() })
		}
		what, id, _ := strings.Cut(lines.Text(), " ")
		if what != "acknowledged" {
			t.Fatalf("the child: %s", lines.Text())
		}
		if len(id) == len(storetest.ID()) { // the last line may be cut off
			acknowledged[id] = true
		}
	}
	_ = child.Wait()
}

func verifyAfterKills(t *testing.T, place, consultationID string, acknowledged map[string]bool) {
	t.Helper()
	db, err := openAt(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if problems, err := db.Check(t.Context()); len(problems) > 0 || err != nil {
		t.Errorf("after the kills: %v %v", problems, err)
	}
	stored := 0
	storetest.Read(t, db, func(r consult.Reader) error {
		err := r.Responses(consultationID, func(response *consult.Response) error {
			stored++
			delete(acknowledged, response.ID)
			events, err := r.ConsentEvents(response.ID)
			if len(events) != 1 || len(response.Answers) != len(storetest.Response("").Answers) {
				t.Error("a response is half stored")
			}
			return err
		})
		if err != nil {
			return err
		}
		newest, err := r.AuditEvents(consult.AuditFilter{Limit: 1})
		if len(newest) == 1 && newest[0].Sequence != int64(stored)+1 {
			t.Errorf("%d responses and %d audit events", stored, newest[0].Sequence-1)
		}
		return err
	})
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged responses are lost", len(acknowledged))
	}
	storetest.Write(t, db, func(w consult.Writer) error {
		r := storetest.Response(consultationID)
		r.Answers = survey.Answers{}
		return w.AddResponse(r)
	})
}
