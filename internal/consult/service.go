package consult

import (
	"sync"
	"time"

	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// Service does what people do. Its exported fields are set once, before first use; it is then safe for concurrent use.
type Service struct {
	Store    Store
	Sessions SessionStore
	Jobs     JobStore
	Keys     *seal.Keyring
	Anchor   AnchorPlace      // outside every database, beside that in the store; nil: there is none
	Erasures ErasureList      // what was erased, outside the stores; nil keeps none, for tests
	Now      func() time.Time // wall clock; UTC is taken from it
	Bank     survey.Bank
	Library  []LibrarySurvey // standard surveys, in the order offered
	Demo     bool            // demonstration world: loud on every page
	Address  string          // public address without a slash at the end; the consent statement names it

	definitions   parsed   // by the hash of their source
	consultations versions // by id and version
	settings      settings // for a moment
	estimates     estimates
	settling      sync.Mutex
	profiles      sync.Mutex // held between a look at an equality profile and the end of its key, and by who looks whether the key is there
	texts         sync.Mutex // held while keys and tags of stored texts change with them: Rectify, TagTexts, SweepKeys
	keeping       sync.Map   // by version of a published survey: whether it keeps postcodes
	orphans       orphans    // keys that may belong to a record that is just being stored
}

// LibrarySurvey is a standard survey a consultation can start from.
type LibrarySurvey struct {
	Name   string // file name without extension
	Source []byte // YAML
}
