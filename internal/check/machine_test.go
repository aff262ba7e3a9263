package check

import (
	"strings"
	"testing"
	"time"
)

// TestMachine: what is wrong with a machine is named, and nothing else.
func TestMachine(t *testing.T) {
	now := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	n := func(v uint64) *uint64 { return &v }
	well := func() *facts {
		return &facts{
			volume: `C:\`, free: n(80 << 30), memory: n(16 << 30), cores: 8, dotNet: n(533320), java: java{home: `C:\jre`, found: true}, zone: "UTC",
			service: &service{state: "running", start: "automatic", account: `NT SERVICE\DIAHostService`}, runtime: "5.60.9700.1",
			certs: []certificate{{"DataTransfer", now.AddDate(1, 0, 0)}},
		}
	}
	tests := []struct {
		change  func(*facts)
		status  Status
		finding string
	}{
		{func(f *facts) {}, OK, "service-runs"},
		{func(f *facts) { f.service = &service{missing: true} }, Note, "service-missing"},
		{func(f *facts) { f.service.start = "disabled" }, Fault, "service-disabled"},
		{func(f *facts) { f.service.state = "stopped" }, Fault, "service-stopped"},
		{func(f *facts) { f.service.state, f.service.exit = "stopped", 1077 }, Fault, "service-stopped"},
		{func(f *facts) { f.service.state, f.service.exit = "stopped", 1069 }, Fault, "service-ended"},
		{func(f *facts) { f.service.start = "manual" }, Warning, "service-manual"},
		{func(f *facts) { f.rights, f.account = `C:\x`, "me" }, Warning, "service-rights"},
		{func(f *facts) { f.runtime = "5.20.8833.1" }, Fault, "runtime-expired"},
		{func(f *facts) { f.runtime = "5.55.9475.1" }, Warning, "runtime-ends"},
		{func(f *facts) { f.runtime = "2.11.6380.20" }, Warning, "runtime-retired"},
		{func(f *facts) { f.free = n(100 << 20) }, Fault, "disk-full"},
		{func(f *facts) { f.free = n(2 << 30) }, Warning, "disk-low"},
		{func(f *facts) { f.memory = n(4 << 30) }, Note, "memory-low"},
		{func(f *facts) { f.cores = 2 }, Note, "few-cores"},
		{func(f *facts) { f.only32 = true }, Fault, "windows-32"},
		{func(f *facts) { f.controller = true }, Warning, "domain-controller"},
		{func(f *facts) { f.hibernates = true }, Warning, "hibernation"},
		{func(f *facts) { f.timeOff = true }, Note, "time-service"},
		{func(f *facts) { f.java.only32 = true }, Warning, "java-32"},
		{func(f *facts) { f.java = java{} }, Note, "java-none"},
		{func(f *facts) { f.dotNet = n(0) }, Fault, "dotnet-none"},
		{func(f *facts) { f.dotNet = n(394802) }, Fault, "dotnet-old"},
		{func(f *facts) { f.tls12Off = []string{"Enabled = 0"} }, Fault, "tls12-off"},
		{func(f *facts) { f.weakNet = true }, Warning, "dotnet-weak"},
		{func(f *facts) { f.fips = true }, Note, "fips"},
		{func(f *facts) { f.certs[0].ends = now.AddDate(0, 0, 3) }, Warning, "own-certificate-ends"},
		{func(f *facts) { f.certs[0].ends = now.AddDate(0, 0, -3) }, Warning, "own-certificate-expired"},
	}
	for _, tt := range tests {
		f := well()
		tt.change(f)
		found := false
		for _, r := range f.judge(now) {
			switch {
			case r.Finding == tt.finding && r.Status == tt.status:
				found = true
			case r.Status != OK:
				t.Errorf("%s: also %s %s", tt.finding, r.Status, r.Finding)
			}
		}
		if !found {
			t.Errorf("no %s %s", tt.status, tt.finding)
		}
	}
	if got := new(facts).judge(now); len(got) != 1 || got[0].Finding != "java-none" {
		t.Errorf("of a machine of which nothing is known: %v", got)
	}
	for _, r := range well().judge(now) {
		if strings.Contains(strings.Join(r.Raw, ""), "password") {
			t.Error(r)
		}
	}
}
