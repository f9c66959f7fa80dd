package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"folkmoot/internal/consult"
	"folkmoot/internal/demo"
)

// demonstrate makes the demonstration world in a fresh store and returns what to print: where to look, and how to sign in.
func demonstrate(ctx context.Context, svc *consult.Service, clock *demo.Clock, progress io.Writer) (welcome string, err error) {
	whole, begun, err := demo.Seeded(ctx, svc)
	if err != nil {
		return "", err
	}
	if begun && !whole {
		return "", errors.New("an earlier start was interrupted while it made the demonstration's content: remove the data directory (or the databases) and start again")
	}
	if !whole {
		options := demo.Options{Seed: demo.DefaultSeed, Clock: clock, Progress: dots(progress)}
		if _, err := demo.Seed(ctx, svc, options); err != nil {
			return "", err
		}
	}
	return welcomeText(svc.Address), nil
}

// dots says how far it is: a dot for every tenth.
func dots(out io.Writer) func(done, total int) {
	printed := 0
	_, _ = fmt.Fprint(out, "Making the demonstration's content ")
	return func(done, total int) {
		for ; printed < 10*done/total; printed++ {
			_, _ = fmt.Fprint(out, ".")
			if printed == 9 {
				_, _ = fmt.Fprintln(out)
			}
		}
	}
}

// welcomeText is what a visitor reads first. Scripts look for its first line and for the password.
func welcomeText(address string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "Folkmoot is at %s\n\n", address)
	fmt.Fprintf(&out, "  What residents see    %s/\n", address)
	fmt.Fprintf(&out, "  An open survey        %s/c/%s\n", address, demo.OpenSurvey)
	fmt.Fprintf(&out, "  The council's office  %s/office\n", address)
	fmt.Fprintf(&out, "  The partner's shelf   %s/partner\n\n", address)
	for _, a := range demo.People() {
		fmt.Fprintf(&out, "  %-14s %s\n", a.Role, a.Email)
	}
	fmt.Fprintf(&out, "  Password: %s\n\n", demo.Password)
	out.WriteString("Everything in this demonstration is invented: the council, its residents, what they say, and the partner.\n")
	return out.String()
}
