package view

import (
	"crypto/sha256"
	"fmt"
	"slices"
)

// keepKey is under which name something is kept: settings are the user's, marks belong to a set of sources.
func (e *Engine) keepKey(key string) (string, error) {
	switch key {
	case "settings":
		return key, nil
	case "marks":
		return key + "-" + e.sourcesKey(), nil
	}
	return "", &Error{Message: fmt.Sprintf("nothing called %q is kept", key)}
}

// sourcesKey tells a set of sources from others, wherever the files lie: by their names.
func (e *Engine) sourcesKey() string {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var names []string
	for _, l := range e.x.logs {
		names = append(names, l.source)
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range slices.Compact(names) {
		fmt.Fprintf(h, "%d:%s\n", len(name), name)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
