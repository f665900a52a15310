package main

import (
	"crypto/sha256"
	"errors"
)

// The log's tree, RFC 6962: leaves, nodes, audit paths and consistency proofs.

type hash = [32]byte

var errProof = errors.New("the proof does not hold")

func leaf(data []byte) hash {
	return sha256.Sum256(append([]byte{0}, data...))
}

func node(left, right hash) hash {
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

// split is the largest power of two below size.
func split(size int64) int64 {
	k := int64(1)
	for k<<1 < size {
		k <<= 1
	}
	return k
}

// rootFromPath folds an audit path (RFC 6962 §2.1.1) by the recursion that defines it:
// the last element is the sibling nearest the root.
func rootFromPath(index, size int64, start hash, path []hash) (hash, error) {
	if size == 1 {
		if len(path) != 0 {
			return hash{}, errProof
		}
		return start, nil
	}
	if len(path) == 0 {
		return hash{}, errProof
	}
	k, last, rest := split(size), path[len(path)-1], path[:len(path)-1]
	if index < k {
		root, err := rootFromPath(index, k, start, rest)
		return node(root, last), err
	}
	root, err := rootFromPath(index-k, size-k, start, rest)
	return node(last, root), err
}

func included(index, size int64, start hash, path []hash, root hash) bool {
	if index < 0 || index >= size {
		return false
	}
	found, err := rootFromPath(index, size, start, path)
	return err == nil && found == root
}

// rootsFromProof folds a consistency proof (RFC 6962 §2.1.2) into the old and the new
// root. old is what the reader knows; nil where he has no older checkpoint, and then a
// subtree that the proof leaves out (the old tree whole) is unknown: known is false.
func rootsFromProof(m, n int64, whole bool, old *hash, proof []hash) (was, now hash, known bool, err error) {
	if m == n {
		if whole {
			if len(proof) != 0 {
				return was, now, false, errProof
			}
			if old == nil {
				return was, now, false, nil
			}
			return *old, *old, true, nil
		}
		if len(proof) != 1 {
			return was, now, false, errProof
		}
		return proof[0], proof[0], true, nil
	}
	if len(proof) == 0 {
		return was, now, false, errProof
	}
	k, last, rest := split(n), proof[len(proof)-1], proof[:len(proof)-1]
	if m <= k {
		was, now, known, err = rootsFromProof(m, k, whole, old, rest)
		return was, node(now, last), known, err
	}
	was, now, known, err = rootsFromProof(m-k, n-k, false, old, rest)
	return node(last, was), node(last, now), known, err
}
