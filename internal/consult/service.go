package consult

import (
	"time"

	"folkmoot/internal/seal"
	"folkmoot/internal/survey"
)

// Service does what people do. Its fields are set once, before first use.
type Service struct {
	Store    Store
	Sessions SessionStore
	Keys     *seal.Keyring
	Now      func() time.Time // wall clock; UTC is taken from it
	Bank     survey.Bank
	Library  []LibrarySurvey // standard surveys, in the order offered
	Demo     bool            // demonstration world: loud on every page
}

// LibrarySurvey is a standard survey a consultation can start from.
type LibrarySurvey struct {
	Name   string // file name without extension
	Source []byte // YAML
}
