package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Signed notes, verifier keys and checkpoints, after the C2SP pages that the format
// names.

const mostSignatures = 100

type key struct {
	text   string
	name   string
	id     []byte
	public ed25519.PublicKey
}

type signature struct {
	name string
	id   []byte
	sig  []byte
}

type checkpoint struct {
	size int64
	root hash
}

func strictBase64(text string) ([]byte, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(raw) != text {
		return nil, errors.New("not base64")
	}
	return raw, nil
}

func hashFromBase64(text string) (out hash, err error) {
	raw, err := strictBase64(text)
	if err != nil || len(raw) != 32 {
		return out, errors.New("not a hash in base64")
	}
	copy(out[:], raw)
	return out, nil
}

func readKey(text string) (key, error) {
	bad := errors.New("not a verifier key")
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 || !goodName(parts[0]) || !strings.HasPrefix(parts[0], "polder/") {
		return key{}, bad
	}
	raw, err := strictBase64(parts[2])
	if err != nil || len(raw) != 33 || raw[0] != 1 {
		return key{}, bad
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	if hex.EncodeToString(sum[:4]) != parts[1] {
		return key{}, bad
	}
	return key{text, parts[0], sum[:4], ed25519.PublicKey(raw[1:])}, nil
}

func goodName(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.Contains(name, "+") &&
		len(strings.Fields(name)) == 1 && strings.Fields(name)[0] == name
}

// readNote splits a signed note at its last blank line.
func readNote(raw []byte) (text string, signatures []signature, err error) {
	bad := errors.New("not a signed note")
	at := bytes.LastIndex(raw, []byte("\n\n"))
	if at < 0 || !utf8.Valid(raw) || !bytes.HasSuffix(raw, []byte("\n")) || control(raw) {
		return "", nil, bad
	}
	text, tail := string(raw[:at+1]), string(raw[at+2:])
	if tail == "" {
		return "", nil, bad
	}
	for _, line := range strings.Split(strings.TrimSuffix(tail, "\n"), "\n") {
		rest, ok := strings.CutPrefix(line, "— ")
		name, encoded, found := strings.Cut(rest, " ")
		blob, err := strictBase64(encoded)
		if !ok || !found || !goodName(name) || err != nil || len(blob) < 5 {
			return "", nil, bad
		}
		signatures = append(signatures, signature{name, blob[:4], blob[4:]})
	}
	if len(signatures) > mostSignatures {
		return "", nil, bad
	}
	return text, signatures, nil
}

func control(raw []byte) bool {
	return bytes.ContainsFunc(raw, func(r rune) bool { return r < 0x20 && r != '\n' })
}

// signedBy holds when the key signed, and no line in the key's name and id is false.
func signedBy(k key, text string, signatures []signature) bool {
	found := false
	for _, s := range signatures {
		if s.name != k.name || !bytes.Equal(s.id, k.id) {
			continue
		}
		if len(s.sig) != 64 || !ed25519.Verify(k.public, []byte(text), s.sig) {
			return false
		}
		found = true
	}
	return found
}

func readCheckpoint(raw []byte, keys []key) (out checkpoint, err error) {
	text, signatures, err := readNote(raw)
	if err != nil {
		return out, err
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 3 {
		return out, errors.New("not a checkpoint of this log")
	}
	for _, extension := range lines[3:] {
		if extension == "" {
			return out, errors.New("an empty extension line")
		}
	}
	out.size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(out.size, 10) != lines[1] || out.size < 0 || out.size > largest {
		return out, errors.New("not a size")
	}
	if out.root, err = hashFromBase64(lines[2]); err != nil {
		return out, err
	}
	for _, k := range keys {
		if lines[0] == k.name && signedBy(k, text, signatures) {
			return out, nil
		}
	}
	return out, errors.New("not signed by this log's key")
}
