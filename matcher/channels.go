package matcher

import (
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/sigma"
)

// gatewayChannels are the logs of the gateway and its successors.
type gatewayChannels struct{ names []string }

// newGatewayChannels: in lower case, with the names that translated
// documentation uses; the dash of the connectors' log comes in two forms.
func newGatewayChannels() *gatewayChannels {
	return &gatewayChannels{[]string{
		"data management gateway",
		"microsoft data management gateway",
		"integration runtime",
		"microsoft integration runtime",
		"connectors - integration runtime",
		"connectors \u2013 integration runtime",
		"connectors - data management gateway",
		"passerelle de gestion des données",
		"runtime d'intégration",
		"runtime d\u2019intégration",
		"datenverwaltungsgateway",
		"integrationslaufzeit",
		"gateway di gestione dati",
		"az adatkezelési átjáró",
		"adatkezelési átjáró",
		"brama zarządzania danymi",
		"шлюз управления данными",
	}}
}

// CanonicalChannels are the names under which the gateway and its successors
// register their logs on Windows: what another engine has to look for.
func CanonicalChannels() []string {
	return []string{"Data Management Gateway", "Integration Runtime", "Connectors - Integration Runtime"}
}

// has reports whether a channel is the gateway's, however its name is written.
func (g *gatewayChannels) has(channel string) bool {
	return slices.Contains(g.names, normalChannel(channel))
}

// applicationChannel is where programs write that have no log of their own.
const applicationChannel = "application"

// An origin is where a record is from. Records repeat it, so that most cost
// two comparisons.
type origin struct {
	channel, provider string
	gateway           bool   // it is a gateway's
	canonical         string // the channel as the signatures know it
}

func (o *origin) set(g *gatewayChannels, channel, provider string) {
	if o.channel == channel && o.provider == provider && o.canonical != "" {
		return
	}
	*o = origin{channel: channel, provider: provider, canonical: channel}
	o.gateway = g.from(channel, provider)
	if o.gateway && !slices.Contains(g.names, strings.ToLower(channel)) {
		o.canonical = g.names[0]
	}
}

// normalChannel takes away what differs between places that name the same channel.
func normalChannel(name string) string {
	name = strings.Map(func(r rune) rune {
		switch r {
		case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212': // dashes
			return '-'
		case '\u2019', '\u02bc':
			return '\''
		}
		return r
	}, strings.ToLower(name))
	name = strings.ReplaceAll(name, "-", " - ")
	return strings.Join(strings.Fields(name), " ") // Fields knows no-break spaces
}

// sources says which events a log source means: those of all gateway logs for
// either product, as one follows the other on the same machine.
func (g *gatewayChannels) sources(l sigma.Logsource) ([]sigma.Source, bool) {
	if !isGatewaySource(l) {
		return sigma.WindowsSources(l)
	}
	sources := make([]sigma.Source, len(g.names))
	for i, name := range g.names {
		sources[i].Channel = name
	}
	return sources, true
}

// isGatewaySource reports whether a log source means the gateway's logs.
func isGatewaySource(l sigma.Logsource) bool {
	service := strings.ToLower(l.Service)
	return l.Category == "" && (service == ServiceGateway || service == ServiceRuntime)
}

// The services of the catalogue's log sources.
const (
	ServiceGateway = "data-management-gateway"
	ServiceRuntime = "integration-runtime"
)
