package store

import (
	"context"
	"fmt"
	"time"

	"folkmoot/internal/consult"
)

const jobColumns = `id, staff_id, consultation_id, data, running, seen_at`

var (
	jobByID     = sqlText(`select ` + jobColumns + ` from release_job where id = $1`)
	jobOf       = sqlText(`select ` + jobColumns + ` from release_job where staff_id = $1 and consultation_id = $2`)
	eraseOldJob = sqlText(`
delete from release_job
where staff_id = $1 and consultation_id = $2 and (not running or seen_at <= $3)`)
	addJob = sqlText(`
insert into release_job (id, staff_id, consultation_id, data, running, seen_at)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing`)
	updateJob = sqlText(`
update release_job
set data = $2, running = $3, seen_at = $4
where id = $1`)
	disposeJobs = sqlText(`delete from release_job where seen_at <= $1`)
)

func readJob(row scanner) (*consult.ReleaseJob, error) {
	var j consult.ReleaseJob
	return &j, row.Scan(&j.ID, &j.StaffID, &j.ConsultationID, document{&j}, &j.Running, stamp{&j.SeenAt})
}

// AddJob adds a job, or returns the one that is running for its officer and consultation.
func (db *DB) AddJob(ctx context.Context, j *consult.ReleaseJob, stale time.Time) (out *consult.ReleaseJob, err error) {
	err = db.main.submit(ctx, func(t *txn) error {
		if _, err := t.exec(eraseOldJob, j.StaffID, j.ConsultationID, stamp{&stale}); err != nil {
			return fmt.Errorf("erase an old job: %w", err)
		}
		if _, err := t.exec(addJob, j.ID, j.StaffID, j.ConsultationID, document{j}, j.Running, stamp{&j.SeenAt}); err != nil {
			return fmt.Errorf("add a job: %w", err)
		}
		out, err = one(t, "read a job", readJob, jobOf, j.StaffID, j.ConsultationID)
		return err
	})
	return out, err
}

// Job returns the job with the id. fault.NotFound if there is none.
func (db *DB) Job(ctx context.Context, id string) (j *consult.ReleaseJob, err error) {
	err = db.main.view(ctx, func(t *txn) error {
		j, err = one(t, "read a job", readJob, jobByID, id)
		return err
	})
	return j, err
}

// SaveJob stores how far a job is. That it should stop stays said.
func (db *DB) SaveJob(ctx context.Context, j *consult.ReleaseJob) (before *consult.ReleaseJob, err error) {
	err = db.main.submit(ctx, func(t *txn) error {
		if before, err = one(t, "read a job", readJob, jobByID, j.ID); err != nil {
			return err
		}
		save := *j
		save.Stop = save.Stop || before.Stop
		return t.update("save a job", updateJob, notFound(), j.ID, document{&save}, save.Running, stamp{&save.SeenAt})
	})
	return before, err
}

// DisposeJobs erases jobs that gave no sign of life after the moment, and returns how many.
func (db *DB) DisposeJobs(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := db.main.submit(ctx, func(t *txn) (err error) {
		n, err = t.exec(disposeJobs, stamp{&before})
		return err
	})
	return int(n), err
}
