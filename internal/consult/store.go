package consult

import (
	"context"
	"time"

	"folkmoot/internal/privacy"
)

// Store holds everything but equality answers and record keys. Both engines implement it.
type Store interface {
	// View runs fn in a read-only transaction with one consistent view.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn in a serializable transaction. fn may run more than once and may share its commit with others
	// (each in a savepoint of its own): it must have no effect but through the Writer. Update returns only after the commit that
	// holds it is durable. A transaction that wrote a record and appended no audit event is rolled back with an error.
	// Errors: fault.Unavailable for a full disk, a locked or unreachable database; nothing is stored then.
	Update(ctx context.Context, fn func(Writer) error) error
	// Current returns an error where the schema is not, or not any more, the one that this program knows: on PostgreSQL a newer program may migrate it meanwhile.
	Current(ctx context.Context) error
	Equality() EqualityStore
	Keys() KeyStore
	Logs() LogStore
	Anchor() AnchorPlace // in the key store
	Erasures() ErasureStore
}

// Reader reads. Not found is fault.NotFound, never (nil, nil). Lists have a total order.
type Reader interface {
	ConsultationReader
	NoticeChangeReader
	ResponseReader
	ConsentReader
	FormReader
	StaffReader
	AccessReader
	ReleaseReader
	RegisterReader
	RetentionReader
	ProcessingReader
	SettingsReader
	AuditReader
	// Now is the time of the transaction, UTC, whole seconds, fixed at its start.
	Now() time.Time
}

// Writer reads and writes.
type Writer interface {
	Reader
	ConsultationWriter
	NoticeChangeWriter
	ResponseWriter
	ConsentWriter
	FormWriter
	StaffWriter
	AccessWriter
	ReleaseWriter
	RegisterWriter
	RetentionWriter
	ProcessingWriter
	SettingsWriter
	AuditWriter
}

// ConsultationFilter narrows a list of consultations. The zero value means all.
type ConsultationFilter struct {
	State State
	Words string // folded with FoldWords; every word must occur in title, summary or department in any language
}

// ConsultationReader reads consultations, published survey versions and notices.
type ConsultationReader interface {
	Consultation(id string) (*Consultation, error)
	ConsultationBySlug(slug string) (*Consultation, error)
	// ConsultationVersion and ConsultationBySlugVersion read nothing but which version there is: what memory holds of that version may
	// then be used again.
	ConsultationVersion(id string) (version int64, err error)
	ConsultationBySlugVersion(slug string) (id string, version int64, err error)
	Consultations(f ConsultationFilter) ([]*Consultation, error) // newest closing date first
	SurveySource(version string) ([]byte, error)                 // the frozen definition of a published version (survey.Thaw)
	Notice(id string, version int) (*privacy.NoticeVersion, error)
	Notices() ([]*privacy.NoticeVersion, error) // all versions, by id, then newest first
}

// NoticeChangeReader reads changes of processing.
type NoticeChangeReader interface {
	NoticeChange(id string) (*NoticeChange, error)
	NoticeChanges(consultationID string) ([]*NoticeChange, error) // confirmed ones by the version that they became, then the open one
	OpenNoticeChanges() ([]*NoticeChange, error)                  // of every consultation: those that are not confirmed, by id
}

// NoticeChangeWriter writes them. What a confirmed change says never changes: the database refuses it too.
type NoticeChangeWriter interface {
	AddNoticeChange(c *NoticeChange) error    // fault.Conflict if the consultation has one that is not confirmed
	UpdateNoticeChange(c *NoticeChange) error // where version = c.Version, then adds one; fault.Conflict if it is older
	EraseNoticeChange(id string) error        // those that are not confirmed; fault.Conflict for others
}

// ConsultationWriter writes them. A published survey version and a notice version are never changed.
type ConsultationWriter interface {
	AddConsultation(c *Consultation) error               // fault.Conflict if the slug is taken
	UpdateConsultation(c *Consultation) error            // where version = c.Version, then adds one; fault.Conflict if it is older
	EraseConsultation(id string) error                   // drafts without responses only
	AddSurveySource(version string, source []byte) error // idempotent
	AddNotice(n *privacy.NoticeVersion) error
}

// DayCount counts responses of one day and channel.
type DayCount struct {
	Day     string // yyyy-mm-dd
	Channel Channel
	Count   int
}

// CodeCount counts one combination of codes, in the order of the dimensions asked for.
type CodeCount struct {
	Codes []string // CodeNotAnswered for a blank
	Count int
}

// ResponseReader reads responses. Lists, counts and tables leave out those whose use is restricted (UK GDPR art. 18).
type ResponseReader interface {
	Response(id string) (*Response, error) // FreeText still sealed, RecordKey nil (it lies in the key store)
	ResponseByToken(tokenHash string) (*Response, error)
	ResponseByCode(codeHash string) (*Response, error)
	// ResponsesByReference finds those with a reference as the receipt shows it; restricted ones too, like ResponsesLike.
	ResponsesByReference(reference string) ([]*Response, error)
	// ResponsesLike returns the next responses of f.ConsultationID that fit, up to limit, in the order of their ids.
	ResponsesLike(f privacy.SubjectQuery, after string, limit int) ([]*Response, error)
	ResponseCount(consultationID string) (int, error)
	// EveryRecord calls fn with the id of every response and of every entry of a register.
	EveryRecord(fn func(id string) error) error
	// EverySealed calls fn with the id of every key that is needed here: of responses with free text, of kept postcodes, of histories of responses and of entries of
	// registers. Beside them equality profiles have keys.
	EverySealed(fn func(keyID string) error) error
	EveryResponseCount() (int, error) // of all consultations, restricted ones too
	Restricted(responseID string) (bool, error)
	RestrictedCount(consultationID string) (int, error)
	ResponsesByDay(consultationID string) ([]DayCount, error)
	// Responses calls fn for every response of the consultation in the order of their ids. It streams.
	Responses(consultationID string, fn func(*Response) error) error
	// ResponsesAfter returns the next responses in that order, up to limit, for readers that must not hold a transaction meanwhile.
	ResponsesAfter(consultationID, after string, limit int) ([]*Response, error)
	// FlaggedPage returns the responses that hold flagged texts of the consultation from the one with the number offset on, up to limit texts, those in which
	// one waits first, and how many texts of the first response come before. UnscannedResponses is ResponsesAfter for those of any consultation whose Flags are nil,
	// from the first if after is nil.
	FlaggedPage(consultationID string, offset, limit int) (page []*Response, skip int, err error)
	UnscannedResponses(after *Response, limit int) ([]*Response, error)
	// Capture returns how a response came that an officer recorded, sealed; fault.NotFound for others. CapturedAs finds one by its scan token.
	Capture(consultationID, responseID string) ([]byte, error)
	CapturedAs(scanToken string) (responseID string, err error)
	// History returns what stood in a response before each of its corrections, the first first.
	History(consultationID, responseID string) ([]SealedCorrection, error)
	FlagCounts() (map[string]map[FlagState]int, error) // flagged texts by consultation and state
	// Tabulate counts responses by the codes of the dimensions (question ids, "channel", "language"). A multiple-choice question
	// counts each chosen code; with one dimension or two. It is fast: 100,000 responses in well under 100 ms.
	Tabulate(consultationID string, dims []string) ([]CodeCount, error)
}

// ResponseWriter writes them.
type ResponseWriter interface {
	// AddResponse stores the response with its answers. fault.Conflict if its token or code is there already.
	AddResponse(r *Response) error
	AddCapture(consultationID, responseID, scanToken string, sealed []byte) error // goes with the response
	SetFlags(r *Response) error                                                   // its Flags, which are not nil, and Reviews; nothing else
	SetAges(r *Response) error                                                    // its Ages; nothing else
	// Correct stores Answers, FreeText, Postcodes, Flags and Reviews, and adds to the history what stood there before: sealed, and nothing else of it is there.
	// fault.Conflict if there is an entry with one of the numbers.
	Correct(r *Response, before ...SealedCorrection) error
	// PartPostcodes stores FreeText, Postcodes, Flags and Reviews of a response that was Unparted, and the history in place of the one that there was; nil leaves that.
	PartPostcodes(r *Response, history []SealedCorrection) error
	EraseResponse(id string) error                    // leaves no bytes behind: secure delete, checkpoint, vacuum
	Restrict(responseID, entryID string) error        // for a request; idempotent; fault.NotFound if it is not there
	LiftRestriction(responseID, entryID string) error // of that request alone; idempotent
}

// ConsentReader reads the consent ledger.
type ConsentReader interface {
	ConsentEvents(principal string) ([]privacy.ConsentEvent, error)                // in order
	ConsentEventsOf(consultationID string) ([]privacy.ConsentEvent, error)         // in order
	ConsentRecord(consultationID, recordID string) ([]privacy.ConsentEvent, error) // in order; none for an unknown record
	// ConsentEventsOfForm returns the events with one of the keyed hashes of a scan reference, or from before there were any with the reference itself.
	ConsentEventsOfForm(tokens []string, reference string) ([]privacy.ConsentEvent, error)
	EachConsentEvent(fn func(privacy.ConsentEvent) error) error // the whole ledger in order
}

// FormReader reads what was issued on paper or to be read aloud.
type FormReader interface {
	IssuedForm(code string) (*privacy.IssuedForm, error)
	IssuedForms(consultationID string) ([]*privacy.IssuedForm, error) // newest first
}

// FormWriter keeps it, for good.
type FormWriter interface {
	AddForm(f *privacy.IssuedForm) error // sets IssuedAt; fault.Conflict if there is one with its code
}

// ConsentWriter appends to it. There is no update and no erase; the database refuses them too.
type ConsentWriter interface {
	AppendConsent(e privacy.ConsentEvent) (privacy.ConsentEvent, error) // sets Sequence, At, PrevHash, Hash
}

// StaffReader reads staff, invitations, sessions and sign-in attempts.
type StaffReader interface {
	StaffMember(id string) (*Staff, error)
	StaffByEmail(email string) (*Staff, error)
	StaffList() ([]*Staff, error) // by name
	Invitation(tokenHash string) (*Invitation, error)
	SignInAttempt(key string) (*SignInAttempt, error) // zero value if there is none
}

// StaffWriter writes them.
type StaffWriter interface {
	AddStaff(s *Staff) error // fault.Conflict if the e-mail address is taken
	UpdateStaff(s *Staff) error
	PutInvitation(i *Invitation) error
	PutSignInAttempt(a *SignInAttempt) error
	EndSessions(staffID string) error    // all sessions of a person
	EndInvitations(staffID string) error // all unused invitations of a person; "" = of the first administrator
}

// AccessReader reads what staff have to accept, and what was decided about their access.
type AccessReader interface {
	// Confidentiality returns the newest statement of the council's own, else the one with the hash. fault.NotFound if there is neither.
	Confidentiality(hash string) (*Confidentiality, error)
	LastSignIns() (map[string]time.Time, error)       // when each person came in last, by their id, as the audit log says; those who never did are left out
	AccessReviews(limit int) ([]*AccessReview, error) // newest first
	SupportAccess(staffID string) (*SupportAccess, error)
	SupportAccesses(limit int) ([]*SupportAccess, error) // newest first
	AccessReview(number int64) (*AccessReview, error)    //
}

// AccessWriter adds to it. Statements and acknowledgements are never changed and never erased; the database refuses that too.
type AccessWriter interface {
	AddConfidentiality(c *Confidentiality) error           // sets Number and At
	AddAcknowledgement(staffID string, number int64) error // fault.Conflict if the person has accepted it already
	AddAccessReview(r *AccessReview) error                 // sets Number and Version
	AddSupportAccess(a *SupportAccess) error               // sets Version; fault.Conflict if the account has one
	UpdateSupportAccess(a *SupportAccess) error            // as UpdateAccessReview
	UpdateAccessReview(r *AccessReview) error              // where version = r.Version, then adds one; fault.Conflict if it is older or the stored one is finished
}

// ReleaseReader reads partners, agreements and releases.
type ReleaseReader interface {
	Partner(id string) (*Partner, error)
	Partners() ([]*Partner, error)
	Agreement(id string) (*Agreement, error)
	Agreements() ([]*Agreement, error)
	Release(id string) (*Release, error)
	ReleasesOf(consultationID string) ([]*Release, error)
	Releases() ([]*Release, error)                             // newest first
	ReleasesFor(partnerID string) ([]*Release, error)          // published and revoked ones of the partner's agreements
	ReleaseCertificate(releaseID string) ([]byte, error)       // sealed
	ReleaseReport(releaseID string) ([]byte, error)            // sealed
	PrivacyLoss(consultationID string) ([]*PrivacyLoss, error) // in the order of publication
	PublicReleases() (map[string][]string, error)              // consultation id to its releases that everybody can read, the last published first
	PublishedTotals() (map[string][]PublishedTotals, error)    // consultation id to what is published and not revoked, without its tables
}

// ReleaseWriter writes them.
type ReleaseWriter interface {
	AddPartner(p *Partner) error
	AddAgreement(a *Agreement) error
	UpdateAgreement(a *Agreement) error
	AddRelease(r *Release) error
	AddReleaseCertificate(releaseID string, sealed []byte) error // once; erased with the release
	SetReleaseReport(releaseID string, sealed []byte) error      // until the release is published; erased with it
	UpdateRelease(r *Release) error                              // a published release's tables never change: fault.Conflict
	AppendPrivacyLoss(e *PrivacyLoss) error                      // once for each release; see SpendPrivacy
	EraseRelease(id string) error                                // drafts and returned ones only
}

// RegisterReader reads the registers of the data protection officer.
type RegisterReader interface {
	Entry(id string) (*privacy.Entry, error)
	OpenEntries(register privacy.Register) ([]*privacy.Entry, error)             // by the day on which they are due, those without one last
	EndedEntries(register privacy.Register, limit int) ([]*privacy.Entry, error) // newest first
}

// RegisterWriter writes them.
type RegisterWriter interface {
	AddEntry(e *privacy.Entry) error     // sets Number and Version
	ReplaceEntry(e *privacy.Entry) error // as UpdateEntry; no bytes of what it replaces are left
	UpdateEntry(e *privacy.Entry) error  // where version = e.Version, then adds one; fault.Conflict if it is older
	EraseEntry(id string) error
}

// RetentionReader reads what disposal needs, and its proofs.
type RetentionReader interface {
	FreeTextCount(consultationID string) (int, error) // responses that hold free text
	// ResponsesWithText lists the ids of some of them, in order; unparted says whether those are among them that are Unparted.
	ResponsesWithText(consultationID string, limit int, unparted bool) ([]string, error)
	PostcodeCount(consultationID string) (int, error) // responses that hold kept postcodes apart
	ResponsesWithPostcode(consultationID string, limit int) ([]string, error)
	UnpartedCount(consultationID string) (int, error)                               // responses that are Unparted
	UnpartedResponses(consultationID, after string, limit int) ([]*Response, error) // some of them, restricted ones too, in the order of their ids
	Certificate(id string) (*privacy.Certificate, error)                            //
	Certificates(before int64, limit int) ([]*privacy.Certificate, error)           // newest first; before is a sequence, 0 = from the newest
	EachCertificate(fn func(privacy.Certificate) error) error                       // all, in order
}

// RetentionWriter erases free text and appends proofs. Certificates are never changed and never erased; the database refuses that too.
type RetentionWriter interface {
	AddErasure(e PendingErasure) error                                    // for the list of erasures: see ErasureStore
	EraseFreeText(responseID string) error                                // and the history; leaves no bytes behind, and the coded answers and postcodes; fault.NotFound where there is none
	ErasePostcodes(responseID string) error                               // and those in the history, as EraseFreeText
	AppendCertificate(c privacy.Certificate) (privacy.Certificate, error) // sets Sequence, FinishedAt, PrevHash, Hash
}

// ProcessingReader reads screenings and the snapshots of the record of processing.
type ProcessingReader interface {
	Screenings(consultationID string, limit int) ([]*privacy.Screening, error) // newest first
	ProcessingSnapshots(limit int) ([]*privacy.ProcessingSnapshot, error)      // newest first
	ProcessingSnapshot(month string) (*privacy.ProcessingSnapshot, error)      // yyyy-mm
}

// ProcessingWriter adds to them. Neither is ever changed; the database refuses that too. Screenings go with a draft that is erased.
type ProcessingWriter interface {
	AddScreening(consultationID string, s *privacy.Screening) error // fault.Conflict if its sequence is taken
	AddProcessingSnapshot(s *privacy.ProcessingSnapshot) error      // fault.Conflict if the month has one
}

// SettingsReader reads settings: small JSON documents by name ("council", "geography", "origin").
type SettingsReader interface {
	Setting(name string) (value []byte, version int64, err error)
}

// SettingsWriter writes them. version is the one that was read, 0 for a new setting.
type SettingsWriter interface {
	PutSetting(name string, value []byte, version int64) error
}

// AuditFilter narrows the audit log. The zero value means all.
type AuditFilter struct {
	ActorID   string
	ActorKind string    // "respondent", "system"
	Action    string    // prefix
	Actions   []string  // one of these; empty = any
	Object    string    // as it is stored
	From, To  time.Time // UTC: from the one moment on, up to and without the other; zero = no end
	Before    int64     // sequence; 0 = from the newest
	Limit     int       // 0 = 100
}

// AuditReader reads the audit log.
type AuditReader interface {
	AuditEvents(f AuditFilter) ([]privacy.AuditEvent, error) // newest first
	AuditEvent(sequence int64) (privacy.AuditEvent, error)
	EachAuditEvent(fn func(privacy.AuditEvent) error) error // the whole log in order
}

// AuditWriter appends to it.
type AuditWriter interface {
	AppendAudit(e privacy.AuditEvent) error
}

// SessionStore holds browser sessions. Its writes are durable, need no audit event and share commits like Update.
type SessionStore interface {
	Session(ctx context.Context, idHash string) (*Session, error)
	AddSession(ctx context.Context, s *Session) error
	// UpdateSession changes data, seen and staff of a live session; fault.NotFound if it was erased, so that a late save
	// cannot revive it.
	UpdateSession(ctx context.Context, s *Session) error
	// TouchSession notes that a live session was used, and leaves its data alone: a page that is only read must not put
	// back what another request has changed meanwhile. fault.NotFound if it was erased.
	TouchSession(ctx context.Context, idHash string, seen, expires time.Time) error
	// RotateSession erases the session old and adds s in one transaction; fault.NotFound, and nothing added, if old was
	// erased before.
	RotateSession(ctx context.Context, old string, s *Session) error
	EraseSession(ctx context.Context, idHash string) error
	DisposeSessions(ctx context.Context, before time.Time) (int, error) // expired ones
	// DisposeSignIns erases counts of failures whose last one was at or before failed, and invitations, used or not, that had expired at
	// or before expired. It returns how many records that were.
	DisposeSignIns(ctx context.Context, failed, expired time.Time) (int, error)
}

// EqualityStore is the physically separate store of equality answers.
type EqualityStore interface {
	Profile(ctx context.Context, token string) (*EqualityProfile, error)
	Profiles(ctx context.Context, consultationID string, fn func(*EqualityProfile) error) error // in token order
	EveryProfile(ctx context.Context, fn func(*EqualityProfile) error) error                    // of every consultation, in token order
	PutProfile(ctx context.Context, p *EqualityProfile) error
	// ReplaceProfile is PutProfile that returns when no byte of what stood there before is left. fault.Conflict, and nothing written, if what stands
	// there is not was, the sealed bytes as they were read; nil is that nothing does.
	ReplaceProfile(ctx context.Context, p *EqualityProfile, was []byte) error
	// EraseProfile removes the profile so that no byte of it is left in the file or its log. Erasing what is not there is no error.
	EraseProfile(ctx context.Context, token string) error
	EraseProfileOf(ctx context.Context, token, record string) error // EraseProfile of answers under that consent record, and of no others
	EraseProfiles(ctx context.Context, tokens []string) error       // all of them at once, as EraseProfile
}

// KeyStore is the small store of wrapped record keys, apart from the data, so that destroying a key reaches every copy.
type KeyStore interface {
	Key(ctx context.Context, recordID string) ([]byte, error)
	Keys(ctx context.Context, recordIDs []string) (map[string][]byte, error)
	EveryKey(ctx context.Context, fn func(recordID string) error) error // in the order of the ids
	PutKey(ctx context.Context, recordID string, wrapped []byte) error  // idempotent for equal bytes
	// PutTextKey is PutKey with the tags of the words of the record's text (seal.WordTags). They go with the key.
	PutTextKey(ctx context.Context, recordID string, wrapped []byte, tags string) error
	// SetWordTags stores tags by record. Keys that are gone are left out, and no bytes of tags of other words are left.
	SetWordTags(ctx context.Context, tags map[string]string) error
	// WidenWordTags stores tags that hold as those of older rules do: they find, and are made anew.
	WidenWordTags(ctx context.Context, recordID, tags string) error
	ForgetWordTags(ctx context.Context, recordID string) error // so that they are made anew
	// Untagged lists keys after the one given whose tags were never made, or by older rules than WordRules, in the order of the ids.
	Untagged(ctx context.Context, after string, limit int) ([]string, error)
	// FindTagged returns the records of whose tags in says yes, and how many have any. more are those of a key that is named after the record. Several goroutines call
	// in at once.
	FindTagged(ctx context.Context, in func(recordID, tags, more string) bool) (ids []string, looked int, err error)
	DestroyKey(ctx context.Context, recordID string) error // no bytes left; destroying what is not there is no error
	// DestroyKeys destroys all of them at once, as DestroyKey, and with them what is named after them: the id, a dot, and more.
	DestroyKeys(ctx context.Context, recordIDs []string) error
	DestroyNamed(ctx context.Context, recordIDs []string) error // all of them at once, as DestroyKey, and nothing that is named after them
}
