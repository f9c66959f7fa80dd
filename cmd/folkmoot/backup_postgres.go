package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"

	"folkmoot/internal/backup"
)

// schemaOf is where each database lies on PostgreSQL.
var schemaOf = map[string]string{"main": "folkmoot", "equality": "folkmoot_equality", "keys": "folkmoot_keys"}

// dumps are the parts of a backup of PostgreSQL: what pg_dump writes of each schema, sealed on its way, so that no copy in clear touches a disk here.
func (c backupCommand) dumps(ctx context.Context) (sources []backup.Source, done func() error, err error) {
	tool, err := exec.LookPath("pg_dump")
	if err != nil {
		return nil, nil, errors.New("a backup of PostgreSQL needs its tool pg_dump here, of the release of the server or later (docs/backups.md)")
	}
	for _, name := range copyOrder {
		address := map[string]string{"main": c.DatabaseURL, "equality": or(c.EqualityURL, c.DatabaseURL), "keys": or(c.KeysURL, c.DatabaseURL)}[name]
		place, password, err := withoutPassword(address)
		if err != nil {
			return nil, nil, err
		}
		sources = append(sources, backup.Source{Name: name, Copy: func(w io.Writer) error {
			dump := exec.CommandContext(ctx, tool, "--format=custom", "--no-owner", "--no-privileges", "--schema="+schemaOf[name], "--dbname="+place)
			dump.Env = os.Environ()
			if password != "" {
				dump.Env = append(dump.Env, "PGPASSWORD="+password)
			}
			var said strings.Builder
			dump.Stdout, dump.Stderr = w, &said
			if err := dump.Run(); err != nil {
				return fmt.Errorf("pg_dump: %w: %s", err, strings.TrimSpace(said.String()))
			}
			return nil
		}})
	}
	return sources, func() error { return nil }, nil
}

// withoutPassword takes the password out of an address: the arguments of a process can be read by everybody on the machine.
func withoutPassword(address string) (place, password string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", "", errors.New("a backup needs the address of the database as a URL, for example postgres://folkmoot@db/folkmoot")
	}
	if u.User != nil {
		password, _ = u.User.Password()
		u.User = url.User(u.User.Username())
	}
	if q := u.Query(); q.Has("password") {
		password = q.Get("password")
		q.Del("password")
		u.RawQuery = q.Encode()
	}
	return u.String(), password, nil
}
