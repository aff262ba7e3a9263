package state

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
)

const (
	keyName = "redaction-key"       // hex, a line
	mapName = "redaction-map.jsonl" // an object of JSON a line, only ever added to
)

// Key returns the key of redaction's tokens, size bytes, which is made at the
// first call. Whoever has it can tell what a token stands for.
func (f Folder) Key(size int) ([]byte, error) {
	file, err := f.locked(keyName)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 1024))
	if err != nil {
		return nil, err
	}
	if len(text) > 0 {
		key, err := hex.DecodeString(string(bytes.TrimSpace(text)))
		if err != nil || len(key) != size {
			return nil, fmt.Errorf("%s is damaged: it is not %d bytes in hex", f.Path(keyName), size)
		}
		return key, nil
	}
	key := make([]byte, size)
	rand.Read(key)
	return key, appendLines(file, []byte(hex.EncodeToString(key)+"\n"))
}

// given is a line of the map.
type given struct {
	Token string `json:"token"`
	Is    string `json:"is"`
}

// RememberTokens adds to the map what it does not know yet.
func (f Folder) RememberTokens(tokens map[string]string) error {
	if len(tokens) == 0 {
		return nil
	}
	file, err := f.locked(mapName)
	if err != nil {
		return err
	}
	known, err := readTokens(file)
	var lines []byte
	for _, token := range slices.Sorted(maps.Keys(tokens)) {
		if _, ok := known[token]; ok {
			continue
		}
		line, err := json.Marshal(given{token, tokens[token]})
		if err != nil {
			continue
		}
		lines = append(append(lines, line...), '\n')
	}
	if err == nil && len(lines) > 0 {
		err = appendLines(file, lines)
	}
	return errors.Join(err, file.Close())
}

// Tokens returns the map: what each token stands for. Without one it is empty.
func (f Folder) Tokens() (map[string]string, error) {
	file, err := os.Open(f.Path(mapName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readTokens(file)
}

func readTokens(r io.Reader) (map[string]string, error) {
	known := make(map[string]string)
	err := eachLine(r, func(line []byte) {
		var g given
		if json.Unmarshal(line, &g) == nil && g.Token != "" {
			known[g.Token] = g.Is
		}
	})
	return known, err
}
