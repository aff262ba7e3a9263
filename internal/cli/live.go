package cli

import (
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/winevent"
	"github.com/gwlogs/gwlogs/matcher"
)

// ownEvents are those that gwlogs archive --log-event writes.
func ownEvents() eventlog.Default {
	return eventlog.Default{Name: winevent.Log, Provider: winevent.Source}
}

// isGateway says whether a channel is one of the gateway's.
func isGateway(channel string) bool {
	return slices.ContainsFunc(matcher.CanonicalChannels(), func(name string) bool { return strings.EqualFold(name, channel) })
}
