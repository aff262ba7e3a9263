package check

import (
	"errors"
	"strings"
	"testing"
)

func TestParseTarget(t *testing.T) {
	tests := []struct {
		text, host string
		port       int
		speak      Protocol
		rest       string // instance or path
	}{
		{"sql01:1433", "sql01", 1433, TDS, ""},
		{"SQL01.Corp.Example,1444", "sql01.corp.example", 1444, TDS, ""},
		{"tcp:sql01,1433", "sql01", 1433, TDS, ""},
		{`sql01\SALES`, "sql01", 0, TDS, "SALES"},
		{`sql01\MSSQLSERVER`, "sql01", 1433, TDS, ""},
		{`sql01\SALES,1500`, "sql01", 1500, TDS, "SALES"},
		{"oracle01:1521", "oracle01", 1521, Oracle, ""},
		{"jdbc:oracle:thin:@oracle01:1521:ORCL", "oracle01", 1521, Oracle, ""},
		{"jdbc:oracle:thin:@//oracle01:1521/svc", "oracle01", 1521, Oracle, ""},
		{"jdbc:sqlserver://sql01:1444;databaseName=x;password=secret", "sql01", 1444, TDS, ""},
		{"postgresql://user:secret@pg01/db", "pg01", 5432, PostgreSQL, ""},
		{"mysql://db", "db", 3306, MySQL, ""},
		{`\\fs01\data\in`, "fs01", 445, SMB, "data/in"},
		{"//fs01/data", "fs01", 445, SMB, "data"},
		{"https://api.example.com/v1/x?key=secret#y", "api.example.com", 443, HTTPS, "/v1/x"},
		{"https://host:8443", "host", 8443, HTTPS, ""},
		{"http://[2001:db8::1]:8080/", "2001:db8::1", 8080, HTTP, ""},
		{"[2001:db8::1]:1433", "2001:db8::1", 1433, TDS, ""},
		{"db.database.windows.net", "db.database.windows.net", 1433, TDS, ""},
		{"acct.blob.core.windows.net", "acct.blob.core.windows.net", 443, HTTPS, ""},
		{"ns.servicebus.windows.net:5671", "ns.servicebus.windows.net", 5671, TLS, ""},
		{"sftp01:22", "sftp01", 22, SSH, ""},
		{"host:12345", "host", 12345, TCP, ""},
		{"bücher.example:1433", "xn--bcher-kva.example", 1433, TDS, ""},
		{" host.:80 ", "host", 80, HTTP, ""},
	}
	for _, tt := range tests {
		got, err := ParseTarget(tt.text)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		if got.Host != tt.host || got.Port != tt.port || got.Protocol != tt.speak || got.Instance+got.Path != strings.TrimSuffix(tt.rest, "\x00") &&
			got.Path != "/"+tt.rest {
			t.Errorf("%q: got %+v", tt.text, got)
		}
	}
	for _, text := range []string{"", "sql01", "host:0", "host:65536", "host:x", "gopher://x", "a b:1433", "[::1", ":1433", "(local):1433", `\\`, "-$(x):1"} {
		_, err := ParseTarget(text)
		var input *InputError
		if !errors.As(err, &input) || input.Hint == "" {
			t.Errorf("%q: error %v, want an InputError with a hint", text, err)
		}
	}
	for _, text := range []string{"gopher://user:hunter2@host", "postgresql://u:hunter2@h:x/", "https://u:hunter2@/"} {
		if _, err := ParseTarget(text); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func TestFromKey(t *testing.T) {
	const secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ="
	tests := []struct{ key, host string }{
		{"IR@0d1c3f5e-0000-4000-8000-000000000000@contoso@ServiceEndpoint=contoso.westeurope.datafactory.azure.net@" + secret,
			"contoso.westeurope.datafactory.azure.net"},
		{"\ufeffIR@0d1c3f5e-0000-4000-8000-000000000000@contoso@we@ServiceEndpoint=contoso.usgovvirginia.datafactory.azure.us@" + secret + "\r\n",
			"contoso.usgovvirginia.datafactory.azure.us"},
		{"IR@0d1c3f5e-0000-4000-8000-000000000000@contoso@wu2@" + secret, "wu2.frontend.clouddatahub.net"},
		{"", ""},
		{secret, ""},
		{"IR@x@y@" + secret, ""},
		{"IR@x@y@ServiceEndpoint=a b@" + secret, ""},
	}
	for _, tt := range tests {
		got, err := FromKey(tt.key)
		switch {
		case tt.host == "" && err == nil, tt.host != "" && err != nil, got.Host != tt.host && tt.host != "":
			t.Errorf("%q: %+v, %v", tt.key, got, err)
		case err != nil && strings.Contains(err.Error(), secret):
			t.Errorf("the error quotes the key: %v", err)
		}
	}
}

func TestFactory(t *testing.T) {
	for text, want := range map[string]string{
		"contoso.westeurope": "contoso.westeurope.datafactory.azure.net", "https://Contoso.WestEurope.datafactory.azure.net/": "contoso.westeurope.datafactory.azure.net",
		"wu2.frontend.clouddatahub.net": "wu2.frontend.clouddatahub.net", "contoso": "", "a b.c": "", "": "",
	} {
		got, err := Factory(text, Public)
		if (err == nil) != (want != "") || err == nil && got.Host != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if got, _ := Factory("contoso.usgovvirginia", Government); got.Host != "contoso.usgovvirginia.datafactory.azure.us" {
		t.Error(got)
	}
}

// TestTargets: what a product does not need is not asked for, or is no fault.
func TestTargets(t *testing.T) {
	relay, err := ParseTarget("https://ns.servicebus.windows.net")
	if err != nil {
		t.Fatal(err)
	}
	for _, product := range Products() {
		for _, to := range Targets([]Target{relay}, product, Public) {
			if to.Port == 443 || to.Port == 80 {
				continue
			}
			if to.Weight != Optional {
				t.Errorf("%s: port %d of %s would be a fault", product, to.Port, to.Host)
			}
			if product != DataGateway && product != GatewayV1 {
				t.Errorf("%s is asked for port %d, which it does not need", product, to.Port)
			}
		}
	}
	for _, to := range Targets(nil, SHIR, China) {
		if strings.HasSuffix(to.Host, ".windows.net") || strings.HasSuffix(to.Host, "datafactory.azure.net") {
			t.Errorf("China is asked for %s", to.Host)
		}
	}
}

func TestHostsIn(t *testing.T) {
	got := HostsIn(`Failed: the remote name could not be resolved: 'wu2.frontend.clouddatahub.net'; https://NS1.servicebus.windows.net:443/x and ns1.servicebus.windows.net, `+
		"contoso.westeurope.datafactory.azure.net. evil.windows.net.example.com", "log")
	var hosts []string
	for _, g := range got {
		hosts = append(hosts, g.Host)
	}
	if want := "wu2.frontend.clouddatahub.net ns1.servicebus.windows.net contoso.westeurope.datafactory.azure.net"; strings.Join(hosts, " ") != want {
		t.Errorf("got %v, want %s", hosts, want)
	}
}
