package main

import (
	"context"
	"path/filepath"
	"testing"

	"folkmoot/internal/consult"
	"folkmoot/internal/store"
	"folkmoot/internal/survey"
)

// takeBack removes all equality answers of somebody.
func takeBack(t *testing.T, ctx context.Context, svc *consult.Service, i *archived, who string) {
	t.Helper()
	code := i.people[who].Code
	h, err := svc.HeldByCode(ctx, code, "net")
	check(t, err)
	check(t, svc.ChangeEquality(ctx, code, i.c.ID, consult.EqualityChange{Answers: survey.Answers{}, Seen: h.EqualitySeen}))
}

// UK GDPR art. 17(1): equality answers that somebody took back do not come back with a backup; others that they gave since, under the same consent, stay.
func TestRestoreBringsNoEqualityAnswersBackThatWereTakenBack(t *testing.T) {
	i := install(t, "takes", "gives")
	older := i.backUp(t)
	i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
		takeBack(t, ctx, svc, i, "takes")
		takeBack(t, ctx, svc, i, "gives")
		h, err := svc.HeldByCode(ctx, i.people["gives"].Code, "net")
		check(t, err)
		check(t, svc.ChangeEquality(ctx, i.people["gives"].Code, i.c.ID, consult.EqualityChange{Answers: survey.Answers{"sex": {Codes: []string{"male"}}}, Seen: h.EqualitySeen}))
		relics, err := svc.FindErased(ctx, 0)
		if err != nil || !relics.None() {
			t.Errorf("the store in use is taken for an older copy: %+v, %v", relics, err)
		}
		_, err = svc.WatchLogs(ctx, false)
		check(t, err)
		check(t, svc.KeepAnchors(ctx))
	})
	newer := i.backUp(t)
	for _, row := range []struct{ why, dir, from, takes, gives string }{
		{"from before both", "older", older, "true false true given", "true false true given"},
		{"from after both", "newer", newer, "true false true given", "true true true given"},
	} {
		i.Data = filepath.Join(i.root, row.dir)
		i.command(t, 0, "", "restore", "--from", row.from, "--apply")
		i.use(t, false, func(ctx context.Context, svc *consult.Service, _ *store.DB) {
			for who, want := range map[string]string{"takes": row.takes, "gives": row.gives} {
				if got := held(t, svc, i.people[who].Code); got != want {
					t.Errorf("%s: %s has %s, want %s (text, equality, coded, consent)", row.why, who, got, want)
				}
			}
		})
	}
}
