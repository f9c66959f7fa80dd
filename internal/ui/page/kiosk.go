package page

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// kioskValue is where the session of a shared device keeps the path at which it starts anew for the next person.
const kioskValue = "kiosk"

// BeginKiosk makes the browser a shared device that starts anew at the path: whatever its session held is gone, and its old id is dead. The service
// remembers whoever uses it for idle after their last page.
func BeginKiosk(c *fiber.Ctx, path string, idle time.Duration) error {
	s, err := Session(c)
	if err != nil {
		return err
	}
	clear(s.inner.Values)
	s.Rotate()
	s.Set(kioskValue, path)
	s.LimitIdle(idle)
	return nil
}

// KioskAt returns the path at which a shared device starts anew; empty for every other browser. It makes no session where there is none.
func KioskAt(c *fiber.Ctx) string {
	if state(c).area != Public || !hasSession(c) {
		return ""
	}
	s, err := Session(c)
	if err != nil {
		return "" // the page says so, or needs no session
	}
	return s.Get(kioskValue)
}
