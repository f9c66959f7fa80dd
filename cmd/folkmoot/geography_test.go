package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGeography(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	startProgram(t, data).stop()
	good := filepath.Join("..", "..", "surveys", "demo", "wards.csv")
	bad := filepath.Join(t.TempDir(), "bad.csv")
	lines := "postcode,ward,ward_en,ward_cy,area,area_en,area_cy\n" +
		"WM1 1AA,a,A,A,n,North,Gogledd\nnowhere,a,A,A,n,North,Gogledd\nWM1 1AA,b,B,B,n,North,Gogledd\nWM1 1AB,a,A,A,s,South,De\n"
	if err := os.WriteFile(bad, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"only checked", []string{good}, 0, []string{"600 postcodes, 6 wards, 2 areas", "Nothing was changed"}},
		{"every fault with its line", []string{bad, "--apply"}, 1, []string{"line 3: \"nowhere\"", "line 4: WM1 1AA is in two wards", "line 5: ward a has two names or lies in two areas"}},
		{"stored", []string{good, "--apply"}, 0, []string{"600 postcodes"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out output
			code := run(t.Context(), append([]string{"geography", "--data", data}, test.args...), &out, &out)
			if code != test.code {
				t.Errorf("exit status %d, want %d", code, test.code)
			}
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in:\n%s", want, out.String())
				}
			}
		})
	}
}
