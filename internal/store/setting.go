package store

import "fmt"

var (
	setting    = sqlText(`select value, version from setting where name = $1`)
	addSetting = sqlText(`
insert into setting (name, value, version)
values ($1, $2, 1)
on conflict do nothing`)
	updateSetting = sqlText(`
update setting
set value = $3, version = version + 1
where name = $1 and version = $2`)
)

// Setting returns a setting and its version.
func (r *reader) Setting(name string) (value []byte, version int64, err error) {
	if err := r.row(setting, []any{&value, &version}, name); err != nil {
		return nil, 0, fmt.Errorf("read setting %s: %w", name, err)
	}
	return value, version, nil
}

// PutSetting stores the setting that was read with the version, 0 for a new one. fault.Conflict if somebody else stored it since.
func (w *writer) PutSetting(name string, value []byte, version int64) error {
	what := "store setting " + name
	if version == 0 {
		return w.insert(what, addSetting, name, notNil(value))
	}
	return w.update(what, updateSetting, outOfDate(), name, version, notNil(value))
}
