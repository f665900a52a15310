package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// The pack as a whole. Each finding names the event it concerns (0: none) and the check.

type finding struct {
	Event   int64  `json:"event"`
	Check   string `json:"check"`
	Verdict int    `json:"verdict"`
}

var members = []string{
	"LEESMIJ.md", "README.md", "census.json", "checkpoint.txt", "consistency.jsonl",
	"events.jsonl", "log.vkey", "openings.jsonl", "pack.json", "pack.note",
	"proofs.jsonl", "verify.py",
}

type field struct {
	seq  int64
	path string
}

type pack struct {
	files    map[string][]byte
	findings []finding
	key      key   // the log's, as published in the pack
	trusted  []key // given by the reader, from elsewhere
	head     object
	stream   string
	size     int64
	root     hash
	events   []event
	census   int64
	fields   map[field]string // every private field and its commitment
	openings map[field]bool
	withheld map[field]bool
	erased   map[field]bool
	steps    map[int64][]hash // consistency proofs by the older size
}

func (p *pack) wrong(seq int64, check string, detail ...any) {
	if len(detail) > 0 {
		check += ": " + fmt.Sprint(detail...)
	}
	p.findings = append(p.findings, finding{seq, check, 1})
}

func (p *pack) undecided(seq int64, check string) {
	p.findings = append(p.findings, finding{seq, check, 6})
}

func (p *pack) open(raw []byte) bool {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		p.wrong(0, "zip", err)
		return false
	}
	var found []string
	p.files = map[string][]byte{}
	for _, f := range archive.File {
		found = append(found, f.Name)
		if f.Method != zip.Store || f.Modified.Format("2006-01-02 15:04:05") != "1980-01-01 00:00:00" {
			p.wrong(0, "zip: stored, 1980-01-01", f.Name)
		}
		content, err := f.Open()
		if err == nil {
			p.files[f.Name], err = io.ReadAll(content)
		}
		if err != nil {
			p.wrong(0, "zip: unreadable", f.Name)
			return false
		}
	}
	if !contiguous(archive, raw) {
		p.wrong(0, "zip: bytes beside the files")
	}
	if !slices.Equal(found, members) {
		p.wrong(0, "files: exactly these, sorted", found)
		return false
	}
	return true
}

// contiguous tells whether the files lie one behind the other, then the directory, and
// nothing else: a local header has 30 bytes and a name, a directory entry 46 and a name,
// the end 22.
func contiguous(archive *zip.Reader, raw []byte) bool {
	at, directory := int64(0), int64(0)
	for _, f := range archive.File {
		start, err := f.DataOffset()
		at += 30 + int64(len(f.Name))
		if err != nil || start != at || len(f.Extra) > 0 || f.Comment != "" || f.Flags&^0x800 != 0 {
			return false
		}
		at += int64(f.UncompressedSize64)
		directory += 46 + int64(len(f.Name))
	}
	return at+directory+22 == int64(len(raw))
}

func (p *pack) checkTexts() {
	for _, name := range []string{"LEESMIJ.md", "README.md", "checkpoint.txt", "log.vkey", "pack.note", "verify.py"} {
		raw := p.files[name]
		if !bytes.HasSuffix(raw, []byte("\n")) || bytes.HasSuffix(raw, []byte("\n\n")) {
			p.wrong(0, "text file: one newline at the end", name)
		}
	}
}

// checkKey: the page speaks of one key; a log that changed its key has several.
func (p *pack) checkKey(given []string) bool {
	published, err := readKey(strings.TrimSuffix(string(p.files["log.vkey"]), "\n"))
	if err != nil {
		p.wrong(0, "log.vkey", err)
		return false
	}
	p.key = published
	if len(given) == 0 {
		p.trusted = []key{published}
		p.undecided(0, "no key from elsewhere")
		return true
	}
	found := false
	for _, text := range given {
		one, err := readKey(text)
		if err != nil {
			p.wrong(0, "the key given", err)
			return false
		}
		p.trusted = append(p.trusted, one)
		found = found || one.text == published.text
	}
	if !found {
		p.wrong(0, "log.vkey: another key than the one given")
	}
	return true
}

func (p *pack) checkNote() {
	text, signatures, err := readNote(p.files["pack.note"])
	sum := sha256.Sum256(p.files["pack.json"])
	switch {
	case err != nil:
		p.wrong(0, "pack.note", err)
	case text != "polder-pack/1\n"+hex.EncodeToString(sum[:])+"\n":
		p.wrong(0, "pack.note: not about this pack.json")
	case len(signatures) != 1 || !signedBy(p.key, text, signatures):
		p.wrong(0, "pack.note: exactly one signature, by the log's key")
	}
}

// checkHead reads pack.json; false when nothing further can be said.
func (p *pack) checkHead() bool {
	value, err := parse(p.files["pack.json"])
	loose, ok := value.(object)
	if err != nil || !ok {
		p.wrong(0, "pack.json", err)
		return false
	}
	format, ok := loose["format"].(string)
	if !ok {
		p.wrong(0, "pack.json: no format")
		return false
	}
	if format != "polder-pack/1" {
		p.undecided(0, "unknown format")
		return false
	}
	head, ok := exactly(value, "checkpoint", "counts", "created_at", "created_by", "files",
		"first_seq", "format", "last_seq", "stream", "withheld")
	if !ok || !texts(head, "created_at", "created_by", "stream") ||
		!isStream(head["stream"].(string)) || head["first_seq"] != int64(1) {
		p.wrong(0, "pack.json: members")
		return false
	}
	p.head, p.stream = head, head["stream"].(string)
	p.checkFiles()
	p.readWithheld()
	return true
}

func (p *pack) checkFiles() {
	listed, ok := p.head["files"].(object)
	if !ok || len(listed) != len(members)-2 {
		p.wrong(0, "pack.json: files")
		return
	}
	for _, name := range members {
		if name == "pack.json" || name == "pack.note" {
			continue
		}
		sum := sha256.Sum256(p.files[name])
		if listed[name] != hex.EncodeToString(sum[:]) {
			p.wrong(0, "pack.json: hash of file", name)
		}
	}
}

func readField(seq, path any) (field, bool) {
	number, ok := seq.(int64)
	text, ok2 := path.(string)
	return field{number, text}, ok && ok2
}

func readPair(value any) (field, bool) {
	pair, ok := value.([]any)
	if !ok || len(pair) != 2 {
		return field{}, false
	}
	return readField(pair[0], pair[1])
}

func (p *pack) readWithheld() {
	p.withheld = map[field]bool{}
	list, ok := p.head["withheld"].([]any)
	if !ok {
		p.wrong(0, "pack.json: withheld")
	}
	for _, item := range list {
		at, ok := readPair(item)
		if !ok || p.withheld[at] {
			p.wrong(0, "pack.json: withheld")
			continue
		}
		p.withheld[at] = true
	}
}

func (p *pack) checkCheckpoint() bool {
	signed, err := readCheckpoint(p.files["checkpoint.txt"], []key{p.key})
	if err != nil {
		p.wrong(0, "checkpoint", err)
		return false
	}
	p.size, p.root = signed.size, signed.root
	stated, ok := exactly(p.head["checkpoint"], "root", "size")
	if !ok || stated["size"] != signed.size {
		p.wrong(0, "pack.json: checkpoint")
		return true
	}
	text, _ := stated["root"].(string)
	if root, err := hashFromBase64(text); err != nil || root != signed.root {
		p.wrong(0, "pack.json: checkpoint")
	}
	return true
}

// lines of a .jsonl file, each read as canonical JSON; each begins with {.
func (p *pack) lines(name string) []any {
	raw := p.files[name]
	if len(raw) == 0 {
		return nil
	}
	if !bytes.HasSuffix(raw, []byte("\n")) {
		p.wrong(0, name+": no newline at the end")
		return nil
	}
	var values []any
	for i, line := range bytes.Split(raw[:len(raw)-1], []byte("\n")) {
		value, err := parse(line)
		if err != nil {
			p.wrong(int64(i+1), name, err)
		}
		values = append(values, value)
	}
	return values
}

func (p *pack) checkEvents() {
	p.fields = map[field]string{}
	prev := strings.Repeat("0", 64)
	follows := true // false after an event whose hash can't be known
	for i, value := range p.lines("events.jsonl") {
		want := int64(i + 1)
		found, err := readEvent(value)
		p.events = append(p.events, found)
		switch {
		case err != nil:
			p.wrong(want, "event", err)
			follows = false
			continue
		case found.unknown:
			p.undecided(want, "unknown v")
			follows = false
			continue
		case found.seq != want:
			p.wrong(want, "seq")
		case found.body["stream"] != p.stream:
			p.wrong(want, "stream")
		case follows && found.body["prev"] != prev:
			p.wrong(want, "chain")
		}
		prev, follows = hex.EncodeToString(found.hash[:]), true
		for path, commitment := range found.body["private"].(object) {
			p.fields[field{want, path}] = commitment.(string)
		}
	}
	if len(p.events) == 0 || p.head["last_seq"] != int64(len(p.events)) {
		p.wrong(int64(len(p.events)), "last_seq")
	}
	p.checkCounts()
}

func (p *pack) checkCounts() {
	counted, unknown := object{}, false
	for _, e := range p.events {
		unknown = unknown || e.unknown
		if e.body == nil {
			continue
		}
		kind, _ := e.body["type"].(string)
		before, _ := counted[kind].(int64)
		counted[kind] = before + 1
	}
	stated, ok := p.head["counts"].(object)
	if !ok || !unknown && !bytes.Equal(canonical(stated), canonical(counted)) {
		p.wrong(0, "pack.json: counts")
	}
}

func hashes(value any) ([]hash, bool) {
	list, ok := value.([]any)
	if !ok {
		return nil, false
	}
	out := make([]hash, 0, len(list))
	for _, item := range list {
		text, _ := item.(string)
		one, err := hashFromBase64(text)
		if err != nil {
			return nil, false
		}
		out = append(out, one)
	}
	return out, true
}

func (p *pack) checkProofs() {
	last := int64(-1)
	list := p.lines("proofs.jsonl")
	for i, value := range list {
		seq := int64(i + 1)
		line, ok := exactly(value, "leaf_index", "proof", "seq")
		index, ok2 := line["leaf_index"].(int64)
		path, ok3 := hashes(line["proof"])
		switch {
		case !ok || !ok2 || !ok3:
			p.wrong(seq, "proof: malformed")
			continue
		case line["seq"] != seq || i >= len(p.events):
			p.wrong(seq, "proof: of no event")
			continue
		case index <= last:
			p.wrong(seq, "proof: leaf_index does not rise")
		case index >= p.census:
			p.wrong(seq, "proof: leaf_index not below the census's")
		}
		last = index
		one := p.events[i]
		if one.body == nil || one.unknown {
			continue
		}
		if !included(index, p.size, leaf(one.hash[:]), path, p.root) {
			p.wrong(seq, "inclusion")
		}
	}
	if len(list) != len(p.events) {
		p.wrong(int64(min(len(list), len(p.events))+1), "proof: not one for every event")
	}
}

func (p *pack) checkCensus() {
	value, err := parse(p.files["census.json"])
	census, ok := exactly(value, "event", "head", "head_index", "head_proof", "leaf_index", "proof")
	if err != nil || !ok {
		p.wrong(0, "census: malformed")
		return
	}
	index, ok := census["leaf_index"].(int64)
	headIndex, ok2 := census["head_index"].(int64)
	path, ok3 := hashes(census["proof"])
	headPath, ok4 := hashes(census["head_proof"])
	if !ok || !ok2 || !ok3 || !ok4 {
		p.wrong(0, "census: malformed")
		return
	}
	p.census = index
	if index != p.size-1 {
		p.wrong(0, "census: not the checkpoint's last leaf")
	}
	taken, err := readEvent(census["event"])
	if err != nil {
		p.wrong(0, "census", err)
		return
	}
	if taken.unknown {
		p.undecided(0, "census: unknown v")
		return
	}
	if !included(index, p.size, leaf(taken.hash[:]), path, p.root) {
		p.wrong(0, "census: inclusion")
	}
	p.checkHeads(taken, index, census["head"], headIndex, headPath)
}

func (p *pack) checkHeads(taken event, index int64, stated any, headIndex int64, path []hash) {
	data, ok := exactly(taken.body["data"], "events", "heads_root", "streams")
	if !ok || taken.body["type"] != "census_taken" || taken.body["stream"] != "polder:log" {
		p.wrong(0, "census: another event")
		return
	}
	events, ok := data["events"].(int64)
	streams, ok2 := data["streams"].(int64)
	text, ok3 := data["heads_root"].(string)
	if !ok || !ok2 || !ok3 || !hexHash.MatchString(text) || events != index {
		p.wrong(0, "census: data")
		return
	}
	var root hash
	_, _ = hex.Decode(root[:], []byte(text))
	if last := len(p.events) - 1; last >= 0 && !p.events[last].unknown && p.events[last].body != nil {
		head := []any{p.stream, int64(len(p.events)), hex.EncodeToString(p.events[last].hash[:])}
		if list, ok := stated.([]any); !ok || !bytes.Equal(canonical(list), canonical(head)) {
			p.wrong(int64(len(p.events)), "census: another head")
		}
	}
	if !included(headIndex, streams, leaf(canonical(stated)), path, root) {
		p.wrong(0, "census: head not in heads_root")
	}
}

func (p *pack) checkConsistency() {
	p.steps = map[int64][]hash{}
	last := int64(0)
	for _, value := range p.lines("consistency.jsonl") {
		line, ok := exactly(value, "from", "proof")
		from, ok2 := line["from"].(int64)
		proof, ok3 := hashes(line["proof"])
		if !ok || !ok2 || !ok3 || from <= last || from > p.size {
			p.wrong(0, "consistency: malformed", from)
			continue
		}
		last = from
		p.steps[from] = proof
		_, now, known, err := rootsFromProof(from, p.size, true, nil, proof)
		if err != nil || known && now != p.root {
			p.wrong(0, "consistency: proof", from)
		}
	}
}

func (p *pack) checkOpenings() {
	p.openings = map[field]bool{}
	previous := field{}
	for _, value := range p.lines("openings.jsonl") {
		line, ok := exactly(value, "path", "salt", "seq", "subject", "value")
		at, ok2 := readField(line["seq"], line["path"])
		if !ok || !ok2 || !texts(line, "salt", "subject") {
			p.wrong(at.seq, "opening: malformed")
			continue
		}
		if at.seq < previous.seq || at.seq == previous.seq && at.path <= previous.path {
			p.wrong(at.seq, "opening: order")
		}
		previous = at
		salt, err := strictBase64(line["salt"].(string))
		if err != nil || len(salt) != 32 {
			p.wrong(at.seq, "opening: salt")
			continue
		}
		p.openings[at] = true
		stated, exists := p.fields[at]
		if !exists && p.unknownAt(at.seq) {
			continue
		}
		if !exists || stated != commitment(salt, p.stream, line["subject"].(string), line["value"]) {
			p.wrong(at.seq, "opening: commitment")
		}
	}
}

func (p *pack) unknownAt(seq int64) bool {
	return seq >= 1 && seq <= int64(len(p.events)) && p.events[seq-1].unknown
}

func (p *pack) readErased() {
	p.erased = map[field]bool{}
	for i, e := range p.events {
		if e.body == nil || e.unknown || e.body["type"] != "personal_data_erased" {
			continue
		}
		data, ok := exactly(e.body["data"], "paths")
		list, ok2 := data["paths"].([]any)
		if !ok || !ok2 {
			p.wrong(int64(i+1), "erasure: malformed")
			continue
		}
		for _, item := range list {
			at, ok := readPair(item)
			_, exists := p.fields[at]
			if !ok || at.seq > int64(i) || !exists && !p.unknownAt(at.seq) {
				p.wrong(int64(i+1), "erasure: of no earlier private field")
				continue
			}
			p.erased[at] = true
		}
	}
}

// checkFields: every private field is exactly one of opened, withheld, erased.
func (p *pack) checkFields() {
	var all []field
	for at := range p.fields {
		all = append(all, at)
	}
	sort.Slice(all, func(i, j int) bool {
		return all[i].seq < all[j].seq || all[i].seq == all[j].seq && all[i].path < all[j].path
	})
	for _, at := range all {
		states := 0
		for _, state := range []map[field]bool{p.openings, p.withheld, p.erased} {
			if state[at] {
				states++
			}
		}
		if states != 1 {
			p.wrong(at.seq, "private field: opened, withheld, or erased", at.path, " ", states)
		}
	}
	for at := range p.withheld {
		if _, exists := p.fields[at]; !exists && !p.unknownAt(at.seq) {
			p.wrong(at.seq, "withheld: no such field", at.path)
		}
	}
}

func (p *pack) checkSince(raw []byte) {
	old, err := readCheckpoint(raw, p.trusted)
	if err != nil {
		p.wrong(0, "since", err)
		return
	}
	proof, exists := p.steps[old.size]
	switch {
	case old.size == p.size:
		if old.root != p.root {
			p.wrong(0, "since: same size, another root")
		}
	case old.size > p.size:
		p.undecided(0, "since: larger than the pack's")
	case !exists:
		p.undecided(0, "since: no proof for that size")
	default:
		was, now, _, err := rootsFromProof(old.size, p.size, true, &old.root, proof)
		if err != nil || was != old.root || now != p.root {
			p.wrong(0, "since: not consistent")
		}
	}
}
