package consult

import (
	"folkmoot/internal/fault"
	"folkmoot/internal/privacy"
)

// respondent is the actor of everything residents do. It has no id: the log must not tell who took part.
func respondent() privacy.Actor { return privacy.Actor{Kind: "respondent"} }

// system is the actor of what the service does by itself.
func system() privacy.Actor { return privacy.Actor{Kind: "system"} }

// actor names a person who signed in.
func actor(by *Staff) privacy.Actor {
	kind := "staff"
	if by.Role == PartnerUser {
		kind = "partner"
	}
	return privacy.Actor{Kind: kind, ID: by.ID}
}

// event makes an entry for the audit log. detail holds name, value pairs: counts, versions and states only.
func event(who privacy.Actor, action, object string, detail ...string) privacy.AuditEvent {
	e := privacy.AuditEvent{Actor: who, Action: action, Object: object}
	for i := 0; i+1 < len(detail); i += 2 {
		if e.Detail == nil {
			e.Detail = map[string]string{}
		}
		e.Detail[detail[i]] = detail[i+1]
	}
	return e
}

// allow returns fault.Forbidden unless the person has one of the permissions. Every office method calls it first.
func allow(by *Staff, any ...Permission) error {
	for _, p := range any {
		if by.May(p) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "error.forbidden")
}
