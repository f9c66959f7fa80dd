// Package uitest starts the pages over the real service and a real database, for tests of the interface. Nothing is a mock:
// a test that stores something finds it in SQLite.
package uitest

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
	"folkmoot/internal/privacy"
	"folkmoot/internal/seal"
	"folkmoot/internal/store"
	"folkmoot/internal/ui/page"
	"folkmoot/surveys"
)

// Start is the first moment of a world: 1:30 UTC of the night in which British clocks go forward.
var Start = time.Date(2026, time.March, 29, 1, 30, 0, 0, time.UTC)

// Clock is the time of a world. It stands still until it is moved.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Move sets the clock.
func (c *Clock) Move(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = to
}

// World is one council's service with its pages.
type World struct {
	Kit     *page.Kit
	Service *consult.Service
	Store   *store.DB
	Clock   *Clock
	Dir     string // data directory
	Log     *Log
}

// Log keeps what was logged, to prove what was not.
type Log struct {
	mu   sync.Mutex
	text []byte
}

// Write appends.
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, b...)
	return len(b), nil
}

// String returns everything that was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

var _ io.Writer = (*Log)(nil)

// Researcher and Administrator are members of staff as the service sees them.
var (
	Researcher    = &consult.Staff{ID: "researcher", Name: "Ros Researcher", Role: consult.Researcher}
	Protection    = &consult.Staff{ID: "protection", Name: "Dee Protection", Role: consult.DPO}
	Administrator = &consult.Staff{ID: "administrator", Name: "Ade Administrator", Role: consult.Administrator}
)

// New makes a world with the demonstration council and its map, and no consultation.
func New(t testing.TB) *World {
	t.Helper()
	return NewIn(t, t.TempDir())
}

// NewIn is New with the data in a directory, which may be on a disk of its own, and with other options of the pages.
func NewIn(t testing.TB, dir string, change ...func(*page.Options)) *World {
	t.Helper()
	ctx := context.Background()
	w := &World{Clock: &Clock{at: Start}, Dir: dir, Log: &Log{}}
	keys, err := seal.NewKeyring(make([]byte, 32))
	check(t, err)
	w.Store, err = store.OpenSQLite(ctx, w.Dir, store.Options{Clock: w.Clock.Now, Migrate: true})
	check(t, err)
	t.Cleanup(func() { check(t, w.Store.Close()) })
	w.Service = &consult.Service{Store: w.Store, Sessions: w.Store, Jobs: w.Store, Keys: keys, Now: w.Clock.Now, Bank: surveys.Bank(),
		Library: library(), Address: "https://haveyoursay.example"}
	_, version, err := w.Service.CouncilVersion(ctx)
	check(t, err)
	problems, err := w.Service.SaveCouncil(ctx, Administrator, version, Council())
	check(t, err)
	if len(problems) > 0 {
		t.Fatalf("council: %+v", problems)
	}
	check(t, w.Service.SaveGeography(ctx, Administrator, geography()))
	options := page.Options{
		Catalogue: locale.Must(),
		Council: func() privacy.Council {
			c, err := w.Service.Council(ctx)
			if err != nil {
				return consult.DefaultCouncil()
			}
			return c
		},
		Sessions:   consult.SealedSessions{Store: w.Store, Keys: keys},
		CookieKeys: [][]byte{keys.SessionKey()[:32]},
		Log:        slog.New(slog.NewTextHandler(w.Log, nil)),
		Now:        w.Clock.Now,
	}
	for _, do := range change {
		do(&options)
	}
	w.Kit, err = page.New(options)
	check(t, err)
	return w
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func library() []consult.LibrarySurvey {
	var out []consult.LibrarySurvey
	for _, name := range surveys.Standard() {
		source, _ := surveys.StandardSource(name)
		out = append(out, consult.LibrarySurvey{Name: name, Source: source})
	}
	return out
}

// Council is Wealdmere, which does not exist.
func Council() privacy.Council {
	c := consult.DefaultCouncil()
	c.Name = both("Wealdmere Borough Council", "Cyngor Bwrdeistref Wealdmere")
	c.ShortName, c.Address = "WEM", "Town Hall\nMarket Street\nWealdmere"
	c.Email, c.Phone, c.Website = "haveyoursay@wealdmere.example", "01632 960 000", "https://www.wealdmere.example"
	c.DPOName, c.DPOEmail, c.DPOPhone = "Data Protection Officer", "dpo@wealdmere.example", "01632 960 001"
	c.Registration = "Z0000000"
	c.ComplaintsHow = both("Write to the data protection officer.", "Ysgrifennwch at y swyddog diogelu data.")
	return c
}

func both(en, cy string) locale.Text { return locale.Text{locale.English: en, locale.Welsh: cy} }

func geography() *consult.Geography {
	g := &consult.Geography{Postcodes: map[string]string{}}
	areas, wards := map[string]bool{}, map[string]bool{}
	for _, u := range surveys.DemoGeography() {
		if !areas[u.Area] {
			areas[u.Area] = true
			g.Areas = append(g.Areas, consult.Area{Code: u.Area, Label: u.AreaName})
		}
		if !wards[u.Ward] {
			wards[u.Ward] = true
			g.Wards = append(g.Wards, consult.Ward{Code: u.Ward, Label: u.WardName, Area: u.Area})
		}
		g.Postcodes[u.Postcode] = u.Ward
	}
	return g
}

// Publish publishes a consultation that has been open for a day and closes in ten. source is YAML, or the name of a standard
// survey. change edits its details before that.
func (w *World) Publish(t testing.TB, slug, source string, change func(*consult.Details)) *consult.Consultation {
	t.Helper()
	ctx := context.Background()
	name, yaml := source, []byte(nil)
	if len(source) > 60 {
		name, yaml = "", []byte(source)
	}
	c, faults, err := w.Service.CreateConsultation(ctx, Researcher, name, yaml)
	check(t, err)
	if len(faults) > 0 {
		t.Fatalf("survey: %v", faults)
	}
	d := c.Details
	d.About = both("We want to change something. **Nothing is decided.**", "Rydym am newid rhywbeth. **Nid oes dim wedi'i benderfynu.**")
	d.OtherWays = both("Call us, or ask for a paper form.", "Ffoniwch ni, neu gofynnwch am ffurflen bapur.")
	d.OpensAt, d.ClosesAt = Start.AddDate(0, 0, -1), Start.AddDate(0, 0, 10)
	if d.Summary.Empty() {
		d.Summary = both("A consultation.", "Ymgynghoriad.")
	}
	if change != nil {
		change(&d)
	}
	check(t, w.Service.SaveDetails(ctx, Researcher, c.ID, slug, c.Version, d))
	c, _, _, err = w.Service.ConsultationForStaff(ctx, Researcher, c.ID)
	check(t, err)
	if c.Processing.Ages.Youth {
		check(t, w.Service.ApproveAges(ctx, Protection, c.ID, c.Version, "DPIA-7", "Looked at with the schools."))
		c, _, _, err = w.Service.ConsultationForStaff(ctx, Researcher, c.ID)
		check(t, err)
	}
	Screen(t, w.Service, c.ID)
	ready, err := w.Service.Readiness(ctx, Researcher, c.ID)
	check(t, err)
	if !ready.Ready() {
		t.Fatalf("not ready: %+v", ready.Findings)
	}
	check(t, w.Service.Publish(ctx, Researcher, c.ID, c.Version))
	c, _, _, err = w.Service.ConsultationForStaff(ctx, Researcher, c.ID)
	check(t, err)
	return c
}
