package consult

import "folkmoot/internal/privacy"

// respondent is the actor of everything residents do. It has no id: the log must not tell who took part.
func respondent() privacy.Actor { return privacy.Actor{Kind: "respondent"} }

// system is the actor of what the service does by itself.
func system() privacy.Actor { return privacy.Actor{Kind: "system"} }

// event is privacy.NewAuditEvent by a short name.
func event(who privacy.Actor, action, object string, detail ...string) privacy.AuditEvent {
	return privacy.NewAuditEvent(who, action, object, detail...)
}
