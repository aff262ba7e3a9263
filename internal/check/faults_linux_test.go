package check_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A fault is something that can be wrong, and what has to come out. It has to be the only fault: a layer that is well is not blamed.
type fault struct {
	name    string
	run     run
	status  string // "" is fault; none: all is well
	layer   string
	finding string
	advice  string // part of what to do
	ticket  string // part of the line for the network's people; "-" for none
	says    string // part of what was seen
}

func factory(name string) []string {
	return []string{"--factory", name + azureEnd, "--timeout", "2s"}
}

func target(text string, more ...string) []string {
	return append([]string{"--target", text, "--timeout", "2s", "--only", "names,connection,tls,store"}, more...)
}

func through(port, name string, more ...string) []string {
	return append(append([]string{"--proxy", "http://proxy.example:" + port}, factory(name)...), more...)
}

// everyClock has the other host that is asked be of the same clock: where one host agrees with this machine, it is right.
func everyClock(ip string) string { return goodHosts + "203.0.113." + ip + " download.microsoft.com\n" }

// faults are all of them, by the layer that is wrong.
func faults(l *lab) []fault {
	config := func(name, host, worker string) []string {
		l.file(name+"/Shared/diahost.exe.config", host)
		l.file(name+"/Shared/diawp.exe.config", worker)
		return append([]string{"--config", filepath.Join(l.dir, name)}, factory("contoso")...)
	}
	proxied := func(address, bypass string) string {
		return `<?xml version="1.0" encoding="utf-8"?><configuration><system.net><defaultProxy enabled="true"><proxy proxyaddress="` + address +
			`" bypassonlocal="true"/><bypasslist>` + bypass + `</bypasslist></defaultProxy></system.net></configuration>`
	}
	login := []string{"GWLOGS_PROXY_USER=gw", "GWLOGS_PROXY_PASSWORD=right"}
	wrong := []string{"GWLOGS_PROXY_USER=gw2", "GWLOGS_PROXY_PASSWORD=wrong"}
	return []fault{
		{name: "all is well", run: run{args: factory("contoso")}, status: "none"},
		{name: "all is well through the proxy", run: run{args: through("3128", "contoso")}, status: "none"},
		{name: "a relay whose other ports are closed", run: run{args: append(factory("contoso"), "--product", "data-gateway", "--target",
			"https://ns.servicebus.windows.net")}, status: "none"},

		{name: "no such name", run: run{args: factory("nobody")}, layer: "dns", finding: "no-such-name", advice: "spelling", ticket: "resolve for", says: "10.80.0.1"},
		{name: "server failure", run: run{args: factory("contoso"), resolv: "nameserver 203.0.113.3\n"}, layer: "dns", finding: "name-server-fails",
			advice: "forwarders", says: "203.0.113.3"},
		{name: "name server refuses", run: run{args: factory("contoso"), resolv: "nameserver 203.0.113.4\n"}, layer: "dns", finding: "name-server-refuses",
			advice: "let this machine ask it", ticket: "refuses to answer"},
		{name: "name server silent", run: run{args: factory("contoso"), resolv: "nameserver 203.0.113.251\n"}, layer: "dns", finding: "no-answer", advice: "port 53", ticket: "name server 203.0.113.251 does not answer"},
		{name: "no name server", run: run{args: factory("contoso"), resolv: "nameserver 203.0.113.9\n"}, layer: "dns", finding: "no-name-server", advice: "network adapter"},
		{name: "a name without an address", run: run{args: factory("text")}, layer: "dns", finding: "no-address", advice: "A record"},
		{name: "a wildcard of the company", run: run{args: factory("nobody"), resolv: goodResolv + "search corp.example\n"}, layer: "dns", finding: "by-suffix",
			advice: "wildcard", says: "corp.example"},
		{name: "a short name", run: run{args: target("sql99:1433"), resolv: goodResolv + "search other.example\n"}, layer: "dns", finding: "no-such-short-name",
			advice: "full name", says: "other.example"},
		{name: "a filter of names", run: run{args: factory("sinkhole")}, layer: "dns", finding: "sinkhole", advice: "DNS filter"},
		{name: "a public address for a private endpoint", run: run{args: append(factory("contoso"), "--private-endpoints")}, layer: "dns",
			finding: "public-address", advice: "private DNS zone", ticket: "private DNS zone"},
		{name: "a private link to the public address", run: run{args: append(factory("contoso"), "--target", "linked.database.windows.net", "--only", "names")}, status: "note", layer: "dns",
			finding: "private-link-public-address", advice: "168.63.129.16"},
		{name: "a private address that nobody expects", run: run{args: append(factory("private"), "--only", "names")}, status: "warning", layer: "dns",
			finding: "private-address", advice: "--private-endpoints"},
		{name: "the hosts file", run: run{args: append(factory("contoso"), "--only", "names"), hosts: goodHosts + "203.0.113.11 contoso" + azureEnd + "\n"},
			status: "warning", layer: "dns", finding: "hosts-file", advice: "/etc/hosts"},
		{name: "the hosts file has a dead address, and the name server another", run: run{args: append(factory("contoso"), "--only", "names,connection"),
			hosts: goodHosts + "203.0.113.22 contoso" + azureEnd + "\n"}, layer: "dns", finding: "hosts-file-differs", advice: "/etc/hosts",
			says: "203.0.113.11", ticket: "-"},
		{name: "the hosts file has an address that refuses", run: run{args: target("sql01.example:1433"), hosts: goodHosts + "203.0.113.20 sql01.example\n"},
			layer: "dns", finding: "hosts-file-differs", says: "203.0.113.43", ticket: "-"},
		{name: "the hosts file has another address that works", run: run{args: append(factory("contoso"), "--only", "names,connection"),
			hosts: goodHosts + "203.0.113.10 contoso" + azureEnd + "\n"}, status: "warning", layer: "dns", finding: "hosts-file-differs", says: "203.0.113.11"},
		{name: "the hosts file leads nowhere", run: run{args: append(factory("contoso"), "--only", "names,connection"),
			hosts: goodHosts + "0.0.0.0 contoso" + azureEnd + "\n"}, layer: "dns", finding: "hosts-file-differs", says: "203.0.113.11", ticket: "-"},
		{name: "localhost elsewhere", run: run{args: append(factory("contoso"), "--only", "names"), hosts: "10.1.1.1 localhost\n"}, layer: "dns",
			finding: "localhost-elsewhere", advice: "127.0.0.1 localhost"},
		{name: "the first of two name servers is silent", run: run{args: append(factory("contoso"), "--only", "names", "--timeout", "9s"),
			resolv: "nameserver 203.0.113.251\n" + goodResolv}, status: "warning", layer: "dns", finding: "slow-name", advice: "order of the name servers"},

		{name: "refused", run: run{args: factory("refused")}, layer: "network", finding: "refused", advice: "runs the firewall", ticket: "to refused" + azureEnd},
		{name: "rejected", run: run{args: factory("prohibited")}, layer: "network", finding: "unreachable", ticket: "port 443"},
		{name: "dropped", run: run{args: factory("dropped")}, layer: "network", finding: "dropped", advice: "runs the firewall", ticket: "203.0.113.22"},
		{name: "reset for its name", run: run{args: factory("sni-reset")}, layer: "network", finding: "tls-reset", advice: "allow the name", ticket: "TLS inspection"},
		{name: "dropped for its name", run: run{args: factory("sni-drop")}, layer: "network", finding: "tls-silent", advice: "MTU", ticket: "fragmentation needed"},
		{name: "packets are lost", run: run{args: append(factory("lossy"), "--timeout", "5s")}, status: "warning", layer: "network", finding: "slow", advice: "pathping"},
		{name: "IPv6 alone is dropped", run: run{args: factory("dual")}, status: "warning", layer: "network", finding: "ipv6-closed", advice: "IPv6"},
		{name: "one of two addresses", run: run{args: factory("two")}, status: "warning", layer: "network", finding: "some-addresses-closed",
			advice: "all addresses", ticket: "port 443"},
		{name: "this machine forbids it", run: run{args: factory("local")}, layer: "network", finding: "local-firewall", advice: "outbound rules", ticket: "-"},
		{name: "a route that ends", run: run{args: factory("gone")}, layer: "network", finding: "unreachable", advice: "route"},
		{name: "no network", run: run{args: []string{"--target", "203.0.113.11:443", "--only", "connection,store", "--timeout", "2s"}, alone: true}, layer: "network",
			finding: "no-route", advice: "default gateway"},

		{name: "a proxy wants a login", run: run{args: through("3129", "contoso")}, layer: "proxy", finding: "proxy-wants-login", advice: "HTTP Proxy", says: "Basic"},
		{name: "a proxy takes the login", run: run{args: through("3129", "contoso"), env: login}, status: "none"},
		{name: "a proxy does not take the login", run: run{args: through("3129", "contoso"), env: wrong}, layer: "proxy", finding: "proxy-login-refused",
			advice: "may have been changed"},
		{name: "a proxy offers Negotiate and NTLM", run: run{args: through("3132", "contoso")}, layer: "proxy", finding: "proxy-wants-login",
			advice: "useDefaultCredentials", says: "Negotiate, NTLM"},
		{name: "a proxy forbids the host", run: run{args: through("3130", "refused-by-proxy")}, layer: "proxy", finding: "proxy-forbids", ticket: "through the proxy",
			advice: "Directly, without the proxy"},
		{name: "a proxy cannot resolve", run: run{args: through("3128", "nobody")}, layer: "proxy", finding: "proxy-cannot-resolve", advice: "name server that the proxy asks"},
		{name: "a proxy gets no further", run: run{args: append(through("3128", "beyond"), "--timeout", "6s")}, layer: "proxy", finding: "proxy-cannot-reach",
			advice: "firewall behind it"},
		{name: "no proxy there", run: run{args: through("3199", "contoso")}, layer: "proxy", finding: "proxy-refused", advice: "its port"},
		{name: "a proxy without a name", run: run{args: append([]string{"--proxy", "http://noproxy.example:3128"}, factory("contoso")...)}, layer: "proxy",
			finding: "proxy-name", advice: "spelling of the proxy"},
		{name: "a proxy that is dropped", run: run{args: append([]string{"--proxy", "http://203.0.113.22:3128"}, factory("contoso")...)}, layer: "proxy",
			finding: "proxy-dropped", advice: "address of the proxy"},
		{name: "something else than a proxy", run: run{args: through("3140", "contoso")}, layer: "proxy", finding: "not-a-proxy", advice: "host and port"},
		{name: "a silent proxy", run: run{args: through("3141", "contoso")}, layer: "proxy", finding: "proxy-silent", advice: "overloaded"},
		{name: "a proxy that hangs up", run: run{args: through("3142", "contoso")}, layer: "proxy", finding: "proxy-hangs-up", advice: "host and port"},
		{name: "a login page in the tunnel", run: run{args: through("3143", "contoso")}, layer: "proxy", finding: "login-page", advice: "without a login page"},
		{name: "a tunnel that breaks", run: run{args: through("3144", "contoso")}, layer: "proxy", finding: "tunnel-breaks", advice: "looks into TLS"},
		{name: "a captive portal", run: run{args: factory("captive")}, layer: "proxy", finding: "login-page", advice: "without a login page"},
		{name: "a captive portal within TLS", run: run{args: factory("redirect")}, layer: "proxy", finding: "login-page-redirect", says: "portal.hotel.example"},
		{name: "a page of a filter", run: run{args: factory("blocked")}, layer: "proxy", finding: "block-page", advice: "runs the proxy"},
		{name: "two files that differ", run: run{args: config("differ", proxied("http://proxy.example:3128", ""), proxied("http://proxy.example:3199", ""))},
			layer: "proxy", finding: "config-differs", advice: "system.net", says: "proxyaddress"},
		{name: "a bypass that is no expression", run: run{args: config("bypass", proxied("http://proxy.example:3128", `<add address="*.example.com"/>`),
			proxied("http://proxy.example:3128", `<add address="*.example.com"/>`))}, layer: "proxy", finding: "bypass-no-expression", advice: "regular expression"},
		{name: "a broken file", run: run{args: config("broken", "<configuration><system.net>", proxied("http://proxy.example:3128", ""))}, layer: "proxy",
			finding: "config-unreadable", advice: "Repair"},
		{name: "the proxy of the files", run: run{args: config("fine", proxied("http://proxy.example:3128", ""), proxied("http://PROXY.example:3128/", ""))}, status: "none"},

		{name: "squid opens TLS", run: run{args: through("3131", "contoso")}, layer: "tls-inspection", finding: "inspection", advice: "exempted",
			ticket: "from TLS inspection", says: "Contoso Squid CA"},
		{name: "mitmproxy opens TLS", run: run{args: append(through("8080", "contoso"), "--timeout", "5s")}, layer: "tls-inspection", finding: "inspection", says: "mitmproxy"},
		{name: "a box opens TLS", run: run{args: factory("inspected")}, layer: "tls-inspection", finding: "inspection", says: "Contoso Web Gateway CA", ticket: "exempt"},
		{name: "a trusted box opens TLS", run: run{args: factory("trusted")}, status: "warning", layer: "tls-inspection", finding: "inspection-trusted",
			says: "Contoso Inspection Root", advice: "certlm.msc"},
		{name: "a box that signs itself", run: run{args: factory("selfmade")}, layer: "tls-inspection", finding: "inspection"},

		{name: "expired", run: run{args: factory("expired")}, layer: "tls", finding: "expired", advice: "The clock of this machine is right"},
		{name: "not yet valid", run: run{args: factory("future")}, layer: "tls", finding: "not-yet-valid", advice: "The clock of this machine is right"},
		{name: "another's name", run: run{args: factory("wrong-name")}, layer: "tls", finding: "wrong-name", says: "portal.example"},
		{name: "no intermediate", run: run{args: factory("no-chain")}, layer: "tls", finding: "missing-intermediate", says: "Lab Issuing CA", advice: "whole chain"},
		{name: "TLS 1.0", run: run{args: factory("old")}, layer: "tls", finding: "old-tls", says: "TLS 1.0", advice: "TLS 1.2"},
		{name: "no TLS", run: run{args: target("https://api.example:22")}, layer: "tls", finding: "not-tls", advice: "Check the port"},
		{name: "a certificate of ours is wanted", run: run{args: factory("alert")}, layer: "tls", finding: "client-certificate", advice: "linked service"},
		{name: "a certificate of ours is wanted in TLS 1.2", run: run{args: target("https://api.example:5443/")}, layer: "tls", finding: "client-certificate",
			advice: "linked service"},
		{name: "a certificate of ours is wanted, in TLS 1.3", run: run{args: target("https://api.example:5444/")}, layer: "tls", finding: "client-certificate",
			advice: "linked service"},
		{name: "a certificate of ours is wanted, says the page", run: run{args: target("https://api.example:5445/")}, layer: "tls",
			finding: "client-certificate", advice: "linked service"},
		{name: "Azure's certificate without its issuer's", run: run{args: factory("bare")}, layer: "tls", finding: "issuer-not-sent",
			says: "Microsoft Azure RSA TLS Issuing CA 03", advice: "whole chain", ticket: "-"},
		{name: "a captive portal with a certificate of its own", run: run{args: factory("hotel")}, layer: "proxy", finding: "login-page-redirect",
			says: "portal.hotel.example", advice: "without a login page", ticket: "-"},
		{name: "a captive portal in the place of a store", run: run{args: target("https://api.example:5446/")}, layer: "proxy",
			finding: "login-page-redirect", says: "portal.hotel.example", ticket: "-"},
		{name: "a captive portal that shows its page", run: run{args: factory("shown")}, layer: "proxy", finding: "login-page-shown",
			says: "guest.hotel.example", advice: "without a login page", ticket: "-"},
		{name: "a captive portal whose page goes on", run: run{args: factory("refresh")}, layer: "proxy", finding: "login-page-redirect",
			says: "portal.hotel.example", advice: "without a login page", ticket: "-"},
		{name: "a portal says so in the place of a store", run: run{args: target("https://api.example:5449/")}, layer: "proxy",
			finding: "login-page-shown", says: "guest.hotel.example", ticket: "-"},
		{name: "the page of another machine", run: run{args: target("https://api.example:5448/")}, layer: "tls", finding: "wrong-name",
			says: "guest.hotel.example"},
		{name: "an authority of the plant, for another", run: run{args: target("https://api.example:5450/")}, layer: "tls", finding: "wrong-name",
			says: "elsewhere.example"},
		{name: "somebody else's own certificate", run: run{args: target("https://api.example:5447/")}, layer: "tls", finding: "wrong-name",
			says: "guest.hotel.example"},
		{name: "no revocation list", run: run{args: factory("revoked")}, status: "warning", layer: "network", finding: "revocation-unreachable", ticket: "crl.example"},
		{name: "an authority of the plant", run: run{args: target("https://api.example:8443/")}, layer: "tls", finding: "issuer-not-sent", says: "Plant CA", advice: "whole chain"},
		{name: "an authority of the plant, with its certificate", run: run{args: target("https://api.example:8444/")}, layer: "tls",
			finding: "unknown-issuer", says: "Plant CA", advice: "Trusted Root"},
		{name: "signed by itself", run: run{args: target("https://api.example:7443/")}, layer: "tls", finding: "self-signed"},
		{name: "the store's certificate is another's", run: run{args: target("https://api.example:6443/")}, layer: "tls", finding: "wrong-name", says: "other.example"},

		{name: "the clock is behind", run: run{args: factory("late"), hosts: everyClock("38")}, layer: "clock", finding: "clock-wrong", advice: "w32tm", says: "behind"},
		{name: "the clock is ahead", run: run{args: factory("early"), hosts: everyClock("52")}, layer: "clock", finding: "clock-wrong", says: "ahead"},
		{name: "a certificate is invalid by the clock", run: run{args: factory("by-clock"), hosts: everyClock("39")}, layer: "clock", finding: "clock-wrong", advice: "Certificates"},

		{name: "the clock of one host alone", run: run{args: factory("late")}, status: "none"},

		{name: "the service fails", run: run{args: factory("fails")}, layer: "service", finding: "service-fails", advice: "status.azure.com"},
		{name: "the service forbids", run: run{args: factory("forbids")}, status: "warning", layer: "service", finding: "service-forbids", advice: "private endpoint"},
		{name: "the service is silent", run: run{args: factory("silent")}, layer: "service", finding: "no-http-answer"},
		{name: "another node does not listen", run: run{args: []string{"--node", "node2.example:8061", "--only", "nodes", "--timeout", "2s"}}, layer: "service",
			finding: "node-refused", advice: "Remote access"},
		{name: "another node that is left out", run: run{args: []string{"--node", "node2.example", "--only", "names", "--timeout", "2s"}}, status: "not-tried",
			layer: "network", finding: "node-left-out", says: "--only", advice: "Add nodes"},
		{name: "another node is there", run: run{args: []string{"--node", "node2.example", "--only", "nodes", "--timeout", "2s"}}, status: "none"},
		{name: "another node without a name", run: run{args: []string{"--node", "node9.example", "--only", "names,nodes", "--timeout", "2s"}}, layer: "dns", finding: "no-such-name"},

		{name: "nobody listens at the store", run: run{args: target("sql01.example:1430")}, layer: "store", finding: "store-refused", advice: "TCP/IP"},
		{name: "the way to the store is dropped", run: run{args: target("203.0.113.22:1433")}, layer: "network", finding: "dropped", ticket: "port 1433"},
		{name: "SQL Server", run: run{args: target("sql01.example:1433")}, status: "ok", layer: "store", finding: "sqlserver-answers", says: "SQL Server 2022"},
		{name: "SQL Server's own certificate", run: run{args: target("sql01.example,1434")}, status: "warning", layer: "tls", finding: "self-made", advice: "Trust server certificate"},
		{name: "SQL Server's certificate is of another server", run: run{args: target("sql01.example,1437")}, status: "warning", layer: "tls",
			finding: "self-signed-foreign", says: "sql02.example", advice: "Check first whether that is the right server"},
		{name: "SQL Server's certificate, signed by itself", run: run{args: target("sql01.example,1438")}, status: "warning", layer: "tls",
			finding: "self-signed", advice: "install this one"},
		{name: "SQL Server without encryption", run: run{args: target("sql01.example,1435")}, status: "warning", layer: "store", finding: "sqlserver-unencrypted"},
		{name: "SQL Server, strict", run: run{args: target("sql01.example,1436")}, status: "ok", layer: "store", finding: "sqlserver-answers", says: "TDS 8.0"},
		{name: "an instance of SQL Server", run: run{args: target(`sql01.example\SALES`)}, status: "ok", layer: "store", finding: "sqlserver-answers"},
		{name: "an instance without TCP", run: run{args: target(`sql01.example\PIPES`)}, layer: "store", finding: "instance-without-tcp", advice: "switch TCP/IP on"},
		{name: "an instance that nobody knows", run: run{args: target(`sql01.example\GHOST`)}, layer: "store", finding: "browser-silent", advice: "SQL Server Browser", ticket: "UDP"},
		{name: "something else than SQL Server", run: run{args: target("sqlserver://pg01.example:5432")}, layer: "store", finding: "store-hangs-up"},
		{name: "SFTP where SQL Server is meant", run: run{args: target("sqlserver://api.example:22")}, layer: "store", finding: "other-protocol", advice: "Check the port", says: "speak SQL Server"},
		{name: "a silent store", run: run{args: target("sqlserver://sql01.example:1499")}, layer: "store", finding: "store-silent"},
		{name: "a store that hangs up", run: run{args: target("mysql://sql01.example:1498")}, layer: "store", finding: "store-hangs-up"},
		{name: "PostgreSQL with its own certificate", run: run{args: target("pg01.example:5432")}, status: "warning", layer: "tls", finding: "self-signed"},
		{name: "PostgreSQL without encryption", run: run{args: target("postgresql://pg01.example:5433")}, status: "note", layer: "store", finding: "postgresql-unencrypted"},
		{name: "MySQL where PostgreSQL is meant", run: run{args: target("postgresql://my01.example:3306")}, layer: "store", finding: "other-protocol"},
		{name: "MariaDB", run: run{args: target("my01.example:3306")}, status: "ok", layer: "store", finding: "mysql-answers", says: "MariaDB"},
		{name: "MariaDB does not know this machine", run: run{args: target("mysql://my01.example:3307")}, layer: "store", finding: "mysql-host-refused", advice: "CREATE USER"},
		{name: "a file server", run: run{args: target(`\\fs01.example\data`)}, status: "ok", layer: "store", finding: "smb-answers", says: "SMB 3.1.1, signing required"},
		{name: "no file server", run: run{args: target(`\\sql01.example\data`)}, layer: "store", finding: "store-refused"},
		{name: "an Oracle listener", run: run{args: target("sql01.example:1521")}, status: "ok", layer: "store", finding: "oracle-answers"},
		{name: "an Oracle listener in error", run: run{args: target("oracle://sql01.example:1522")}, layer: "store", finding: "oracle-error", advice: "lsnrctl"},
		{name: "a web store that wants a login", run: run{args: target("https://api.example/")}, status: "ok", layer: "store", finding: "answered", says: "401"},
		{name: "a web store that fails", run: run{args: target("https://api.example:9443/")}, layer: "store", finding: "store-fails"},
		{name: "SFTP", run: run{args: target("sftp://api.example")}, status: "ok", layer: "store", finding: "banner-answers", says: "OpenSSH"},
	}
}

// TestFaults: each fault is named, with the layer that is wrong and what to do, and nothing else is called one.
func TestFaults(t *testing.T) {
	l := newLab(t)
	l.together(l.build, l.walls, l.nameServers, l.azureSide, l.proxies, l.stores)
	only := os.Getenv("GWLOGS_FAULT") // to look at one by hand
	t.Run("cases", func(t *testing.T) {
		for _, f := range faults(l) {
			if only != "" && !strings.Contains(f.name, only) {
				continue
			}
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				got, code := l.check(t, append1(f.run, "--exit-code"))
				f.judge(t, got, code)
				if only != "" {
					out, _ := l.output(t, f.run)
					t.Log(out)
				}
			})
		}
	})
}

func append1(r run, arg string) run {
	r.args = append(slices.Clone(r.args), arg)
	return r
}

func (f *fault) judge(t *testing.T, got *checked, code int) {
	t.Helper()
	wanted := cmp.Or(f.status, "fault")
	found := false
	for _, r := range got.Results {
		is := r.Status == wanted && r.Layer == f.layer && r.Finding == f.finding
		if !is && r.Status == "fault" {
			t.Errorf("%s of %v is called a fault in layer %s: %s: %s %v", r.Finding, r.Target, r.Layer, r.Probe, r.Seen, r.Raw)
		}
		if !is || !strings.Contains(r.Seen, f.says) || found {
			continue
		}
		found = true
		if !strings.Contains(strings.Join(r.Do, "\n"), f.advice) {
			t.Errorf("%s: what to do lacks %q: %q", r.Finding, f.advice, r.Do)
		}
		switch {
		case f.ticket == "-" && r.Ticket != "":
			t.Errorf("there is a ticket: %s", r.Ticket)
		case f.ticket != "-" && !strings.Contains(r.Ticket, f.ticket):
			t.Errorf("the ticket lacks %q: %q", f.ticket, r.Ticket)
		}
	}
	if !found && wanted != "none" {
		var all []string
		for _, r := range got.Results {
			all = append(all, fmt.Sprintf("%s %s/%s: %s %v", r.Status, r.Layer, r.Finding, r.Seen, r.Raw))
		}
		t.Errorf("no %s %s/%s %q; there are\n%s", wanted, f.layer, f.finding, f.says, strings.Join(all, "\n"))
	}
	if want := map[bool]int{true: 4, false: 0}[wanted == "fault"]; code != want {
		t.Errorf("exit code %d, want %d", code, want)
	}
}
