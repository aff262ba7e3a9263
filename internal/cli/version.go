package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func newVersionCommand(ios *IOStreams) *cobra.Command {
	return &cobra.Command{
		Use:                   "version",
		Short:                 "Show which gwlogs this is",
		Args:                  noArguments,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprint(ios.Out, versionText(info))
			if err != nil {
				return outputError("standard output", err)
			}
			return nil
		},
	}
}

// versionText says what is known of the build; under "go run" that is little.
func versionText(info *debug.BuildInfo) string {
	commit, date := "unknown", "unknown"
	if info != nil {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				commit = s.Value + strings.TrimPrefix(commit, "unknown")
			case "vcs.time":
				date = s.Value
			case "vcs.modified":
				if s.Value == "true" {
					commit += " (with changes that are not committed)"
				}
			}
		}
	}
	return fmt.Sprintf("gwlogs %s\ncommit: %s\ndate:   %s\ngo:     %s %s/%s\n",
		versionOf(info), commit, date, strings.TrimPrefix(runtime.Version(), "go"), runtime.GOOS, runtime.GOARCH)
}

// versionOf is the version of the build, "devel" if it has none.
func versionOf(info *debug.BuildInfo) string {
	if info != nil && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

// version is that of this program.
func version() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info)
}
