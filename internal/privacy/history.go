package privacy

import "slices"

// ProcessingVersion is what a version of a notice says of the processing, as data.
type ProcessingVersion struct {
	Version    int // of the notice
	Processing Processing
	Wider      bool // two people found that words of this version say more than those of the one before
}

// History is every version of the processing of one consultation, ascending. Nobody's answers move along it silently: which version holds for
// a person follows from the one that they were told or agreed to, and from what they chose since (councils.md S0-19).
type History []ProcessingVersion

// at returns where a version is in the history; -1 where it is not.
func (h History) at(version int) int {
	return slices.IndexFunc(h, func(v ProcessingVersion) bool { return v.Version == version })
}

// Current is the newest version; 0 where there is none.
func (h History) Current() int {
	if len(h) == 0 {
		return 0
	}
	return h[len(h)-1].Version
}

// Of returns the processing of a version; false where there is none.
func (h History) Of(version int) (Processing, bool) {
	i := h.at(version)
	if i < 0 {
		return Processing{}, false
	}
	return h[i].Processing, true
}

// Choice reports whether somebody for whom the version from holds has a choice about the part before the version to does. Versions that are not
// in the history need one: it fails closed.
func (h History) Choice(part Part, from, to int) bool {
	i, j := h.at(from), h.at(to)
	if i < 0 || j < 0 {
		return true
	}
	wider := slices.ContainsFunc(h[min(i, j)+1:max(i, j)+1], func(v ProcessingVersion) bool { return v.Wider })
	return NeedsChoice(CompareProcessing(h[i].Processing, h[j].Processing), part, wider)
}

// Standing returns which version holds for a person as regards the part. They were told from; agreed are the later versions whose new use they
// agreed to, and still do. Versions that only tell hold for everybody who was told the one before. Where a later version needs a choice that they did
// not make, the earlier one goes on holding; a version after that which takes the new use back holds for them again.
func (h History) Standing(part Part, from int, agreed ...int) int {
	standing := from
	for _, v := range h {
		if v.Version <= standing {
			continue
		}
		if slices.Contains(agreed, v.Version) || !h.Choice(part, standing, v.Version) {
			standing = v.Version
		}
	}
	return standing
}

// MayReceive reports whether somebody for whom the processing holds was told that the recipient gets information at least in the form.
func (p Processing) MayReceive(name string, form Form) bool {
	return slices.ContainsFunc(p.recipients(), func(r Recipient) bool { return r.Name == name && r.Form.reach() >= form.reach() })
}

// WithEquality returns the processing with what the other says about the answers to the equality questions in place of what it says itself.
func (p Processing) WithEquality(other Processing) Processing {
	out := p
	out.Purposes = nil
	for _, purpose := range p.Purposes {
		if partOf(purpose) != PartEquality {
			out.Purposes = append(out.Purposes, purpose)
		}
	}
	for _, purpose := range other.Purposes {
		if partOf(purpose) == PartEquality {
			out.Purposes = append(out.Purposes, purpose)
		}
	}
	out.EqualityPeriod, out.IfTheySayNo = other.EqualityPeriod, other.IfTheySayNo
	out.Categories, out.Uses, out.Partners = other.Categories, other.Uses, other.Partners
	return out
}
