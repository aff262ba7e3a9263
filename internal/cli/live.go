package cli

import (
	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/winevent"
	"github.com/gwlogs/gwlogs/matcher"
)

// channels are those that are read without any source.
func (o *options) channels() []eventlog.Default {
	var beside []evtx.Selection
	if o.neighbours {
		beside = matcher.Neighbours()
	}
	return eventlog.Defaults(matcher.CanonicalChannels(), matcher.SameChannel, matcher.FromGateway(), beside)
}

// ownEvents are those that gwlogs archive --log-event writes.
func ownEvents() eventlog.Default {
	return eventlog.Default{Name: winevent.Log, Only: []evtx.Selection{{Providers: []string{winevent.Source}}}}
}
