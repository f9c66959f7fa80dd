package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// server is a throw-away PostgreSQL in a temporary directory, on a Unix socket only.
type server struct {
	dir     string
	process *os.Process
	ended   chan error
}

// url returns the address of a database of the server.
func (s *server) url(database string) string {
	return "postgres://postgres@/" + database + "?host=" + s.dir
}

// startServer makes a cluster and starts it. Durable keeps fsync on, as a production server has it.
func startServer(durable bool) (*server, error) {
	bin, err := findPrograms()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "fmpg") // short: a socket's path has at most 107 bytes
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, ended: make(chan error, 1)}
	if err := s.start(bin, durable); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// findPrograms returns the directory of initdb and postgres: Debian keeps them off the PATH.
func findPrograms() (string, error) {
	versions, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(versions, func(a, b string) int { return version(b) - version(a) }) // the newest first
	if path, err := exec.LookPath("initdb"); err == nil {
		versions = append([]string{filepath.Dir(path)}, versions...)
	}
	for _, dir := range versions {
		_, noInit := os.Stat(filepath.Join(dir, "initdb"))
		_, noServer := os.Stat(filepath.Join(dir, "postgres"))
		if noInit == nil && noServer == nil {
			return dir, nil
		}
	}
	return "", errors.New("no PostgreSQL found: install the Debian package postgresql, or name a server in FOLKMOOT_TEST_POSTGRES_URL")
}

func version(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin))) // /usr/lib/postgresql/15/bin
	return n
}

func (s *server) start(bin string, durable bool) error {
	attributes, err := s.dropRoot()
	if err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = s.dir, attributes
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	settings := []string{"-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=128MB"}
	if !durable {
		settings = append(settings, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	if err := s.launch(filepath.Join(bin, "postgres"), settings, attributes); err != nil {
		return err
	}
	return s.await()
}

// dropRoot makes the programs run as user postgres where the tests run as root: PostgreSQL refuses to.
func (s *server) dropRoot() (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT} // no server outlives its tests, even killed ones
	if os.Getuid() != 0 {
		return attributes, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no user to run it as: %w", err)
	}
	uid, errUID := strconv.Atoi(owner.Uid)
	gid, errGID := strconv.Atoi(owner.Gid)
	if err := errors.Join(errUID, errGID, os.Chown(s.dir, uid, gid)); err != nil {
		return nil, err
	}
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attributes, nil
}

// launch starts the server from a thread that lives as long as the server does: the death signal follows the thread, not the
// process.
func (s *server) launch(program string, settings []string, attributes *syscall.SysProcAttr) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		log, err := os.Create(filepath.Join(s.dir, "log"))
		if err != nil {
			started <- err
			return
		}
		defer log.Close()
		command := exec.Command(program, settings...)
		command.Dir, command.SysProcAttr, command.Stdout, command.Stderr = s.dir, attributes, log, log
		err = command.Start()
		s.process = command.Process
		started <- err
		if err == nil {
			s.ended <- command.Wait()
		}
	}()
	return <-started
}

// await waits until the server answers.
func (s *server) await() error {
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		conn, err := pgx.Connect(ctx, s.url("postgres"))
		cancel()
		if err == nil {
			return conn.Close(context.Background())
		}
		select {
		case <-s.ended:
			s.process = nil
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("the PostgreSQL server ended: %s", bytes.TrimSpace(log))
		default:
		}
		if time.Now().After(end) {
			return fmt.Errorf("the PostgreSQL server does not answer: %w", err)
		}
	}
}

// stop ends the server at once and removes its directory.
func (s *server) stop() {
	if s.process != nil {
		_ = s.process.Signal(syscall.SIGQUIT)
		<-s.ended
	}
	_ = os.RemoveAll(s.dir)
}
