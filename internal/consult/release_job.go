package consult

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"folkmoot/internal/disclosure"
	"folkmoot/internal/fault"
	"folkmoot/internal/seal"
)

// ReleaseJob is a release that is being made (decision 29). It lives in the database: any instance of the service can say how far it is, and one that was
// restarted leaves a job that gives no sign of life any more.
type ReleaseJob struct {
	ID             string    `json:"-"`
	StaffID        string    `json:"-"`
	ConsultationID string    `json:"-"`
	Running        bool      `json:"-"`
	SeenAt         time.Time `json:"-"` // UTC; the last sign of life
	StartedAt      time.Time `json:"started_at"`
	Rounds         int       `json:"rounds"` // redesigns so far, each with less detail
	Repairs        int       `json:"repairs"`
	Tables         int       `json:"tables"`
	ReleaseID      string    `json:"release"` // what came of it
	Problem        string    `json:"problem"` // message key; empty if nothing went wrong
	Args           []any     `json:"args"`
	Stop           bool      `json:"stop"` // the officer wants no more of it
}

// JobStore keeps releases that are being made. Writes need no audit event: what a job makes has its own.
type JobStore interface {
	// AddJob adds a job, unless the officer has one running for the consultation that gave a sign of life after stale; then that one is
	// returned. Older ones of the same officer and consultation are replaced.
	AddJob(ctx context.Context, j *ReleaseJob, stale time.Time) (*ReleaseJob, error)
	Job(ctx context.Context, id string) (*ReleaseJob, error)
	// SaveJob stores how far a job is, and returns it as stored before: somebody may have asked it to stop. fault.NotFound if it was replaced.
	SaveJob(ctx context.Context, j *ReleaseJob) (before *ReleaseJob, err error)
	// DisposeJobs erases jobs whose last sign of life was at or before the moment, and returns how many.
	DisposeJobs(ctx context.Context, before time.Time) (int, error)
}

// Times of a job.
const (
	jobBeat  = 2 * time.Second  // between two signs of life
	jobStale = 30 * time.Second // without one a job is dead
	JobLimit = 5 * time.Minute  // after that nothing is released
	JobLife  = 24 * time.Hour   // how long one can be looked at
)

// Dead reports whether the job stopped without saying so: its process is gone.
func (j *ReleaseJob) Dead(now time.Time) bool { return j.Running && now.Sub(j.SeenAt) > jobStale }

// StartRelease begins to make a release and returns at once, or after patience if it is made by then. The job goes on when the request ends. What is wrong with the choice
// is refused here, as by DraftRelease. A second call while the first is at work returns the same job.
func (s *Service) StartRelease(ctx context.Context, by *Staff, choice ReleaseChoice, patience time.Duration) (*ReleaseJob, error) {
	if err := s.checkRelease(ctx, by, choice); err != nil {
		return nil, err
	}
	now := s.Now().UTC()
	j := &ReleaseJob{ID: seal.RandomID(), StaffID: by.ID, ConsultationID: choice.ConsultationID, Running: true, SeenAt: now, StartedAt: now}
	kept, err := s.Jobs.AddJob(ctx, j, now.Add(-jobStale))
	if err != nil || kept.ID != j.ID {
		return kept, err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.makeRelease(*j, by, choice)
	}()
	select {
	case <-done:
	case <-time.After(patience):
	case <-ctx.Done():
	}
	return s.Jobs.Job(ctx, j.ID)
}

// makeRelease does the work of a job and writes down what came of it.
func (s *Service) makeRelease(j ReleaseJob, by *Staff, choice ReleaseChoice) {
	limit := fault.New(fault.Unavailable, "release.job.limit", "Minutes", int(JobLimit.Minutes()))
	stopped := fault.New(fault.Conflict, "release.job.stopped")
	within, cancel := context.WithTimeoutCause(context.Background(), JobLimit, limit)
	defer cancel()
	ctx, stop := context.WithCancelCause(within)
	defer stop(nil)
	var at atomic.Pointer[disclosure.Progress]
	at.Store(&disclosure.Progress{})
	beating := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-beating:
				return
			case <-time.After(jobBeat):
			}
			beat := j
			p := at.Load()
			beat.Rounds, beat.Repairs, beat.Tables, beat.SeenAt = p.Rounds, p.Repair, p.Tables, s.Now().UTC()
			before, err := s.Jobs.SaveJob(ctx, &beat)
			if fault.Is(err, fault.NotFound) || err == nil && before.Stop {
				stop(stopped)
			}
		}
	}()
	release, err := s.draftRelease(ctx, by, choice, func(p disclosure.Progress) { at.Store(&p) })
	close(beating)
	<-over
	j.Running, j.SeenAt = false, s.Now().UTC()
	var f *fault.Error
	switch cause := context.Cause(ctx); {
	case err == nil:
		j.ReleaseID = release.ID
	case errors.As(cause, &f), errors.As(err, &f):
		j.Problem, j.Args = f.Key, f.Args
	default:
		slog.Error("a release could not be made", "error", err)
		j.Problem = "release.job.failed"
	}
	save, cancelSave := context.WithTimeout(context.Background(), jobStale)
	defer cancelSave()
	if _, err := s.Jobs.SaveJob(save, &j); err != nil {
		slog.Error("what came of a release could not be written down", "error", err)
	}
}

// ReleaseJob returns how far a release is that the officer began. fault.NotFound for others' jobs.
func (s *Service) ReleaseJob(ctx context.Context, by *Staff, id string) (*ReleaseJob, error) {
	if err := by.Allow(ProposeReleases); err != nil {
		return nil, err
	}
	j, err := s.Jobs.Job(ctx, id)
	if err != nil {
		return nil, err
	}
	if j.StaffID != by.ID {
		return nil, fault.New(fault.NotFound, "error.text.not_found")
	}
	return j, nil
}

// StopRelease asks a job to stop; it does so within seconds, and nothing is made.
func (s *Service) StopRelease(ctx context.Context, by *Staff, id string) error {
	j, err := s.ReleaseJob(ctx, by, id)
	if err != nil || !j.Running {
		return err
	}
	j.Stop = true
	_, err = s.Jobs.SaveJob(ctx, j)
	return err
}
