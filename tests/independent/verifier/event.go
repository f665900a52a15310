package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// One event as the page describes it, with its hash.

type event struct {
	body    object
	seq     int64
	hash    hash
	unknown bool // another v: nothing below it can be decided
}

var (
	hexHash  = regexp.MustCompile(`^[0-9a-f]{64}$`)
	uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}$`)
	indexed  = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
)

const moment = "2006-01-02T15:04:05.000000Z"

func isMoment(text string) bool {
	parsed, err := time.Parse(moment, text)
	return err == nil && parsed.Year() > 0 && parsed.Format(moment) == text
}

func isStream(text string) bool {
	organisation, slug, _ := strings.Cut(text, ":")
	switch organisation {
	case "polder":
		return slug == "log"
	case "org":
		return nameForm.MatchString(slug) && slug != "org" && slug != "polder"
	}
	return nameForm.MatchString(organisation) && nameForm.MatchString(slug)
}

// isMandate: the page shows null only; its form is in docs/audit-format.md.
func isMandate(value any) bool {
	mandate, ok := exactly(value, "stream", "seq", "hash")
	if !ok || !texts(mandate, "stream", "hash") {
		return false
	}
	_, ok = mandate["seq"].(int64)
	return ok && hexHash.MatchString(mandate["hash"].(string))
}

func exactly(value any, members ...string) (object, bool) {
	found, ok := value.(object)
	if !ok || len(found) != len(members) {
		return nil, false
	}
	for _, name := range members {
		if _, ok := found[name]; !ok {
			return nil, false
		}
	}
	return found, true
}

// texts tells whether members are texts with something in them.
func texts(members object, list ...string) bool {
	for _, name := range list {
		if text, ok := members[name].(string); !ok || text == "" {
			return false
		}
	}
	return true
}

// readEvent gives an event whose form is right, or says what is wrong with it.
func readEvent(value any) (event, error) {
	body, ok := value.(object)
	if !ok {
		return event{}, errors.New("event: no object")
	}
	version, ok := body["v"].(int64)
	if !ok {
		return event{}, errors.New("event: no v")
	}
	if version != 1 {
		seq, _ := body["seq"].(int64)
		return event{body: body, seq: seq, unknown: true}, nil
	}
	body, ok = exactly(value, "v", "stream", "seq", "prev", "id", "type", "at",
		"actor", "mandate", "cause", "data", "private")
	if !ok {
		return event{}, errors.New("event: members")
	}
	if !texts(body, "stream", "prev", "id", "type", "at", "cause") {
		return event{}, errors.New("event: types of members")
	}
	actor, ok := exactly(body["actor"], "id", "role", "via")
	if !ok || !texts(actor, "id", "role") || actor["via"] != nil && !texts(actor, "via") {
		return event{}, errors.New("event: actor")
	}
	if body["mandate"] != nil && !isMandate(body["mandate"]) {
		return event{}, errors.New("event: mandate")
	}
	seq, ok := body["seq"].(int64)
	if !ok || seq < 1 {
		return event{}, errors.New("event: seq")
	}
	switch {
	case !isStream(body["stream"].(string)):
		return event{}, errors.New("event: stream")
	case !hexHash.MatchString(body["prev"].(string)):
		return event{}, errors.New("event: prev")
	case !uuidForm.MatchString(body["id"].(string)):
		return event{}, errors.New("event: id")
	case !isMoment(body["at"].(string)):
		return event{}, errors.New("event: at")
	}
	if err := readPrivate(body); err != nil {
		return event{}, err
	}
	sum := sha256.Sum256(append([]byte("polder/event/v1\n"), canonical(body)...))
	return event{body: body, seq: seq, hash: sum}, nil
}

func readPrivate(body object) error {
	data, ok := body["data"].(object)
	private, ok2 := body["private"].(object)
	if !ok || !ok2 {
		return errors.New("event: data or private")
	}
	for path, commitment := range private {
		text, ok := commitment.(string)
		if !ok || !hexHash.MatchString(text) {
			return errors.New("event: commitment")
		}
		if target, found := resolve(data, path); !found || target != nil {
			return errors.New("event: private path")
		}
	}
	return nil
}

// resolve follows a non-empty JSON pointer, RFC 6901.
func resolve(value any, pointer string) (any, bool) {
	if !strings.HasPrefix(pointer, "/") {
		return nil, false
	}
	for _, token := range strings.Split(pointer[1:], "/") {
		bare := strings.ReplaceAll(strings.ReplaceAll(token, "~0", ""), "~1", "")
		if strings.Contains(bare, "~") {
			return nil, false
		}
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch here := value.(type) {
		case object:
			next, ok := here[token]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			index, err := strconv.Atoi(token)
			if !indexed.MatchString(token) || err != nil || index >= len(here) {
				return nil, false
			}
			value = here[index]
		default:
			return nil, false
		}
	}
	return value, true
}

func commitment(salt []byte, stream, subject string, value any) string {
	in := append([]byte("polder/field/v1\n"), salt...)
	sum := sha256.Sum256(append(in, canonical([]any{stream, subject, value})...))
	return hex.EncodeToString(sum[:])
}
