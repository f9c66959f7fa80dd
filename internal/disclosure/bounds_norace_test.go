//go:build !race

package disclosure_test

// How many random surveys and random sequences of releases the attackers get, how many codes the widest table of nobody but single
// respondents has, and how many surveys with two dimensions there are. `make test` runs them once in full, without the race detector, and a few
// with it, as every test, for the races.
const (
	surveys       = 220
	someSequences = 50
	extreme       = 60
	twoWays       = 6
)
