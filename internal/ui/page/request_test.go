package page_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v2"

	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/ui/page"
)

func council() privacy.Council {
	return privacy.Council{
		Name:  locale.Text{locale.English: "Wealdmere Borough Council", locale.Welsh: "Cyngor Bwrdeistref Wealdmere"},
		Email: "haveyoursay@wealdmere.example", Phone: "01632 960 000", Languages: locale.Langs(), Colour: "#1d4f78",
	}
}

func newKit(t testing.TB, change func(*page.Options)) (*page.Kit, *memoryRows) {
	t.Helper()
	rows := newRows()
	o := page.Options{Catalogue: locale.Must(), Council: council, Sessions: rows, CookieKeys: [][]byte{make([]byte, 32)}}
	if change != nil {
		change(&o)
	}
	k, err := page.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return k, rows
}

func TestNotFound(t *testing.T) {
	k, _ := newKit(t, nil)
	res, err := k.App().Test(httptest.NewRequest(http.MethodGet, "/nothing", nil))
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != fiber.StatusNotFound {
		t.Fatalf("status %d", res.StatusCode)
	}
}
