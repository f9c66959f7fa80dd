// Command folkmoot is the whole consultation service in one program: it serves, migrates, checks and seeds.
//
// Reviewer: council IT.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
)

// version is set by the build.
var version = "unknown"

// commands is the command line. Every setting is also an environment variable.
type commands struct {
	Serve       serveCommand       `cmd:"" help:"Serve residents, staff and partners."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the databases' schema up to date."`
	Check       checkCommand       `cmd:"" help:"Check a survey definition, or the whole installation. Read-only."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running service whether it is well; exit status 1 if not."`
	Geography   geographyCommand   `cmd:"" help:"Check or replace the table that turns postcodes into wards."`
	Protect     protectCommand     `cmd:"" help:"Protect plain CSV data against disclosure, together with earlier releases of the same people."`
	Attack      attackCommand      `cmd:"" help:"Try to recover hidden figures from published files alone."`
	Release     releaseCommand     `cmd:"" help:"Work with released files."`
	Receipt     receiptCommand     `cmd:"" help:"Work with receipts for responses and consent."`
	Notice      noticeCommand      `cmd:"" help:"Work with privacy notices."`
	Audit       auditCommand       `cmd:"" help:"Check the audit log, and take copies of it."`
	Retention   retentionCommand   `cmd:"" help:"Show what is kept until when; with --apply dispose of what is due. Import a council's retention schedule."`
	Backup      backupCommand      `cmd:"" help:"Make a sealed backup, also while the service runs."`
	Restore     restoreCommand     `cmd:"" help:"Restore a backup and erase in it what was erased since; shows what it would do, --apply does it."`
	RestoreTest restoreTestCommand `cmd:"" name:"restore-check" help:"Look in a store for anything that the list of erasures says was erased. Changes nothing."`
	Keys        keysCommand        `cmd:"" help:"List the keys of backups; with --apply make a new one, or destroy some."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

// surroundings are what a command may touch beside its settings. Tests bring their own.
type surroundings struct {
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s *surroundings) error {
	_, err := fmt.Fprintln(s.out, version)
	return err
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// exit is kong's wish to end the program.
type exit int

// run carries out one command and returns its exit status: 0 done, 1 failed or found something, 2 unusable arguments or input, 3 refused.
func run(ctx context.Context, args []string, out, errOut io.Writer) (code int) {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("folkmoot"),
		kong.Description("Consultations and surveys for councils. Each setting is a flag and an environment variable."),
		kong.UsageOnError(),
		kong.Writers(out, errOut),
		kong.Exit(func(code int) { panic(exit(code)) }),
	)
	if err != nil {
		fmt.Fprintln(errOut, "folkmoot:", err)
		return 2
	}
	defer func() { // --help prints and asks to exit: the command must not run
		if r := recover(); r != nil {
			e, ok := r.(exit)
			if !ok {
				panic(r)
			}
			code = int(e)
		}
	}()
	parsed, err := parser.Parse(longFlags(args))
	if err != nil {
		fmt.Fprintln(errOut, "folkmoot:", err)
		return 2
	}
	s := &surroundings{in: os.Stdin, out: out, err: errOut, log: slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: slog.LevelInfo}))}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(s); err != nil {
		if errors.Is(err, errUnusable) {
			return 2
		}
		if errors.Is(err, errRefused) {
			return 3
		}
		if !errors.Is(err, errFound) {
			fmt.Fprintln(errOut, "folkmoot:", inEnglish(err))
		}
		return 1
	}
	return 0
}

// errFound says that a check found something and has said what.
var errFound = errors.New("something was found")

// inEnglish says an error in English: the message of a fault with its cause, or the error itself.
func inEnglish(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err.Error()
	}
	messages, lost := locale.New()
	if lost != nil {
		return err.Error()
	}
	text := messages.T(locale.English, f.Key, f.Args...)
	if f.Err != nil {
		text += " (" + f.Err.Error() + ")"
	}
	return text
}
