//go:build race

package ui_test

// Bounds of the driver under the race detector: see bounds_test.go.
const (
	leastRequests = 800
	mostRequests  = 900
)
