//go:build !race

package ui_test

// Bounds of the driver (security.md R13). `make test` runs it once without the race detector for the number, and with it, as
// every test, for the races: that costs five times as much for each request.
const (
	leastRequests = 10_000
	mostRequests  = 10_400
)
