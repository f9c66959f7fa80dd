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
	Tone Tone
	Text string // translated
}

// Success reports whether the banner says that something was done.
func (n Notification) Success() bool { return n.Tone == Success }

// flash is a word of success that waits in the session for the next page. It is kept as a key, so that it speaks the
// language in which it is read.
type flash struct {
	Key  string   `json:"k"`
	Args []string `json:"a,omitempty"`
}

// Done leads on to a path after something was done, and says so there. args are name, value pairs of text.
func Done(c *fiber.Ctx, path, key string, args ...string) error {
	s, err := Session(c)
	if err != nil {
		return err
	}
	if err := s.SetJSON(flashValue, flash{Key: key, Args: args}); err != nil {
		return err
	}
	return Redirect(c, path)
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
	return &Notification{Tone: Success, Text: p.T(f.Key, args...)}, nil
}
