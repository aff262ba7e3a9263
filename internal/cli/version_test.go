package cli

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersionText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "gwlogs devel\ncommit: unknown\ndate:   unknown\n"},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "gwlogs devel\ncommit: unknown\ndate:   unknown\n"},
		{&debug.BuildInfo{
			Main: debug.Module{Version: "v1.2.3"},
			Settings: []debug.BuildSetting{
				{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-11-22T21:42:23Z"}, {Key: "vcs.modified", Value: "false"},
			},
		}, "gwlogs v1.2.3\ncommit: abc\ndate:   2026-11-22T21:42:23Z\n"},
		{&debug.BuildInfo{
			Settings: []debug.BuildSetting{{Key: "vcs.modified", Value: "true"}, {Key: "vcs.revision", Value: "abc"}},
		}, "gwlogs devel\ncommit: abc (with changes that are not committed)\ndate:   unknown\n"},
	} {
		if got := versionText(c.info); !strings.HasPrefix(got, c.want) || !strings.Contains(got, "\ngo:     1.") {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
