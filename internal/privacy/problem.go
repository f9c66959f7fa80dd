package privacy

// Problem is one fault in something that a person filled in: the field, and a message in both languages.
type Problem struct {
	Field string // as in JSON, parts separated by full stops: "dpo_email", "purposes.0.text"
	Key   string // message key in internal/locale
	Args  []any  // name, value pairs for the message
}
