package matcher

import (
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// Where the events of a gateway are found is decided here, for all of gwlogs.

// FromGateway returns what tells whether events of a channel and a provider are a gateway's: they are in a log of one, however its
// name is written, or in Application, from a provider that is called like such a log. It serves any number of goroutines.
func FromGateway() func(channel, provider string) bool { return newGatewayChannels().from }

func (g *gatewayChannels) from(channel, provider string) bool {
	return g.has(channel) || strings.EqualFold(channel, applicationChannel) && g.has(provider)
}

// SameChannel reports whether two names are of one channel: they differ in capitals, dashes and blanks alone.
func SameChannel(a, b string) bool { return normalChannel(a) == normalChannel(b) }

// Neighbours are the events of Windows' own logs that signatures ask for: of services that did not start or ended, of TLS, of
// installations and of programs that crashed. Of the gateway's own they have those in Application.
func Neighbours() []evtx.Selection {
	id := func(from, to uint16) evtx.IDRange { return evtx.IDRange{From: from, To: to} }
	return []evtx.Selection{
		{Channels: []string{"System"}, Providers: []string{"Service Control Manager"}, IDs: []evtx.IDRange{
			id(7000, 7001), id(7009, 7011), id(7022, 7024), id(7031, 7034), id(7038, 7041),
		}},
		{Channels: []string{"System"}, Providers: []string{"Schannel", "Microsoft-Windows-Schannel-Events"}, IDs: []evtx.IDRange{
			id(36870, 36888),
		}},
		{Channels: []string{"Application"}, Providers: append([]string{
			"MsiInstaller", ".NET Runtime", "Application Error", "Application Hang", "Windows Error Reporting",
		}, CanonicalChannels()...)},
	}
}

// AboutGateway are all events that are a gateway's or tell of one: for [evtx.Selection.Any].
func AboutGateway() []evtx.Selection {
	return append([]evtx.Selection{{From: FromGateway()}}, Neighbours()...)
}
