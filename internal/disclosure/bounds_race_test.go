//go:build race

package disclosure_test

// How much there is to do under the race detector, which is ten times slower: see bounds_norace_test.go.
const (
	surveys       = 20
	someSequences = 6
	extreme       = 20
	twoWays       = 2
)
