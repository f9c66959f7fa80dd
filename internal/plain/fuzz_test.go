package plain_test

import (
	"context"
	"testing"
	"testing/fstest"

	"folkmoot/internal/plain"
)

// FuzzRead: whatever the files hold, reading and protecting them ends in a release, a refusal or faults, never in a panic.
func FuzzRead(f *testing.F) {
	f.Add("id,w,q\na,x,1\nb,y,2\n", "table,dims\nt,w q\n", "dim,role,complete\nw,,yes\nq,sensitive,no\n", "dim,code,parent,score\nw,x,n,\nw,y,n,\nw,n,,\nq,1,,1\n", "k: 2\n")
	f.Add("id,w\n\"a\",\n", "table,dims\nt,w\n", "dim,role,complete\nw,special,\n", "dim,code,parent,score\nw,x,y,\nw,x,z,\nw,y,,\nw,z,,\n", "measures: [count]\n")
	f.Fuzz(func(t *testing.T, responses, tables, dims, codes, policy string) {
		data, err := plain.Read(fstest.MapFS{"responses.csv": {Data: []byte(responses)}, "tables.csv": {Data: []byte(tables)}, "dims.csv": {Data: []byte(dims)},
			"codes.csv": {Data: []byte(codes)}, "policy.yaml": {Data: []byte(policy)}}, nil)
		if err != nil {
			return
		}
		r, err := data.Protect(context.Background(), "r01", make([]byte, 32), nil)
		if err != nil {
			return
		}
		files, err := r.Files("2026-03-29")
		if err != nil {
			t.Fatal(err)
		}
		if _, there := files["cells.csv"]; there == r.Refused {
			t.Error("a refused release has cells, or one that is not has none")
		}
	})
}
