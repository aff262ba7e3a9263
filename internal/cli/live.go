package cli

import (
	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/eventlog"
	"github.com/gwlogs/gwlogs/internal/winevent"
)

// ownEvents are those that gwlogs archive --log-event writes.
func ownEvents() eventlog.Default {
	return eventlog.Default{Name: winevent.Log, Only: []evtx.Selection{{Providers: []string{winevent.Source}}}}
}
