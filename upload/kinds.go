package upload

import (
	"fmt"
	"strings"
	"time"
)

// A kind is a kind of destination. A new one is a file with its kind and what
// that opens, a line in kinds, and a run of uploadtest.Suite.
type kind struct {
	form  string                           // how one is named, as a part of a sentence: a folder (file:///DIR)
	lists bool                             // what is there can be listed
	match func(a *address) bool            // whether an address is one of this kind
	parse func(a *address) (place, *Error) // what it says; the error has no secret
}

// kinds are the destinations. The first that an address matches has it.
func kinds() []kind {
	return []kind{azureKind(), putKind(), folderKind()}
}

// A place is a destination as its kind understands it. Its text has no secret.
type place interface {
	fmt.Stringer
	host() string       // the computer that is spoken to, with its port; empty for none
	expires() time.Time // when the right to send there ends; zero for never, or unknown
	open(h *hider, o Options) Destination
}

// Forms says how destinations are named, as a part of a sentence; of those
// alone that can be listed, if listed is true.
func Forms(listed bool) string {
	var all []string
	for _, k := range kinds() {
		if k.lists || !listed {
			all = append(all, k.form)
		}
	}
	last := len(all) - 1
	if last == 1 {
		return all[0] + " or " + all[1]
	}
	return strings.Join(all[:last], ", ") + ", or " + all[last]
}
