package consult

import "strings"

// AuditKind is what an entry of the audit log tells about somebody's data. The zero value is invalid.
type AuditKind string

// The kinds.
const (
	Saw       AuditKind = "saw"       // somebody looked at answers, or at figures made of them
	Exported  AuditKind = "exported"  // answers, or the log itself, left as a file
	Changed   AuditKind = "changed"   // something was added or changed
	Disclosed AuditKind = "disclosed" // figures were given to others
	Erased    AuditKind = "erased"    // answers, keys or drafts are gone
	Entered   AuditKind = "entered"   // somebody came, went, or tried to come in
	Ran       AuditKind = "ran"       // the service itself
)

// AuditKinds lists the kinds in the order in which they are offered.
func AuditKinds() []AuditKind {
	return []AuditKind{Saw, Exported, Changed, Disclosed, Erased, Entered, Ran}
}

// AuditAction is one thing that the log says: noun.verb.
type AuditAction struct {
	Name string
	Kind AuditKind
}

// Noun is what the action is about.
func (a AuditAction) Noun() string {
	noun, _, _ := strings.Cut(a.Name, ".")
	return noun
}

// auditActions is everything that the service writes into the log. A test compares it with the source: an action that is missing here would be
// missing from the filters of the log.
var auditActions = []AuditAction{
	{"consultation.create", Changed}, {"consultation.details", Changed}, {"consultation.survey", Changed}, {"consultation.publish", Changed},
	{"consultation.outcome", Changed}, {"consultation.approve_ages", Changed}, {"consultation.erase", Erased},
	{"response.submit", Changed}, {"response.record", Changed}, {"response.unrecord", Erased}, {"form.issue", Changed}, {"response.age", Changed}, {"response.open", Saw}, {"response.withdraw", Erased},
	{"responses.export", Exported}, {"responses.dispose", Erased},
	{"response.restrict", Changed}, {"response.lift", Changed}, {"response.rectify", Changed},
	{"consent.given", Changed}, {"consent.refused", Changed}, {"consent.withdrawn", Erased}, {"consent.renewed", Changed}, {"consent.expired", Ran}, {"consent.prove", Saw},
	{"newuse.given", Changed}, {"newuse.refused", Changed}, {"newuse.withdrawn", Changed},
	{"notice.draft", Changed}, {"notice.edit", Changed}, {"notice.propose", Changed}, {"notice.return", Changed}, {"notice.confirm", Changed},
	{"notice.end", Changed}, {"notice.erase", Erased},
	{"equality.save", Changed}, {equalityChanged, Changed}, {"equality.repair", Erased}, {"equality.dispose", Erased},
	{"results.see", Saw}, {"results.cross", Saw}, {"texts.read", Saw}, {"texts.flagged", Saw},
	{"texts.redact", Changed}, {"texts.clear", Changed}, {"texts.reopen", Changed}, {"texts.scan", Ran}, {"texts.tag", Ran}, {"texts.dispose", Erased},
	{"postcodes.coarsen", Erased}, {"postcodes.part", Ran},
	{"release.estimate", Saw}, {"release.draft", Changed}, {"release.propose", Changed}, {"release.return", Changed}, {"release.approve", Disclosed},
	{"release.open", Disclosed}, {"release.revoke", Changed}, {"release.erase", Erased},
	{"request.open", Saw}, {"request.receive", Changed}, {"request.acknowledge", Changed}, {"request.ask_identity", Changed}, {"request.identify", Changed}, {"request.pause", Changed},
	{"request.resume", Changed}, {"request.extend", Changed}, {"request.exempt", Changed}, {"request.search", Changed}, {"request.compare", Saw}, {"request.link", Changed}, {"request.dismiss", Changed}, {"request.take", Changed}, {"request.redact", Changed}, {"request.restore", Changed}, {"request.forget", Erased}, {"request.note", Changed},
	{"request.read", Saw}, {"request.restrict", Changed}, {"request.lift", Changed}, {"request.rectify", Changed}, {"request.tell", Changed}, {"request.equality", Changed}, {"request.balance", Changed}, {"request.withdraw_consent", Erased}, {"request.erase", Erased}, {"request.end", Changed},
	{"breach.open", Saw}, {"breach.record", Changed}, {"breach.update", Changed}, {"breach.close", Changed}, {"breach.export", Exported},
	{"screening.answer", Changed}, {"screening.decide", Changed}, {"dpia.save", Changed}, {"processing.snapshot", Ran}, {"processing.export", Exported},
	{"disclosure.open", Saw}, {"disclosure.record", Changed}, {"disclosure.update", Changed}, {"disclosure.close", Changed}, {"disclosure.export", Exported},
	{"request.end_agreement", Changed},
	{"processor.open", Saw}, {"processor.record", Changed}, {"processor.update", Changed}, {"processor.close", Changed}, {"processor.export", Exported},
	{"registers.dispose", Erased},
	{"retention.import_schedule", Changed}, {"retention.remove_schedule", Changed},
	{"retention.rule", Changed}, {"retention.remove", Changed}, {"retention.settings", Changed}, {"retention.hold", Changed}, {"retention.lift", Changed},
	{"retention.review", Changed}, {"retention.preview", Ran}, {"retention.begin", Ran}, {"retention.batch", Ran}, {"retention.certify", Ran},
	{"partner.add", Changed}, {"agreement.add", Changed}, {"agreement.change", Changed},
	{"staff.invite", Changed}, {"staff.invite_first", Changed}, {"staff.reinvite", Changed}, {"staff.accept", Changed}, {"staff.change", Changed}, {"staff.acknowledge", Changed},
	{"support.open", Changed}, {"support.end", Changed}, {"system.open", Saw},
	{"access.review", Changed}, {"access.finish", Changed}, {"access.export", Exported},
	{"staff.sign_in", Entered}, {"staff.sign_in_refused", Entered}, {"staff.sign_out", Entered}, {"code.unknown", Entered},
	{"settings.council", Changed}, {"settings.geography", Changed}, {"settings.protection", Changed}, {"settings.confidentiality", Changed}, {"settings.access", Changed},
	{"keys.sweep", Erased}, {"keys.destroy", Erased}, {"audit.export", Exported}, {"audit.broken", Ran}, {"audit.mended", Ran}, {"audit.restored", Ran}, {"store.claim", Ran}, {"store.restore", Ran}, {"store.accept_list", Ran}, {"demo.seed", Ran},
}

// AuditActions lists what the log can say, in the order of its nouns.
func AuditActions() []AuditAction { return append([]AuditAction(nil), auditActions...) }

// AuditNouns lists what entries are about, in the order in which they are offered.
func AuditNouns() (nouns []string) {
	seen := map[string]bool{}
	for _, a := range auditActions {
		if noun := a.Noun(); !seen[noun] {
			seen[noun] = true
			nouns = append(nouns, noun)
		}
	}
	return nouns
}

// ActionsOf lists the actions of a kind, for AuditFilter.Actions.
func ActionsOf(kind AuditKind) (names []string) {
	for _, a := range auditActions {
		if a.Kind == kind {
			names = append(names, a.Name)
		}
	}
	return names
}
