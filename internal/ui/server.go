// Package ui answers: which pages are there, and what does each of them stand on?
//
// It puts the sides of the service together: residents (public, respond), staff and partners. The pages themselves are in the
// packages below; what they share is in page.
//
// Reviewers: designer, accessibility.
package ui

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/consult"
	"folkmoot/internal/fault"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/inside"
	"folkmoot/internal/ui/page"
	"folkmoot/internal/ui/public"
	"folkmoot/internal/ui/respond"
	"folkmoot/internal/ui/rights"
)

// Options is what the pages are made of. Only Service must be given.
type Options struct {
	Service        *consult.Service
	OnlyAddress    bool // requests for another host than that of the service's address are refused
	HTTPS          bool // the service is reached over https
	Limits         page.Limits
	TrustedProxies []string // addresses whose X-Forwarded-* headers are believed; none by default
	Log            *slog.Logger
}

// New makes the application with all its pages. It returns an error for missing assets and for templates that do not parse.
func New(o Options) (*fiber.App, error) {
	k, err := Kit(o)
	if err != nil {
		return nil, err
	}
	return k.App(), nil
}

// Kit makes the application and returns the kit it is built from, which knows every route: for tests.
func Kit(o Options) (*page.Kit, error) {
	if o.Service == nil {
		return nil, errors.New("ui: a service is needed")
	}
	messages, err := locale.New()
	if err != nil {
		return nil, err
	}
	s := o.Service
	k, err := page.New(page.Options{
		Catalogue:      messages,
		Council:        council(s, o.Log),
		Sessions:       consult.SealedSessions{Store: s.Sessions, Keys: s.Keys},
		CookieKeys:     [][]byte{s.Keys.SessionKey()},
		Address:        s.Address,
		OnlyAddress:    o.OnlyAddress,
		HTTPS:          o.HTTPS,
		Demo:           s.Demo,
		Log:            o.Log,
		Now:            s.Now,
		Limits:         o.Limits,
		TrustedProxies: o.TrustedProxies,
	})
	if err != nil {
		return nil, err
	}
	k.App().Get(page.HealthPath, health(s))
	public.Register(k, s)
	respond.Register(k, s)
	rights.Register(k, s)
	inside.Register(k, s)
	return k, nil
}

// council returns the settings for the frame of every page, error pages included. While the database cannot be reached pages keep the
// council they had, with its contacts: then people need them most.
func council(s *consult.Service, log *slog.Logger) func() privacy.Council {
	if log == nil {
		log = slog.Default()
	}
	var last atomic.Pointer[privacy.Council]
	first := consult.DefaultCouncil()
	last.Store(&first)
	return func() privacy.Council {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		c, err := s.Council(ctx)
		if err != nil {
			log.Error("council settings", "error", err)
			return *last.Load()
		}
		last.Store(&c)
		return c
	}
}

// health answers 200 while the database answers, and 503 otherwise. It says nothing else.
func health(s *consult.Service) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
		err := s.Store.View(c.UserContext(), func(r consult.Reader) error {
			_, _, err := r.Setting("council")
			return err
		})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return c.Status(fiber.StatusServiceUnavailable).SendString("unavailable\n")
		}
		return c.SendString("ok\n")
	}
}
