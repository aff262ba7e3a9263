package view

import "testing"

// A computer is found without its domain, as the commands find it, unless that is the whole name of another one.
func TestComputerWithoutDomain(t *testing.T) {
	s := &snapshot{}
	for _, name := range []string{"GW01.contoso.local", "GW02.contoso.local", "GW02", "gw01.fabrikam.corp", "GW011.contoso.local", ""} {
		s.origins = append(s.origins, origin{computer: name})
	}
	for _, tt := range []struct {
		wanted string
		found  string // a digit an origin
	}{
		{"gw01", "100100"}, {"GW01.contoso.local", "100000"}, {"GW02", "001000"}, {"GW01.contoso", "000000"}, {"GW0", "000000"}, {"", "000001"},
	} {
		holds := s.originTest(Condition{Field: "computer", Values: values{tt.wanted}})
		got := ""
		for i := range s.origins {
			got += map[bool]string{true: "1", false: "0"}[holds(0, &entry{origin: uint32(i)})]
		}
		if got != tt.found {
			t.Errorf("%q: %s, want %s", tt.wanted, got, tt.found)
		}
	}
}
