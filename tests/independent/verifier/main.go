// Command verifier judges an evidence pack. It is written from the normative page of
// the format alone, with nothing but Go's standard library, by somebody who had not
// read the product's own verifiers: where they differ, one of them or the page is wrong.
//
//	verifier [-key VKEY] [-since FILE] PACK...
//
// It prints one line of JSON for each pack. The exit code is that of the last pack:
// 0 sound, 1 not sound, 6 can't be decided.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
)

type verdict struct {
	Verdict  int       `json:"verdict"`
	Event    int64     `json:"event"`
	Check    string    `json:"check"`
	Findings []finding `json:"findings"`
}

// judge runs every check; what came before decides what can still be asked.
func judge(raw []byte, given []string, since []byte) []finding {
	p := &pack{}
	if !p.open(raw) {
		return p.findings
	}
	p.checkTexts()
	if !p.checkKey(given) {
		return p.findings
	}
	p.checkNote()
	if !p.checkHead() || !p.checkCheckpoint() {
		return p.findings
	}
	p.checkEvents()
	p.checkCensus()
	p.checkProofs()
	p.checkConsistency()
	p.checkOpenings()
	p.readErased()
	p.checkFields()
	if since != nil {
		p.checkSince(since)
	}
	return p.findings
}

// conclude: a failure beats a 6, and a finding that names an event one that does not.
func conclude(findings []finding) verdict {
	out := verdict{Check: "sound", Findings: findings}
	weight := func(f finding) int {
		w := 0
		if f.Verdict == 1 {
			w += 2
		}
		if f.Event > 0 {
			w++
		}
		return w
	}
	best := -1
	for _, f := range findings {
		if weight(f) > best {
			best = weight(f)
			out.Verdict, out.Event, out.Check = f.Verdict, f.Event, f.Check
		}
	}
	return out
}

func main() {
	given := flag.String("key", "", "the log's verifier keys, or a file that holds them")
	older := flag.String("since", "", "a file with an older checkpoint")
	flag.Parse()
	keys := strings.Fields(*given)
	if raw, err := os.ReadFile(*given); err == nil {
		keys = strings.Fields(string(raw))
	}
	var since []byte
	if *older != "" {
		var err error
		if since, err = os.ReadFile(*older); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	code := 2
	for _, path := range flag.Args() {
		raw, err := os.ReadFile(path)
		found := []finding{{0, "unreadable", 1}}
		if err == nil {
			found = judge(raw, keys, since)
		}
		out := conclude(found)
		code = out.Verdict
		line, _ := json.Marshal(out)
		fmt.Println(string(line))
	}
	os.Exit(code)
}
