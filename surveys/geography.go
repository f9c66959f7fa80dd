package surveys

import (
	"bytes"
	"encoding/csv"
	"sync"

	"folkmoot/internal/locale"
)

// Unit is one postcode of a geography: the ward it lies in and the area of that ward. A ward lies in one area.
type Unit struct {
	Postcode string // canonical form, "WM1 2AB"
	Ward     string // code, [a-z0-9_]+
	WardName locale.Text
	Area     string // code, [a-z0-9_]+
	AreaName locale.Text
}

// DemoGeography returns the postcodes of Wealdmere, the fictional borough of the demonstration world, in the order
// of postcodes: six wards of uneven size in two areas. WM is not a postcode area of Royal Mail. The result is
// shared: do not change it. It panics if the embedded table is broken, which the package's tests exclude.
var DemoGeography = sync.OnceValue(func() []Unit {
	rows, err := csv.NewReader(bytes.NewReader(read("demo/wards.csv"))).ReadAll()
	if err != nil {
		panic("surveys: " + err.Error())
	}
	var out []Unit
	for _, r := range rows[1:] {
		out = append(out, Unit{Postcode: r[0], Ward: r[1], WardName: bilingual(r[2], r[3]), Area: r[4], AreaName: bilingual(r[5], r[6])})
	}
	return out
})

func bilingual(en, cy string) locale.Text {
	return locale.Text{locale.English: en, locale.Welsh: cy}
}
