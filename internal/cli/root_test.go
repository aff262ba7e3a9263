package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestOneVerb: a verb that is made without the others says the same of itself, and of what is wrong.
func TestOneVerb(t *testing.T) {
	t.Parallel()
	for _, v := range verbs() {
		for _, args := range [][]string{{v.name, "--help"}, {v.name, "-h"}, {v.name, "--no-such-flag"}, {v.name, "--output"}} {
			var alone, among bytes.Buffer
			say := func(out *bytes.Buffer, made []string) *bytes.Buffer {
				ios := &IOStreams{In: strings.NewReader(""), Out: out, Err: out, Width: 80, Now: time.Now}
				root := newRootCommand(ios, made)
				root.SetArgs(args)
				if err := root.Execute(); err != nil {
					out.WriteString(err.Error())
				}
				if found, _, err := root.Find(args[:1]); err != nil || found.Name() != v.name {
					t.Errorf("%s: no such command, but %v", v.name, found.Name())
				}
				return out
			}
			say(&alone, args)
			say(&among, nil)
			if alone.Len() == 0 || alone.String() != among.String() {
				t.Errorf("%v: alone\n%s\namong the others\n%s", args, alone.String(), among.String())
			}
		}
	}
}
