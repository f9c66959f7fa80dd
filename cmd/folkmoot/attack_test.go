package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"folkmoot/internal/disclosure/attack"
)

// folder writes a public folder; files are name and content in turn.
func folder(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	testDims  = "dim,role,complete\nward,,yes\nq,sensitive,yes\n"
	testCodes = "dim,code,parent,score\nward,a,n,\nward,b,n,\nward,c,,\nward,n,,\nq,yes,,5\nq,no,,1\n"
	testHead  = "release,table,measure,over,value,lo,hi,status,ward,q\n"
)

// testSafe hides four cells that cannot be told.
const testSafe = testHead + "1,t,count,,200,,,p,*,*\n1,t,count,,120,,,p,*,yes\n1,t,count,,80,,,p,*,no\n" +
	"1,t,count,,60,,,p,a,\n1,t,count,,60,,,p,b,*\n1,t,count,,80,,,p,c,*\n" +
	"1,t,count,,,,,s,a,yes\n1,t,count,,,,,s,a,no\n1,t,count,,,,,s,b,yes\n1,t,count,,,,,s,b,no\n1,t,count,,50,,,p,c,yes\n1,t,count,,30,,,p,c,no\n"

func TestAttackCommand(t *testing.T) {
	good := folder(t, "dims.csv", testDims, "codes.csv", testCodes, "cells.csv", testSafe)
	told := folder(t, "dims.csv", testDims, "codes.csv", testCodes, "cells.csv", strings.Replace(testSafe, "1,t,count,,,,,s,a,yes", "1,t,count,,57,,,p,a,yes", 1))
	later := strings.NewReplacer("\n1,", "\n2,", "200", "201", "120", "121", "60,,,p,a", "61,,,p,a").Replace(testSafe)
	second := folder(t, "dims.csv", testDims, "codes.csv", testCodes, "cells.csv", later, "meta.csv", "key,value\nreleases,append\n")
	for _, test := range []struct {
		why  string
		args []string
		code int
		want []string
	}{
		{"four hidden cells that cannot be told", []string{good}, 0, []string{"Verdict: nothing broken", "hidden figures recovered exactly    0"}},
		{"one of them printed gives the others away", []string{told}, 1, []string{"the hidden figure is 3", "the hidden figure is 47", "Verdict: broken", "cells.csv:9"}},
		{"JSON", []string{told, "--format", "json"}, 1, []string{`"verdict": "broken"`, `"text": "the hidden figure is 3"`}},
		{"one person more, and what they said", []string{good, second}, 1, []string{"joiners", "1 to 2", "1 came between the releases", "all of them gave this answer"}},
		{"all bounds", []string{good, "--bounds"}, 0, []string{"bounds", "ward=a q=yes", "10 to 60"}},
		{"no such folder", []string{"/nowhere/at/all"}, 2, []string{"/nowhere/at/all"}},
		{"an absurd yardstick", []string{good, "--width", "0"}, 2, []string{"--width"}},
	} {
		t.Run(test.why, func(t *testing.T) {
			var out output
			if code := run(t.Context(), append([]string{"attack"}, test.args...), &out, &out); code != test.code {
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

// TestAttackJSON makes sure that the JSON is JSON and says the same.
func TestAttackJSON(t *testing.T) {
	var out, errs output
	run(t.Context(), []string{"attack", "--format", "json", folder(t, "dims.csv", testDims, "codes.csv", testCodes, "cells.csv", testSafe)}, &out, &errs)
	var got struct {
		Verdict string
		Hidden  int
		Broken  []attack.Finding
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil || got.Verdict != "nothing broken" || got.Hidden != 4 || got.Broken == nil {
		t.Errorf("%v %+v", err, got)
	}
}

func TestAttackBadInput(t *testing.T) {
	cell := func(line string) []string {
		return []string{"dims.csv", testDims, "codes.csv", testCodes, "cells.csv", testHead + line + "\n"}
	}
	for _, test := range []struct {
		why   string
		files []string
		want  string
	}{
		{"no files at all", nil, "dims.csv: there is no such file"},
		{"an empty file", []string{"dims.csv", testDims, "codes.csv", testCodes, "cells.csv", ""}, "cells.csv:1: there is no header line"},
		{"an empty survey", []string{"dims.csv", testDims, "codes.csv", testCodes, "cells.csv", testHead}, "nothing was published"},
		{"a column is missing", []string{"dims.csv", "dim,role\nward,\n"}, `dims.csv:1: the column "complete" is missing`},
		{"a column twice", []string{"dims.csv", "dim,dim,role,complete\n"}, "dims.csv:1"},
		{"an unknown role", []string{"dims.csv", "dim,role,complete\nward,secret,yes\n"}, "dims.csv:2: the role"},
		{"a dimension twice", []string{"dims.csv", testDims + "ward,,yes\n"}, "dims.csv:4: dimension ward"},
		{"a dimension called as a column", []string{"dims.csv", "dim,role,complete\nvalue,,yes\n"}, "dims.csv:2"},
		{"an unknown dimension", []string{"dims.csv", testDims, "codes.csv", testCodes + "area,x,,\n"}, "codes.csv:8: unknown dimension"},
		{"an unknown parent", []string{"dims.csv", testDims, "codes.csv", testCodes + "ward,d,x,\n", "cells.csv", testSafe}, `codes.csv:8: code "d" of ward has the unknown parent "x"`},
		{"a cycle", []string{"dims.csv", testDims, "codes.csv", testCodes + "ward,n,a,\n", "cells.csv", testSafe}, "the hierarchy has a cycle"},
		{"two scores", []string{"dims.csv", testDims, "codes.csv", testCodes + "q,yes,,4\n"}, "codes.csv:8: code \"yes\" has another score"},
		{"a score that is no number", []string{"dims.csv", testDims, "codes.csv", testCodes + "q,maybe,,many\n"}, "codes.csv:8"},
		{"a code that is the total", []string{"dims.csv", testDims, "codes.csv", testCodes + "q,*,,\n"}, "codes.csv:8"},
		{"an unknown mode", []string{"dims.csv", testDims, "codes.csv", testCodes, "meta.csv", "key,value\nreleases,some\n"}, "meta.csv:2"},
		{"an unknown code", cell("1,t,count,,3,,,p,zz,*"), "cells.csv:2: unknown code \"zz\" of ward"},
		{"an unknown column", []string{"dims.csv", testDims, "codes.csv", testCodes, "cells.csv", "release,table,measure,over,value,lo,hi,status,age\n"}, "cells.csv:1: the column \"age\""},
		{"a line too short", cell("1,t,count,,3"), "cells.csv:2: wrong number of fields"},
		{"a quote left open", cell("1,t,count,,\"3,,,p,a,*"), "cells.csv:2"},
		{"a negative count", cell("1,t,count,,-3,,,p,a,*"), "cells.csv:2: a negative figure"},
		{"a count with decimals", cell("1,t,count,,3.5,,,p,a,*"), "cells.csv:2: a count that is not a whole number"},
		{"an absurd count", cell("1,t,count,,99999999999999,,,p,a,*"), "cells.csv:2: a figure above"},
		{"more digits than a number has", cell("1,t,count,,999999999999999999999999,,,p,a,*"), "cells.csv:2: value is"},
		{"no number", cell("1,t,count,,many,,,p,a,*"), "cells.csv:2: value is \"many\""},
		{"a status that is none", cell("1,t,count,,3,,,x,a,*"), "cells.csv:2: the status"},
		{"a measure that is none", cell("1,t,median,,3,,,p,a,*"), "cells.csv:2: unknown measure"},
		{"published without a figure", cell("1,t,count,,,,,p,a,*"), "cells.csv:2: published without a figure"},
		{"hidden with its figure", cell("1,t,count,,3,,,s,a,*"), "cells.csv:2: hidden, but its figure is in the file"},
		{"half an interval", cell("1,t,count,,3,2,,p,a,*"), "cells.csv:2: one end"},
		{"an interval upside down", cell("1,t,count,,,9,2,p,a,*"), "cells.csv:2: the interval is empty"},
		{"outside its interval", cell("1,t,count,,1,2,9,p,a,*"), "cells.csv:2: the figure lies outside"},
		{"a percentage over nothing", cell("1,t,pct,,50,,,p,a,yes"), "cells.csv:2: \"over\" names"},
		{"a percentage above 100", cell("1,t,pct,q,101,,,p,a,yes"), "cells.csv:2: a percentage above 100"},
		{"a mean without scores", cell("1,t,mean,ward,3,,,p,*,*"), "cells.csv:2: a mean over ward"},
		{"no release", cell(",t,count,,3,,,p,a,*"), "cells.csv:2: the release"},
		{"the same count twice, not alike", cell("1,t,count,,3,,,p,a,*\n1,u,count,,4,,,p,a,*"), "cells.csv:3: contradicts"},
		{"parts that are more than their total", cell("1,t,count,,3,,,p,a,yes\n1,t,count,,2,,,p,*,yes"), "the tables do not add up"},
		{"margins that do not add up", cell("1,t,count,,10,,,p,*,*\n1,t,count,,4,,,p,*,yes\n1,t,count,,7,,,p,*,no"), "the tables do not add up"},
		{"percentages that no people give", cell("1,t,count,,10,,,p,a,*\n1,t,pct,q,33,,,p,a,yes"), "the tables do not add up"},
	} {
		t.Run(test.why, func(t *testing.T) {
			var out output
			if code := run(t.Context(), []string{"attack", folder(t, test.files...)}, &out, &out); code != 2 {
				t.Errorf("exit status %d, want 2", code)
			}
			if !strings.Contains(out.String(), test.want) {
				t.Errorf("no %q in:\n%s", test.want, out.String())
			}
		})
	}
}

// FuzzAttack reads whatever and attacks it: a finding or a fault with its file, never a panic.
func FuzzAttack(f *testing.F) {
	f.Add(testDims, testCodes, "key,value\nreleases,churn\n", testSafe+"2,t,count,,201,,,p,*,*\n")
	f.Add(testDims, testCodes, "", testHead+"1,t,pct,q,33.3,,,p,a,yes\n1,t,mean,q,3.25,,,p,a,*\n1,t,count,,,0,9,s,n,*\n1,t,count,,15,13,17,p,a,*\n")
	f.Add("dim,role,complete\nx,special,no\n", "dim,code,parent,score\nx,a,b,-1\nx,b,,\n", "", "release,table,measure,over,value,lo,hi,status,x\n1,t,count,,,,,s,a\n")
	f.Fuzz(func(t *testing.T, dims, codes, meta, cells string) {
		p := newPublicFiles()
		p.readDims("dims.csv", strings.NewReader(dims))
		p.readCodes("codes.csv", strings.NewReader(codes))
		p.readMeta("meta.csv", strings.NewReader(meta))
		p.readCells("cells.csv", strings.NewReader(cells))
		for _, fault := range p.faults {
			if fault.At.File == "" || fault.Text == "" {
				t.Errorf("a fault without place or text: %+v", fault)
			}
		}
		if len(p.faults) > 0 {
			return
		}
		o := attack.Default()
		o.MaxUnknowns = 2_000
		ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer stop()
		_, err := attack.Run(ctx, p.in, o)
		var faults attack.Faults
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("not a fault: %v", err)
		}
	})
}
