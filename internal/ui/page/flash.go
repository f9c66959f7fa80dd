package page

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"
)

const flashValue = "_flash"

// Tone is how a notification speaks.
type Tone string

// The tones.
const (
	Success   Tone = "success"   // something was done
	Important Tone = "important" // something to know
)

// Notification is the banner at the top of a page.
type Notification struct {
	Tone     Tone
	Text     string // translated
	LinkText string // may be empty
	Href     string
}

// Success reports whether the banner says that something was done.
func (n Notification) Success() bool { return n.Tone == Success }

// flash is a notification that waits in the session for the next page. It is kept as a key, so that it speaks the
// language in which it is read.
type flash struct {
	Tone Tone     `json:"t"`
	Key  string   `json:"k"`
	Args []string `json:"a,omitempty"`
}

// Flash shows a message on the next page of the session. args are name, value pairs of text.
func Flash(c *fiber.Ctx, tone Tone, key string, args ...string) error {
	s, err := Session(c)
	if err != nil {
		return err
	}
	return s.SetJSON(flashValue, flash{Tone: tone, Key: key, Args: args})
}

// Flashed returns the message that the page before left for this one, and forgets it.
func (p *Page) Flashed() (*Notification, error) {
	if p.Bare || p.ctx == nil || !hasSession(p.ctx) {
		return nil, nil
	}
	s, err := Session(p.ctx)
	if err != nil {
		return nil, err
	}
	raw := s.Get(flashValue)
	if raw == "" {
		return nil, nil
	}
	s.Delete(flashValue)
	var f flash
	if err := json.Unmarshal([]byte(raw), &f); err != nil {
		return nil, nil // written by another version: nothing worth failing a page for
	}
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a
	}
	return &Notification{Tone: f.Tone, Text: p.T(f.Key, args...)}, nil
}
