package consult

import (
	"time"

	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// Role is what a person who signs in may do. The zero value is invalid.
type Role string

// The roles. A person has one. Administrators manage settings and staff and see no responses.
const (
	Researcher    Role = "researcher"
	Approver      Role = "approver"
	DPO           Role = "dpo"
	Administrator Role = "administrator"
	Interviewer   Role = "interviewer"
	PartnerUser   Role = "partner"
	Support       Role = "support" // of a processor, for hours: see OpenSupport
)

// Roles lists the roles that people are given, in the order in which they are offered. Support is not among them: nobody is given it, an
// account is opened for it.
func Roles() []Role {
	return []Role{Researcher, Approver, DPO, Administrator, Interviewer, PartnerUser}
}

// Permission is one thing a role may do.
type Permission string

// The permissions.
const (
	EnterOffice       Permission = "office.enter" // everybody of the council; it shows nothing by itself
	EditConsultations Permission = "consultations.edit"
	SeeConsultations  Permission = "consultations.see"
	SeeResults        Permission = "results.see"
	ExportResponses   Permission = "responses.export" // apart from seeing results
	RecordResponses   Permission = "responses.record" // take responses down by phone, in person and from paper
	ProposeReleases   Permission = "releases.propose"
	ApproveReleases   Permission = "releases.approve"
	ConfirmChanges    Permission = "changes.confirm" // of what published consultations do with answers
	ManagePartners    Permission = "partners.manage"
	ManageStaff       Permission = "staff.manage"
	ManageSettings    Permission = "settings.manage"
	SeeAudit          Permission = "audit.see"
	KeepRegisters     Permission = "registers.keep" // requests of people, complaints and breaches, and what they are about
	SeeSystem         Permission = "system.see"     // how the service stands and is set, and nothing that people answered
	SeeShelf          Permission = "shelf.see"      // a partner's own releases
)

var permissions = map[Role][]Permission{
	Researcher:    {EnterOffice, EditConsultations, SeeConsultations, SeeResults, ExportResponses, ProposeReleases, RecordResponses},
	Interviewer:   {EnterOffice, SeeConsultations, RecordResponses},
	Approver:      {EnterOffice, SeeConsultations, SeeResults, ApproveReleases, ConfirmChanges, ManagePartners, ProposeReleases},
	DPO:           {EnterOffice, SeeConsultations, ApproveReleases, ConfirmChanges, ManagePartners, SeeAudit, KeepRegisters},
	Administrator: {EnterOffice, SeeConsultations, ManageStaff, ManageSettings, SeeAudit, SeeSystem},
	PartnerUser:   {SeeShelf},
	Support:       {EnterOffice, SeeSystem},
}

// Staff is a person who signs in: of the council, or of a partner (role PartnerUser).
type Staff struct {
	ID           string
	Email        string // folded to lower case; unique
	Name         string
	Role         Role
	PartnerID    string // PartnerUser only
	PasswordHash string // argon2id PHC string; empty until the invitation is used
	Disabled     bool
	Demo         bool // made by demo mode; refused by a production start
	CreatedAt    time.Time
	EndsAt       time.Time // UTC: the account ends by itself then; zero for one without an end
	Version      int64

	Acknowledged int64 // the newest statement of confidentiality that the person has accepted; 0 for none. Read only
	Bound        bool  // has accepted the one that holds now: see Service.StaffMember, which alone says so
}

// May reports whether the person's role has the permission.
func (s *Staff) May(p Permission) bool {
	if s == nil || s.Disabled {
		return false
	}
	for _, q := range permissions[s.Role] {
		if p == q {
			return true
		}
	}
	return false
}

// Allow returns fault.Forbidden unless the person has one of the permissions. Every method for people who signed in calls it first.
func (s *Staff) Allow(any ...Permission) error {
	for _, p := range any {
		if s.May(p) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "error.forbidden")
}

// Actor names the person for the audit log.
func (s *Staff) Actor() privacy.Actor {
	kind := "staff"
	if s.Role == PartnerUser {
		kind = "partner"
	}
	return privacy.Actor{Kind: kind, ID: s.ID}
}

// Invitation is a one-time link to choose a password. Only the hash of its token is stored.
type Invitation struct {
	TokenHash string
	StaffID   string // empty: whoever follows the link becomes the first administrator
	ExpiresAt time.Time
	Used      bool
}

// Session is one browser session as stored: only the SHA-256 of its id, values sealed.
type Session struct {
	IDHash    string
	Kind      string // "respondent" or "staff"
	StaffID   string // for ending all sessions of a person; empty for respondents
	Data      []byte // sealed
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time // absolute
}

// SignInAttempt counts failures for throttling. Key is an HMAC of the e-mail address or of the network, never either itself.
type SignInAttempt struct {
	Key       string
	Failures  int
	LastAt    time.Time
	BlockedTo time.Time
}
