package main

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON as the page has it: RFC 8785, no floats, integers within ±(2⁵³−1). A value is
// nil, bool, int64, string, []any or object. Canonical means: reads, and writes back
// to the very same bytes.

type object map[string]any

const (
	largest = int64(1)<<53 - 1
	deepest = 64
)

var errJSON = errors.New("not canonical JSON")

type reader struct {
	in    []byte
	at    int
	depth int
}

func parse(in []byte) (any, error) {
	if !utf8.Valid(in) {
		return nil, errors.New("not UTF-8")
	}
	r := &reader{in: in}
	value, err := r.value()
	if err != nil {
		return nil, err
	}
	if r.at != len(in) {
		return nil, errors.New("bytes after the value")
	}
	if !bytes.Equal(canonical(value), in) {
		return nil, errJSON
	}
	return value, nil
}

func (r *reader) next() byte {
	if r.at < len(r.in) {
		return r.in[r.at]
	}
	return 0
}

func (r *reader) word(word string, value any) (any, error) {
	if !bytes.HasPrefix(r.in[r.at:], []byte(word)) {
		return nil, errJSON
	}
	r.at += len(word)
	return value, nil
}

func (r *reader) value() (any, error) {
	switch c := r.next(); {
	case c == 'n':
		return r.word("null", nil)
	case c == 't':
		return r.word("true", true)
	case c == 'f':
		return r.word("false", false)
	case c == '"':
		return r.text()
	case c == '[':
		return r.array()
	case c == '{':
		return r.object()
	case c == '-' || (c >= '0' && c <= '9'):
		return r.integer()
	}
	return nil, errJSON
}

func (r *reader) integer() (any, error) {
	start := r.at
	if r.next() == '-' {
		r.at++
	}
	for c := r.next(); c >= '0' && c <= '9'; c = r.next() {
		r.at++
	}
	number, err := strconv.ParseInt(string(r.in[start:r.at]), 10, 64)
	if err != nil || number > largest || number < -largest {
		return nil, errors.New("an integer out of range")
	}
	return number, nil
}

func (r *reader) array() (any, error) {
	defer func() { r.depth-- }()
	if r.depth++; r.depth > deepest {
		return nil, errors.New("nested too deeply")
	}
	r.at++
	list := []any{}
	if r.next() == ']' {
		r.at++
		return list, nil
	}
	for {
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		list = append(list, value)
		c := r.next()
		r.at++
		if c == ']' {
			return list, nil
		}
		if c != ',' {
			return nil, errJSON
		}
	}
}

func (r *reader) object() (any, error) {
	defer func() { r.depth-- }()
	if r.depth++; r.depth > deepest {
		return nil, errors.New("nested too deeply")
	}
	r.at++
	members := object{}
	if r.next() == '}' {
		r.at++
		return members, nil
	}
	for {
		if r.next() != '"' {
			return nil, errJSON
		}
		name, err := r.text()
		if err != nil {
			return nil, err
		}
		if _, twice := members[name.(string)]; twice {
			return nil, errors.New("a member twice")
		}
		if r.next() != ':' {
			return nil, errJSON
		}
		r.at++
		if members[name.(string)], err = r.value(); err != nil {
			return nil, err
		}
		c := r.next()
		r.at++
		if c == '}' {
			return members, nil
		}
		if c != ',' {
			return nil, errJSON
		}
	}
}

// text reads a string. A \u escape is canonical for control characters alone, so a
// surrogate written as an escape never is.
func (r *reader) text() (any, error) {
	r.at++
	var out []byte
	for r.at < len(r.in) {
		c := r.in[r.at]
		r.at++
		switch {
		case c == '"':
			return string(out), nil
		case c < 0x20:
			return nil, errJSON
		case c != '\\':
			out = append(out, c)
		default:
			escaped, err := r.escape()
			if err != nil {
				return nil, err
			}
			out = append(out, escaped)
		}
	}
	return nil, errJSON
}

func (r *reader) escape() (byte, error) {
	c := r.next()
	r.at++
	short := map[byte]byte{
		'"': '"', '\\': '\\', 'b': 8, 't': 9, 'n': 10, 'f': 12, 'r': 13,
	}
	if out, ok := short[c]; ok {
		return out, nil
	}
	if c != 'u' || r.at+4 > len(r.in) {
		return 0, errJSON
	}
	code, err := strconv.ParseUint(string(r.in[r.at:r.at+4]), 16, 16)
	if err != nil || code == 0 || code >= 0x20 {
		return 0, errJSON
	}
	r.at += 4
	return byte(code), nil
}

func canonical(value any) []byte {
	return appendValue(nil, value)
}

func appendValue(out []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(out, "null"...)
	case bool:
		return strconv.AppendBool(out, v)
	case int64:
		return strconv.AppendInt(out, v, 10)
	case string:
		return appendText(out, v)
	case []any:
		out = append(out, '[')
		for i, item := range v {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendValue(out, item)
		}
		return append(out, ']')
	case object:
		out = append(out, '{')
		for i, name := range names(v) {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendValue(append(appendText(out, name), ':'), v[name])
		}
		return append(out, '}')
	}
	panic(fmt.Sprintf("no JSON value: %T", value))
}

func appendText(out []byte, text string) []byte {
	short := map[byte]string{
		'"': `\"`, '\\': `\\`, 8: `\b`, 9: `\t`, 10: `\n`, 12: `\f`, 13: `\r`,
	}
	out = append(out, '"')
	for i := range len(text) {
		c := text[i]
		if escaped, ok := short[c]; ok {
			out = append(out, escaped...)
		} else if c < 0x20 {
			out = append(out, fmt.Sprintf(`\u%04x`, c)...)
		} else {
			out = append(out, c)
		}
	}
	return append(out, '"')
}

// names of an object's members, by UTF-16 code units, as RFC 8785 §3.2.3 sorts them.
func names(members object) []string {
	list := make([]string, 0, len(members))
	for name := range members {
		list = append(list, name)
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := utf16.Encode([]rune(list[i])), utf16.Encode([]rune(list[j]))
		for k := 0; k < len(a) && k < len(b); k++ {
			if a[k] != b[k] {
				return a[k] < b[k]
			}
		}
		return len(a) < len(b)
	})
	return list
}
