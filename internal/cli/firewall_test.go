package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// What is blocked is listed wherever a text tells it: with a port and without, also where the event shows a problem that says more, and
// for each of several computers.
func TestFirewallList(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "x.evtx")
	event := func(computer, text string) evtx.Event {
		return evtx.Event{Channel: "Integration Runtime", Provider: "Integration Runtime", EventID: 401, Computer: computer,
			Strings: []string{text}}
	}
	const denied = "An attempt was made to access a socket in a way forbidden by its access permissions "
	writeEvents(t, name,
		event("GW1", denied+"40.68.114.96:9350"),
		event("GW2", denied+"40.68.114.96:9350"),
		event("GW1", denied+"[2603:1020::1]:443"),
		event("GW1", "SocketException (10013): sb://relay-7.servicebus.windows.net/ is closed to us"),
		event("GW2", "SocketException (10013) at relay-8.servicebus.windows.net:5671."),
		event("GW1", "The integration runtime node failed to connect to cloud service due to network connectivity issue. "+denied+"20.1.2.3:443"),
		event("GW1", "Integration runtime: failed to connect to westeurope.frontend.clouddatahub.net due to the network."),
		event("GW2", "Process 10013 exited with 10.0.0.1:80"),
	)
	got := runWith(t, nil, "firewall", "--format", "csv", name)
	var rows []string
	for line := range strings.Lines(got.out) {
		cells := strings.Split(strings.TrimSpace(line), ",")
		rows = append(rows, strings.Join([]string{cells[0], cells[1], cells[2], cells[5], cells[6]}, ","))
	}
	want := `address,port,count,computers,problems
40.68.114.96,9350,2,GW1 GW2,gateway-cannot-reach-cloud-servicebus
20.1.2.3,443,1,GW1,shir-network-connectivity-registration
2603:1020::1,443,1,GW1,gateway-cannot-reach-cloud-servicebus
relay-7.servicebus.windows.net,,1,GW1,gateway-cannot-reach-cloud-servicebus
relay-8.servicebus.windows.net,5671,1,GW2,gateway-cannot-reach-cloud-servicebus
westeurope.frontend.clouddatahub.net,,1,GW1,shir-network-connectivity-registration`
	if strings.Join(rows, "\n") != want {
		t.Errorf("%s\n%s", strings.Join(rows, "\n"), got.err)
	}
	got = runWith(t, nil, "diagnose", name)
	for _, says := range []string{"2017-05-04 12:01:00\n     on GW1, GW2\n", "       5  GW2  SocketException"} {
		if !strings.Contains(got.out, says) {
			t.Errorf("diagnose does not say %q:\n%s", says, got.out)
		}
	}
	if got = runWith(t, nil, "firewall", "--format", "json", name); !strings.Contains(got.out, `"port":null`) {
		t.Error(got.out)
	}
}
