package cli

import (
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/gwlogs/gwlogs/internal/eventlog"
)

// maxShards is how many parts there may be.
const maxShards = 1_000_000

func shardFlag(shard *string) flagGroup {
	fs := newFlagSet()
	fs.StringVar(shard, "shard", "", "only part `I/N` of the files, I from 0 to N-1: one machine reads 0/3, others 1/3 and 2/3; "+
		"which file is in which part goes by its name")
	return flagGroup{otherGroup, fs}
}

// parseShard reads I/N.
func parseShard(given *pflag.FlagSet, text string, sources []string) (eventlog.Shard, error) {
	const form = "parts count from 0: --shard 0/3, --shard 1/3, --shard 2/3"
	if !given.Changed("shard") {
		return eventlog.Shard{}, nil
	}
	index, count, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(strings.TrimSpace(index))
	n, err2 := strconv.Atoi(strings.TrimSpace(count))
	switch {
	case !ok || err1 != nil || err2 != nil:
		return eventlog.Shard{}, usage(form, "--shard: %q is no part", text)
	case n < 1 || n > maxShards:
		return eventlog.Shard{}, usage(form, "--shard %s: there are 1 to %d parts", text, maxShards)
	case i < 0 || i >= n:
		return eventlog.Shard{}, usage(form, "--shard %s: the last part of %d is %d/%d", text, n, n-1, n)
	}
	for _, source := range sources {
		if source == "-" || eventlog.IsChannel(source) {
			return eventlog.Shard{}, usage("name files or folders", "--shard: %s is no file, which every part could find", source)
		}
	}
	return eventlog.Shard{Index: i, Count: n}, nil
}
