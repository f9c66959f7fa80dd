package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/demo"
	"folkmoot/internal/dpo"
	"folkmoot/internal/privacy"
	"folkmoot/internal/store"
	"folkmoot/internal/ui"
)

const (
	housekeeping = 10 * time.Minute // between two rounds of disposal
	shutdown     = 10 * time.Second // for running requests to end
)

type serveCommand struct {
	storage
	Addr           string   `env:"FOLKMOOT_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen. Port 0 takes a free one."`
	Origin         string   `env:"FOLKMOOT_ORIGIN" placeholder:"URL" help:"Public address, for example https://consult.example.gov.uk. With https cookies are Secure and browsers are told to stay with it. Other hosts are then refused. Default: the address listened on, which must be one."`
	TrustedProxies []string `env:"FOLKMOOT_TRUSTED_PROXIES" placeholder:"ADDRESS" help:"Addresses of reverse proxies whose X-Forwarded headers are believed. Default: none."`
	limitFlags
	listFlag
	Migrate  bool   `env:"FOLKMOOT_MIGRATE" help:"Bring an older schema up to date at start instead of refusing it."`
	Demo     bool   `env:"FOLKMOOT_DEMO" help:"Show a demonstration council with invented content and open sign-ins. Refuses real data."`
	LogLevel string `env:"FOLKMOOT_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"debug, info, warn or error."`
}

// Run serves until the context ends, then lets running requests finish.
func (c serveCommand) Run(ctx context.Context, s *surroundings) error {
	log, err := c.logger(s)
	if err != nil {
		return err
	}
	if err := c.checkKeyPlace(); err != nil { // before anything is made there
		return err
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer func() { _ = listener.Close() }()
	origin, err := c.origin(listener.Addr())
	if err != nil {
		return err
	}
	clock := time.Now
	var past *demo.Clock
	if c.Demo { // what is shown as last month's has to happen last month
		past = &demo.Clock{}
		clock = past.Now
	}
	db, err := c.openWith(ctx, c.Migrate || c.Demo, clock)
	if err != nil {
		return err
	}
	defer func() {
		if err := db.Close(); err != nil {
			log.Error("close the store", "error", err)
		}
	}()
	keys, err := c.keyring(ctx, db, true)
	if err != nil {
		return err
	}
	svc := service(db, keys, c.Demo, origin.String())
	svc.Now = clock
	if !c.Demo { // a demonstration is thrown away and made anew, beside the same key
		svc.Anchor = store.AnchorFile(c.anchorFile())
		if err := c.openList(ctx, svc, c.AcceptLostList); err != nil {
			return err
		}
	}
	welcome, err := c.prepare(ctx, svc, db.Alone(), past, s.err)
	if err != nil {
		return err
	}
	app, err := ui.New(ui.Options{Service: svc, OnlyAddress: c.Origin != "", HTTPS: origin.Scheme == "https", Limits: c.limits(),
		TrustedProxies: c.TrustedProxies, Log: log})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprint(s.out, welcome)

	stopped := make(chan error, 1)
	go func() { stopped <- app.Listener(c.bound(listener, len(c.TrustedProxies) > 0)) }()
	go keepHouse(ctx, svc, log, c.keepBackups(svc, log))
	defer lastCheckpoint(ctx, svc, log)
	select {
	case err := <-stopped:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	if err := app.ShutdownWithTimeout(shutdown); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

// logger writes text lines to standard error. A demonstration only says what went wrong: its console is for the sign-ins.
func (c serveCommand) logger(s *surroundings) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, fmt.Errorf("log level: %w", err)
	}
	if c.Demo && level < slog.LevelWarn {
		level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: level})), nil
}

// origin is the public address without a slash at the end. It stands in links that people are sent, so an address that nobody can follow
// is refused.
func (c serveCommand) origin(listening net.Addr) (*url.URL, error) {
	if c.Origin != "" {
		u, err := url.Parse(strings.TrimSuffix(c.Origin, "/"))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path+u.RawQuery+u.Fragment != "" || u.User != nil {
			return nil, fmt.Errorf("the public address must look like https://consult.example.gov.uk, not %q", c.Origin)
		}
		return u, nil
	}
	u := &url.URL{Scheme: "http", Host: listening.String()}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		return nil, fmt.Errorf("the address listened on: %w", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsUnspecified() {
		return u, nil
	}
	if !c.Demo {
		return nil, fmt.Errorf("listening on every address of this machine (%s) says nothing about where people find the service: "+
			"name its public address with --origin or FOLKMOOT_ORIGIN, for example https://consult.example.gov.uk", u.Host)
	}
	u.Host = net.JoinHostPort("127.0.0.1", port) // a demonstration is looked at where it runs
	return u, nil
}

// prepare claims the store, mends what a crash left, and returns what to print: the sign-ins of a demonstration, or the link for the first
// administrator of a new installation.
func (c serveCommand) prepare(ctx context.Context, svc *consult.Service, alone bool, past *demo.Clock, progress io.Writer) (string, error) {
	if _, err := svc.ClaimOrigin(ctx); err != nil {
		return "", err
	}
	if svc.Erasures != nil {
		_, err := svc.CheckRestored(ctx) // one that is lost was refused, or accepted
		if errors.Is(err, consult.ErrRestored) {
			return "", fmt.Errorf("%w: folkmoot restore --replay", err)
		}
		if err != nil {
			return "", fmt.Errorf("compare the store with the list of erasures: %w", err)
		}
	}
	if err := svc.DisposeEquality(ctx); err != nil { // housekeeping tries again
		_, _ = fmt.Fprintln(progress, "folkmoot: dispose of equality answers:", inEnglish(err))
	}
	if err := svc.FinishErasures(ctx, alone); err != nil {
		return "", fmt.Errorf("finish erasures that were interrupted: %w", err)
	}
	if c.Demo {
		return demonstrate(ctx, svc, past, progress)
	}
	if err := refuseDemoStaff(ctx, svc); err != nil {
		return "", err
	}
	token, err := svc.FirstAdministratorToken(ctx)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("Folkmoot is at %s\n", svc.Address)
	if token != "" {
		text += fmt.Sprintf("\nNobody can sign in yet. Follow this link once to become the first administrator:\n\n  %s/invitation/%s\n\n", svc.Address, token)
	}
	return text, nil
}

// lostList is said of a list of erasures that is not the one that the store knows.
const lostList = "the list of erasures is not the one that this store knows: it was lost, or an older copy of it was put back. What it does not name is not erased anew when an older backup is restored"

// refuseDemoStaff refuses to start with accounts whose password everybody knows. ClaimOrigin refuses a demonstration's store before; this is for
// one whose mark was changed by hand, to go on with what the demonstration began.
func refuseDemoStaff(ctx context.Context, svc *consult.Service) error {
	return svc.Store.View(ctx, func(r consult.Reader) error {
		all, err := r.StaffList()
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.Demo {
				return errors.New("there are demonstration accounts in this store: a real service does not start with them")
			}
		}
		return nil
	})
}

// keepHouse verifies the logs, and disposes of expired sessions and invitations, of counts of failed sign-ins, of what the rules of retention make due and of equality answers whose consent has ended, now and then, until the context ends.
func keepHouse(ctx context.Context, svc *consult.Service, log *slog.Logger, backups func(context.Context)) {
	snapshot(ctx, svc, log)
	finish(ctx, svc, log)
	watch(ctx, svc, log, false)
	backups(ctx)
	tick := time.NewTicker(housekeeping)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			tidy(ctx, svc, log)
			backups(ctx)
		}
	}
}

// snapshot writes the record of processing down, once in every month in which the service runs.
func snapshot(ctx context.Context, svc *consult.Service, log *slog.Logger) {
	defer rescue(log)
	if taken, err := svc.TakeSnapshot(ctx); err != nil && ctx.Err() == nil {
		log.Error("make a snapshot of the record of processing", "error", err)
	} else if taken {
		log.Info("made a snapshot of the record of processing")
	}
}

// finish goes on with disposals that were interrupted, beside the running service: they may take a minute.
func finish(ctx context.Context, svc *consult.Service, log *slog.Logger) {
	defer rescue(log)
	done, err := svc.FinishDisposals(ctx)
	if err != nil && ctx.Err() == nil {
		log.Error("finish a disposal that was interrupted", "error", err)
	}
	if done.Certificates > 0 {
		log.Info("finished a disposal that was interrupted", "responses", done.Responses, "texts", done.Texts, "postcodes", done.Postcodes, "profiles", done.Profiles, "entries", done.Entries, "certificates", done.Certificates)
	}
}

// watch verifies the logs and makes the checkpoints that are due; last is for a service that is about to end. What is wrong with a log is no
// error of the program: the office shows it.
func watch(ctx context.Context, svc *consult.Service, log *slog.Logger, last bool) {
	defer rescue(log)
	states, err := svc.WatchLogs(ctx, last)
	if err != nil && ctx.Err() == nil {
		log.Error("verify the logs", "error", err)
	}
	for _, s := range states {
		if s.Bad != nil {
			log.Error("a log is not as it was written", "log", s.Log, "entry", s.Bad.Sequence, "fault", string(s.Bad.Fault))
		} else if s.Anchors > 0 {
			log.Error("the anchor of a log is not one that this service signed", "log", s.Log)
		} else if !s.Sound() {
			log.Error("what vouches for a log was changed", "log", s.Log)
		}
	}
	if err != nil { // nothing is vouched for that could not be verified
		return
	}
	if err := svc.KeepAnchors(ctx); err != nil && ctx.Err() == nil {
		log.Error("keep the anchors of the logs", "error", err)
	}
	if err := svc.MakeCheckpoints(ctx, last); err != nil && ctx.Err() == nil {
		log.Error("make checkpoints", "error", err)
	}
}

// lastCheckpoint vouches for what was done until the end: nobody watches the database while the service does not run.
func lastCheckpoint(ctx context.Context, svc *consult.Service, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdown)
	defer cancel()
	watch(ctx, svc, log, true)
}

func rescue(log *slog.Logger) {
	if r := recover(); r != nil {
		log.Error("housekeeping", "panic", fmt.Sprint(r))
	}
}

func tidy(ctx context.Context, svc *consult.Service, log *slog.Logger) {
	defer rescue(log)
	snapshot(ctx, svc, log)
	if _, err := svc.Sessions.DisposeSessions(ctx, svc.Now().UTC()); err != nil {
		log.Error("dispose of sessions", "error", err)
	}
	if _, err := svc.Jobs.DisposeJobs(ctx, svc.Now().UTC().Add(-consult.JobLife)); err != nil {
		log.Error("dispose of what came of releases", "error", err)
	}
	if _, err := svc.DisposeSignIns(ctx); err != nil {
		log.Error("dispose of sign-in attempts and invitations", "error", err)
	}
	if n, err := svc.PartPostcodes(ctx); err != nil {
		log.Error("seal postcodes apart from free text", "error", err)
	} else if n > 0 {
		log.Info("sealed postcodes apart from free text that were stored before", "responses", n)
	}
	done, err := svc.RunRetention(ctx, privacy.Actor{Kind: "system"}) // first: what goes because its time is over gets a certificate
	if err != nil {
		log.Error("dispose of what is due", "error", err)
	}
	if done.Certificates > 0 {
		log.Info("disposed of what was due", "responses", done.Responses, "texts", done.Texts, "postcodes", done.Postcodes, "profiles", done.Profiles, "entries", done.Entries, "certificates", done.Certificates)
	}
	if n, err := svc.ExpireConsent(ctx); err != nil {
		log.Error("record consents that have ended", "error", err)
	} else if n > 0 {
		log.Info("recorded consents that have ended", "count", n)
	}
	if n, err := svc.RepairConsent(ctx); err != nil {
		log.Error("erase equality answers", "error", err)
	} else if n > 0 {
		log.Info("erased equality answers whose consent has ended", "count", n)
	}
	if n, err := svc.ScanTexts(ctx); err != nil {
		log.Error("look through free texts", "error", err)
	} else if n > 0 {
		log.Info("looked through free texts that were stored before", "responses", n)
	}
	if n, err := svc.TagTexts(ctx); err != nil {
		log.Error("make the words of free texts searchable", "error", err)
	} else if n > 0 {
		log.Info("made the words of free texts searchable that were stored before", "responses", n)
	}
	if n, err := (&dpo.Desk{Service: svc}).ForgetWords(ctx); err != nil {
		log.Error("take words of respondents out of requests", "error", err)
	} else if n > 0 {
		log.Info("took words of respondents out of requests", "count", n)
	}
	if n, err := svc.SweepKeys(ctx); err != nil {
		log.Error("destroy keys without a record", "error", err)
	} else if n > 0 {
		log.Info("destroyed keys whose record is gone", "count", n)
	}
	watch(ctx, svc, log, false)
}
