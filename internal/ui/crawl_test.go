package ui_test

import (
	"net/http"
	"slices"
	"strings"

	"folkmoot/internal/ui/page"
)

// target is something that can be asked of the service by somebody: a page, or a form with the page it stands on.
type target struct {
	by    *actor
	route string // method and pattern without the language
	at    string // address of the page
	form  *blank // nil for a page
	code  int    // what the page answered
	kind  string // targets of one kind do instead of each other
}

// routeOf finds the route that answers an address: as the router does, the first that fits.
func (s *siege) routeOf(method, address string) (page.Route, bool) {
	path, _, _ := strings.Cut(address, "?")
	if path == "/cy" {
		path = "/"
	} else if strings.HasPrefix(path, "/cy/") {
		path = path[3:]
	}
	for _, r := range s.Kit.All() {
		if r.Method == method && fits(r.Path, path) {
			return r, true
		}
	}
	return page.Route{}, false
}

func fits(pattern, path string) bool {
	want, have := strings.Split(strings.Trim(pattern, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	return slices.EqualFunc(want, have, func(w, h string) bool {
		fixed, name, parameter := strings.Cut(w, ":") // "results.:format", ":release.:format"
		return w == h || parameter && len(h) > len(fixed) && strings.HasPrefix(h, fixed) && (!strings.Contains(name, ".") || strings.Contains(h, "."))
	})
}

// learn remembers what stood where the pattern of an address has parameters.
func (s *siege) learn(r page.Route, address string) {
	path, _, _ := strings.Cut(strings.TrimPrefix(address, "/cy"), "?")
	have := strings.Split(strings.Trim(path, "/"), "/")
	pattern := ""
	for i, w := range strings.Split(strings.Trim(r.Path, "/"), "/") {
		pattern += "/" + w
		if strings.Contains(w, ":") && i < len(have) && !slices.Contains(s.known[pattern], have[i]) && len(s.known[pattern]) < 24 {
			s.known[pattern] = append(s.known[pattern], have[i])
		}
	}
}

// Bounds of a crawl.
const (
	mostPages   = 1300 // of one actor
	mostGuesses = 6    // addresses of one route
)

// crawl follows every link from the actor's first pages and from every address it can make up, and returns a few targets for each
// kind of page and form: by route, language and the names of its fields.
func (s *siege) crawl(a *actor) []target {
	s.t.Helper()
	var out []target
	seen, kinds := map[string]bool{}, map[string]int{}
	queue := append(append([]string{}, a.starts...), s.guesses(a)...)
	guessed, again := len(queue), false
	for pages := 0; pages < mostPages; {
		if len(queue) == 0 {
			if again {
				break
			}
			queue, again = s.guesses(a), true // with what was learnt
			guessed = len(queue)
			continue
		}
		guessed--
		address := queue[0]
		queue = queue[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		r, ok := s.routeOf(http.MethodGet, address)
		if !ok || !strings.HasPrefix(strings.TrimPrefix(address, "/cy"), a.below) || kinds["GET "+r.Path+language(address)] >= 4 && guessed < 0 {
			continue
		}
		answer, err := a.send(a.get(address))
		if err != nil {
			s.t.Errorf("%s: %s: %v", a.name, address, err)
			continue
		}
		pages++
		a.keep(answer)
		for _, fault := range s.faults(a.get(address), false, answer) {
			s.t.Errorf("%s: %s answered %d: %s", a.name, address, answer.status, fault)
		}
		if to := answer.header.Get("Location"); to != "" {
			queue = append(queue, to)
		}
		if answer.status != http.StatusOK {
			out = append(out, s.forms(a, r, address, answer, kinds, nil)...)
			continue
		}
		s.learn(r, address)
		out = append(out, s.forms(a, r, address, answer, kinds, &queue)...)
	}
	return out
}

func language(address string) string {
	if address == "/cy" || strings.HasPrefix(address, "/cy/") || strings.HasPrefix(address, "/cy?") {
		return "cy"
	}
	return "en"
}

// forms returns the page itself and its forms as targets, where they are new, and queues its links.
func (s *siege) forms(a *actor, r page.Route, address string, answer *reply, kinds map[string]int, queue *[]string) (out []target) {
	key := "GET " + r.Path + language(address)
	if answer.status != http.StatusOK {
		key += " elsewhere" // one that leads on, or says why not
	}
	if answer.status < 400 || answer.status == http.StatusGone {
		if kinds[key]++; kinds[key] <= 3 {
			out = append(out, target{a, "GET " + r.Path, address, nil, answer.status, key})
		}
	}
	if !strings.HasPrefix(answer.header.Get("Content-Type"), "text/html") {
		return out
	}
	sheet := a.read(address, answer)
	if queue != nil {
		*queue = append(*queue, sheet.links...)
	}
	for _, f := range sheet.forms {
		to, ok := s.routeOf(f.method, f.action)
		if !ok {
			s.t.Errorf("%s: %s has a form that leads nowhere: %s %s", a.name, address, f.method, f.action)
			continue
		}
		s.learn(to, f.action)
		key := f.method + " " + to.Path + language(address) + strings.Join(f.names(), ",")
		if kinds[key]++; kinds[key] <= 3 && f.method == http.MethodPost {
			out = append(out, target{a, "POST " + to.Path, address, &f, answer.status, key})
		}
	}
	return out
}

// guesses makes addresses for the pages of the actor's side, for who has no side those of everybody, out of what parameters can be.
func (s *siege) guesses(a *actor) []string {
	var out []string
	for _, r := range s.Kit.All() {
		public := r.Area == page.Public
		if r.Method != http.MethodGet || a.below != "" || a.side != "" && public != (a.side == page.Public) {
			continue
		}
		if strings.Contains(r.Path, "/kiosk/") { // it ends the session of whoever opens it: one actor begins there
			continue
		}
		paths, pattern := []string{""}, ""
		for part := range strings.SplitSeq(strings.Trim(r.Path, "/"), "/") {
			pattern += "/" + part
			values := []string{part}
			if strings.Contains(part, ":") {
				values = s.known[pattern]
			}
			var next []string
			for _, v := range values {
				for _, p := range paths {
					next = append(next, p+"/"+v)
				}
			}
			paths = next[:min(len(next), mostGuesses)]
		}
		for i, p := range paths {
			if i%2 == 1 {
				p = strings.TrimSuffix("/cy"+p, "/")
			}
			out = append(out, p)
		}
	}
	return out
}
