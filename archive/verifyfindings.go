package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/gwlogs/gwlogs/internal/safezip"
)

const (
	findingsSchema = "gwlogs.findings/1"
	maxFindings    = 64 << 20 // bytes
	maxDepth       = 100      // of findings
)

// checkSchema reads JSON token by token and looks for its schema.
func checkSchema(r io.Reader, want string) error {
	limited := &io.LimitedReader{R: r, N: maxFindings + 1}
	schema, err := readSchema(json.NewDecoder(limited))
	switch {
	case limited.N <= 0:
		return fmt.Errorf("is larger than %d MiB", maxFindings>>20)
	case err != nil:
		return fmt.Errorf("is no JSON: %w", err)
	case schema != want:
		return fmt.Errorf("has the schema %s, and this program knows %s", safezip.Printable(schema), want)
	}
	return nil
}

// readSchema reads the whole of a JSON object and returns its member schema,
// the last of that name.
func readSchema(dec *json.Decoder) (schema string, err error) {
	depth, name, isName := 0, "", false // isName: in the outer object, a name is next
	for {
		t, err := dec.Token()
		if err == io.EOF || err == nil && depth == 0 && t != json.Delim('{') {
			return "", errors.New("it is no whole object")
		}
		if err != nil {
			return "", err
		}
		text, isText := t.(string)
		switch {
		case t == json.Delim('{') || t == json.Delim('['):
			depth++
		case t == json.Delim('}') || t == json.Delim(']'):
			depth--
		case depth == 1 && isName:
			name, isName = text, false
			continue
		case depth == 1 && name == "schema" && isText:
			schema = text
		}
		isName = depth == 1
		switch {
		case depth > maxDepth:
			return "", fmt.Errorf("it is nested more than %d deep", maxDepth)
		case depth == 0:
			return schema, atEnd(dec)
		}
	}
}

// atEnd makes sure that nothing follows.
func atEnd(dec *json.Decoder) error {
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("it does not end with the object")
	}
	return nil
}
