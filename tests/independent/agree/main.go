// agree computes what a log says with golang.org/x/mod/sumdb/tlog and
// golang.org/x/mod/sumdb/note, and nothing of Polder's.
//
// It reads one JSON document with leaf hashes, pairs of sizes and signed notes from
// standard input, and writes one with roots, proofs and verdicts to standard output.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Entries [][]byte   `json:"entries"` // the raw event hashes, in the order of the log
	Roots   []int64    `json:"roots"`   // sizes
	Leaves  [][2]int64 `json:"leaves"`  // leaf index and size
	Trees   [][2]int64 `json:"trees"`   // old and new size
	Checks  []check    `json:"checks"`  // proofs to be judged
	Notes   []signed   `json:"notes"`   // notes to be judged
	Sign    *toSign    `json:"sign"`    // a note to be made
}

type check struct {
	Index int64       `json:"index"` // of a leaf; -1 where two trees are compared
	Old   int64       `json:"old"`
	New   int64       `json:"new"`
	Leaf  tlog.Hash   `json:"leaf"` // the leaf, or the old root
	Root  tlog.Hash   `json:"root"`
	Proof []tlog.Hash `json:"proof"`
}

type signed struct {
	Note []byte `json:"note"`
	Key  string `json:"key"`
}

type toSign struct {
	Text   string `json:"text"`
	Signer string `json:"signer"`
}

type answer struct {
	Roots  []tlog.Hash   `json:"roots"`
	Leaves [][]tlog.Hash `json:"leaves"`
	Trees  [][]tlog.Hash `json:"trees"`
	Checks []bool        `json:"checks"`
	Notes  []bool        `json:"notes"`
	Signed []byte        `json:"signed"`
}

// storage holds the hashes of complete subtrees, as tlog numbers them.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("no stored hash %d", index)
		}
		found[i] = s[index]
	}
	return found, nil
}

func main() {
	log.SetFlags(0)
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	told, err := answered(asked)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		log.Fatal(err)
	}
}

func answered(asked question) (*answer, error) {
	var hashes storage
	for i, entry := range asked.Entries {
		more, err := tlog.StoredHashes(int64(i), entry, hashes)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, more...)
	}
	told := &answer{}
	for _, size := range asked.Roots {
		root, err := tlog.TreeHash(size, hashes)
		if err != nil {
			return nil, err
		}
		told.Roots = append(told.Roots, root)
	}
	for _, leaf := range asked.Leaves {
		proof, err := tlog.ProveRecord(leaf[1], leaf[0], hashes)
		if err != nil {
			return nil, err
		}
		told.Leaves = append(told.Leaves, proof)
	}
	for _, tree := range asked.Trees {
		proof, err := tlog.ProveTree(tree[1], tree[0], hashes)
		if err != nil {
			return nil, err
		}
		told.Trees = append(told.Trees, proof)
	}
	for _, one := range asked.Checks {
		told.Checks = append(told.Checks, holds(one))
	}
	for _, one := range asked.Notes {
		told.Notes = append(told.Notes, opens(one))
	}
	return told, sign(asked.Sign, told)
}

func holds(one check) bool {
	if one.Index >= 0 {
		return tlog.CheckRecord(one.Proof, one.New, one.Root, one.Index, one.Leaf) == nil
	}
	return tlog.CheckTree(one.Proof, one.New, one.Root, one.Old, one.Leaf) == nil
}

func opens(one signed) bool {
	verifier, err := note.NewVerifier(one.Key)
	if err != nil {
		return false
	}
	opened, err := note.Open(one.Note, note.VerifierList(verifier))
	return err == nil && len(opened.Sigs) > 0
}

func sign(asked *toSign, told *answer) error {
	if asked == nil {
		return nil
	}
	signer, err := note.NewSigner(asked.Signer)
	if err != nil {
		return err
	}
	told.Signed, err = note.Sign(&note.Note{Text: asked.Text}, signer)
	if err == nil && len(told.Signed) == 0 {
		return errors.New("nothing was signed")
	}
	return err
}
