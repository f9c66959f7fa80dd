package demo

import (
	"folkmoot/internal/consult"
	"folkmoot/internal/locale"
)

// libraryHours is a draft that somebody is still writing: its readiness names what is missing.
func libraryHours() plan {
	return plan{
		slug: "library-opening-hours", name: "library-hours", created: -3, opens: 14, closes: 18, department: "Libraries and Leisure",
		unready: func(d *consult.Details) {
			d.Languages = locale.Langs() // the survey itself is not translated yet
			d.ContactEmail, d.ContactPhone = "", ""
			d.Processing.Retention = ""
		},
	}
}
