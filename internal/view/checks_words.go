//go:build !js

package view

import "github.com/gwlogs/gwlogs/internal/check"

// translated is a check with its sentences in a language.
func translated(data []byte, lang string) ([]byte, error) {
	r, err := check.Decode(data)
	if err != nil {
		return nil, err
	}
	return check.Encode(r, lang)
}
