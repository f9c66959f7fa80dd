package privacy

import "folkmoot/internal/fault"

// notifying is what an entry of a register says of telling its recipient of a rectification, an erasure or a restriction (art. 19).
type notifying struct {
	asked  *bool   // it has to be told
	since  *Date   // from when on; empty where an officer noted it by hand
	told   *Date   // when it was told
	untold *string // why it is not: that is impossible or takes disproportionate effort
}

func (d *Disclosure) notifying() notifying {
	return notifying{&d.Notify, &d.NotifySince, &d.Notified, &d.NotTold}
}

func (p *Processor) notifying() notifying {
	return notifying{&p.Notify, &p.NotifySince, &p.Notified, &p.NotTold}
}

// outstanding reports whether the recipient was neither told nor is there a reason not to.
func (n notifying) outstanding() bool { return *n.asked && *n.told == "" && blank(*n.untold) }

// again asks for a notice from the day on, and returns what became of the one before: the day on which the recipient was told or why it was not, "" for neither.
func (n notifying) again(on Date) (before string) {
	before = string(*n.told)
	if before == "" {
		before = *n.untold
	}
	*n.asked, *n.since, *n.told, *n.untold = true, on, "", ""
	return before
}

// replaces checks that an edit of was takes no notice away and does not say that it was given before it was asked for; noun names the register. It returns fault.Invalid with the field.
func (n notifying) replaces(was notifying, noun string) error {
	*n.since = *was.since
	switch {
	case *was.asked && !*n.asked:
		return fault.New(fault.Invalid, "error."+noun+".unticked").At("notify")
	case *n.told != "" && *n.told < *n.since:
		return fault.New(fault.Invalid, "error."+noun+".notified_before").At("notified-day")
	}
	return nil
}
