package check_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const azureEnd = ".westeurope.datafactory.azure.net"

// names are the hosts that the good name server knows.
func names() map[string][]string {
	all := map[string][]string{
		"download.microsoft.com": {"203.0.113.10"}, "ns.servicebus.windows.net": {"203.0.113.10"},
		"login.microsoftonline.com": {"203.0.113.10"}, "login.windows.net": {"203.0.113.10"},
		"login.live.com": {"203.0.113.10"}, "api.powerbi.com": {"203.0.113.10"},
		"crl.example": {"203.0.113.20"}, "proxy.example": {"10.80.0.1"},
		"plain.database.windows.net": {"203.0.113.43"},
		"sql01.example":              {"203.0.113.43"}, "pg01.example": {"203.0.113.40"}, "my01.example": {"203.0.113.41"},
		"fs01.example": {"203.0.113.42"}, "node2.example": {"203.0.113.44"}, "api.example": {"203.0.113.45"},
	}
	for name, ip := range map[string]string{
		"contoso": "11", "refused": "20", "prohibited": "21", "dropped": "22", "sni-reset": "23", "sni-drop": "24", "lossy": "25",
		"dual": "26", "captive": "27", "expired": "30", "wrong-name": "31", "no-chain": "32", "inspected": "33", "old": "34",
		"plain": "35", "future": "36", "revoked": "37", "late": "38", "by-clock": "39", "fails": "46", "forbids": "47", "silent": "48",
		"blocked": "49", "redirect": "50", "two": "11", "local": "91", "gone": "92", "trusted": "51", "early": "52", "hangup": "53", "selfmade": "55", "alert": "56", "bare": "57", "hotel": "58", "shown": "59", "refresh": "61", "refused-by-proxy": "11", "beyond": "29",
	} {
		all[name+azureEnd] = []string{"203.0.113." + ip}
	}
	all["dual"+azureEnd] = append(all["dual"+azureEnd], "2001:db8:113::26")
	all["two"+azureEnd] = []string{"203.0.113.20", "203.0.113.11"}
	all["private"+azureEnd] = []string{"10.90.0.5"}
	return all
}

func (l *lab) nameServers() {
	var b strings.Builder
	b.WriteString("no-resolv\nno-hosts\nbind-interfaces\nuser=root\nlisten-address=10.80.0.1\n" +
		"local=/net/\nlocal=/com/\nlocal=/example/\nlocal=//\naddress=/corp.example/203.0.113.99\naddress=/sinkhole.westeurope.datafactory.azure.net/0.0.0.0\n" +
		"txt-record=text.westeurope.datafactory.azure.net,hello\n" +
		"cname=linked.database.windows.net,linked.privatelink.database.windows.net\nhost-record=linked.privatelink.database.windows.net,203.0.113.43\n")
	for name, ips := range names() {
		for _, ip := range ips {
			fmt.Fprintf(&b, "host-record=%s,%s\n", name, ip)
		}
	}
	l.serve(l.wall, []string{"10.80.0.1:53"}, "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--conf-file="+l.file("dnsmasq.conf", b.String()), "--pid-file=")
	// One that knows nobody to ask, and therefore refuses.
	l.serve(l.other, []string{"203.0.113.4:53"}, "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--pid-file=", "--conf-file="+
		l.file("refuses.conf", "no-resolv\nno-hosts\nbind-interfaces\nuser=root\nlisten-address=203.0.113.4\n"))
	// One whose forwarder is gone.
	l.serve(l.other, []string{"203.0.113.3:53"}, "unbound", "-d", "-c", l.file("unbound.conf", "server:\n interface: 203.0.113.3\n do-daemonize: no\n"+
		" username: \"\"\n chroot: \"\"\n pidfile: \"\"\n use-syslog: no\n logfile: \"\"\n access-control: 0.0.0.0/0 allow\n module-config: \"iterator\"\n"+
		" do-not-query-address: 192.0.2.0/24\nforward-zone:\n name: \".\"\n forward-addr: 192.0.2.1\nremote-control:\n control-enable: no\n"))
}

// walls are the rules of the firewall.
func (l *lab) walls() {
	rules := l.file("rules.nft", `
table inet lab {
  set seen { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 60s; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    ip daddr 203.0.113.20 meta l4proto tcp reject with tcp reset
    ip daddr 203.0.113.21 reject with icmp type admin-prohibited
    ip daddr { 203.0.113.22, 203.0.113.251 } drop
    ip daddr 203.0.113.23 tcp dport 443 meta length > 120 reject with tcp reset
    ip daddr 203.0.113.24 tcp dport 443 meta length > 120 drop
    ip daddr 203.0.113.25 tcp flags & (syn|ack) == syn ip saddr . tcp sport != @seen add @seen { ip saddr . tcp sport } drop
    ip daddr 203.0.113.29 drop
    ip6 daddr 2001:db8:113::26 drop
    ip daddr 203.0.113.10 tcp dport { 5671, 5672, 9350-9354 } drop
    udp dport 1434 ip daddr 203.0.113.60 drop
  }
  chain output {
    type filter hook output priority 0; policy accept;
    ip daddr 203.0.113.29 drop
  }
  chain captive {
    type nat hook prerouting priority -100;
    ip daddr 203.0.113.27 tcp dport 443 dnat ip to 203.0.113.28:80
  }
}
`)
	l.in(l.wall, "nft -f %s", rules)
}

// web serves HTTPS with a certificate.
func (l *lab) web(addr string, cert tls.Certificate, handler http.Handler) {
	if handler == nil {
		handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotFound) })
	}
	in := l.listen(l.other, addr)
	s := &http.Server{Handler: handler, TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}}, ErrorLog: quiet()}
	l.atEnd(func() { s.Close() })
	go func() { _ = s.ServeTLS(in, "", "") }()
}

// page is a server's answer in HTML.
func page(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// asking is a server that asks for a certificate in TLS, and says in HTTP that there was none, as nginx does.
func (l *lab) asking(addr string, cert tls.Certificate) {
	s := &http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequestClientCert}, ErrorLog: quiet(),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, "<center><h1>400 Bad Request</h1></center>\n<center>No required SSL certificate was sent</center>")
		})}
	in := l.listen(l.other, addr)
	l.atEnd(func() { s.Close() })
	go func() { _ = s.ServeTLS(in, "", "") }()
}

// openssl serves HTTPS with openssl s_server.
func (l *lab) openssl(addr string, cert tls.Certificate, more ...string) {
	certFile, keyFile := l.ca.files(cert)
	l.serve(l.other, []string{addr}, append([]string{"openssl", "s_server", "-quiet", "-www", "-accept", addr, "-cert", certFile, "-cert_chain", certFile,
		"-key", keyFile}, more...)...)
}

func status(code int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) })
}

// azureSide are the hosts of Azure, those that are well and those that are not.
func (l *lab) azureSide() {
	at := func(ip string) string { return "203.0.113." + ip + ":443" }
	well := l.ca.issue("download.microsoft.com", func(c *x509.Certificate) {
		c.DNSNames = append(c.DNSNames, "*.servicebus.windows.net", "login.microsoftonline.com", "login.windows.net", "login.live.com",
			"api.powerbi.com", "*.westeurope.datafactory.azure.net")
	})
	for _, ip := range []string{"10", "11", "20", "21", "22", "23", "24", "25", "26", "27"} {
		l.web(at(ip), well, nil)
	}
	l.web("[2001:db8:113::a]:443", well, nil)
	host := func(name string) string { return name + azureEnd }
	day := 24 * time.Hour
	l.openssl(at("30"), l.ca.issue(host("expired"), func(c *x509.Certificate) { c.NotBefore, c.NotAfter = time.Now().Add(-90*day), time.Now().Add(-day) }))
	l.openssl(at("31"), l.ca.issue("portal.example", nil))
	middle := l.ca.below("Lab Issuing CA", "DigiCert Inc")
	l.openssl(at("32"), middle.issue(host("no-chain"), func(c *x509.Certificate) {
		c.IssuingCertificateURL = []string{"http://crl.example/issuing.crt"}
	}))
	inspector := newAuthority(l.t, "Contoso Web Gateway CA", "Contoso Security")
	l.openssl(at("33"), inspector.issue(host("inspected"), nil))
	l.openssl(at("34"), l.ca.issue(host("old"), nil), "-tls1", "-cipher", "ALL:@SECLEVEL=0")
	l.openssl(at("36"), l.ca.issue(host("future"), func(c *x509.Certificate) { c.NotBefore = time.Now().Add(30 * day) }))
	l.web(at("37"), l.ca.issue(host("revoked"), func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"http://crl.example/lab.crl"} }), nil)
	l.answerEach(at("35"), func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno TLS here\r\n")
	})
	self := (&authority{t: l.t}).issue(host("selfmade"), nil)
	l.openssl(at("55"), self)
	l.web(at("46"), l.ca.issue(host("fails"), nil), status(503))
	l.web(at("47"), l.ca.issue(host("forbids"), nil), status(403))
	l.web(at("48"), l.ca.issue(host("silent"), nil), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	l.web(at("49"), l.ca.issue(host("blocked"), nil), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Squid-Error", "ERR_ACCESS_DENIED 0")
		w.WriteHeader(http.StatusForbidden)
	}))
	l.web(at("50"), l.ca.issue(host("redirect"), nil), http.RedirectHandler("https://portal.hotel.example/login", http.StatusFound))
	l.web(at("51"), newTrusted(l).issue(host("trusted"), nil), nil)
	l.answerEach(at("53"), func(c net.Conn) { // a box that resets what it does not like
		_, _ = c.Read(make([]byte, 100))
		_ = c.(*net.TCPConn).SetLinger(0)
	})
	alert := l.ca.issue(host("alert"), nil)
	l.openssl(at("56"), alert, "-Verify", "1", "-verify_return_error")
	microsoft := newAuthority(l.t, "Microsoft Azure RSA TLS Issuing CA 03", "Microsoft Corporation")
	l.web(at("57"), microsoft.issue(host("bare"), nil), nil)
	l.web(at("58"), (&authority{t: l.t}).issue("guest.hotel.example", nil), http.RedirectHandler("http://portal.hotel.example/login", http.StatusFound))
	l.web(at("59"), (&authority{t: l.t}).issue("guest.hotel.example", nil), page(200, `<!DOCTYPE html><title>Hotel</title><form action="/go"><input name=room></form>`))
	l.web(at("61"), l.ca.issue("portal.hotel.example", nil), page(200, `<html><meta http-equiv="Refresh" content="0; url=https://portal.hotel.example/login">`))
	l.clocks()
	// The page of a captive portal.
	portal := l.listen(l.other, "203.0.113.28:80")
	go func() {
		_ = http.Serve(portal, http.RedirectHandler("http://portal.hotel.example/login", http.StatusFound))
	}()
}

// newTrusted is the authority of an inspecting proxy that the machines of the company trust.
func newTrusted(l *lab) *authority {
	a := newAuthority(l.t, "Contoso Inspection Root", "Contoso Security")
	pem, err := os.ReadFile(a.file)
	if err == nil {
		var f *os.File
		if f, err = os.OpenFile(l.ca.file, os.O_APPEND|os.O_WRONLY, 0); err == nil {
			_, err = f.Write(pem)
			f.Close()
		}
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return a
}

// clocks are servers by whose clock it is later, and by whose it is earlier.
func (l *lab) clocks() {
	script := l.file("clock.py", `
import http.server, ssl, sys
ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
ctx.load_cert_chain(sys.argv[2], sys.argv[3])
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *a): pass
s = http.server.ThreadingHTTPServer((sys.argv[1], 443), H)
s.socket = ctx.wrap_socket(s.socket, server_side=True, do_handshake_on_connect=False)
s.serve_forever()
`)
	run := func(ip, host, by string, from time.Duration) {
		cert, key := l.ca.files(l.ca.issue(host+azureEnd, func(c *x509.Certificate) {
			c.DNSNames, c.NotBefore = append(c.DNSNames, "download.microsoft.com"), time.Now().Add(from)
		}))
		l.serve(l.other, []string{"203.0.113." + ip + ":443"}, "faketime", "-f", by, "python3", script, "203.0.113."+ip, cert, key)
	}
	run("38", "late", "+3h", -time.Hour)
	run("52", "early", "-20m", -time.Hour)
	run("39", "by-clock", "+3h", time.Hour)
}

// proxies are squid's, a port for each way it behaves, and mitmproxy.
func (l *lab) proxies() {
	owner, err := user.Lookup("proxy")
	if err != nil {
		l.t.Fatal(err)
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	dir := filepath.Join(l.dir, "squid")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		l.t.Fatal(err)
	}
	l.sh("htpasswd -bc %s/users gw right 2>/dev/null", dir)
	inspector := newAuthority(l.t, "Contoso Squid CA", "Contoso Security")
	cert, key := inspector.files(tls.Certificate{Certificate: [][]byte{inspector.cert.Raw}, PrivateKey: inspector.key})
	l.sh("cat %s %s > %s/ca.pem && /usr/lib/squid/security_file_certgen -c -s %s/db -M 4MB >/dev/null", cert, key, dir, dir)
	if err := os.Chown(dir, uid, gid); err != nil {
		l.t.Fatal(err)
	}
	l.sh("chown -R %d:%d %s", uid, gid, dir)
	conf := l.file("squid.conf", fmt.Sprintf(`
http_port 10.80.0.1:3128 name=open
http_port 10.80.0.1:3129 name=basic
http_port 10.80.0.1:3130 name=rules
http_port 10.80.0.1:3131 name=bump ssl-bump cert=%[1]s/ca.pem generate-host-certificates=on dynamic_cert_mem_cache_size=4MB
sslcrtd_program /usr/lib/squid/security_file_certgen -s %[1]s/db -M 4MB
sslcrtd_children 1
tls_outgoing_options cafile=%[2]s
auth_param basic program /usr/lib/squid/basic_ncsa_auth %[1]s/users
auth_param basic children 1
auth_param basic realm lab
acl basic myportname basic
acl rules myportname rules
acl bump myportname bump
acl known proxy_auth REQUIRED
acl forbidden dstdomain refused-by-proxy.westeurope.datafactory.azure.net
ssl_bump bump bump
http_access allow basic known
http_access deny basic
http_access deny rules forbidden
http_access allow all
cache deny all
cache_mem 8 MB
access_log none
cache_log %[1]s/cache.log
pid_filename none
coredump_dir %[1]s
dns_nameservers 10.80.0.1
connect_timeout 2 seconds
forward_timeout 3 seconds
shutdown_lifetime 0 seconds
max_filedescriptors 1024
`, dir, l.ca.file))
	l.serve(l.wall, []string{"10.80.0.1:3128", "10.80.0.1:3131"}, "squid", "-N", "-f", conf)
	ntlm := l.file("ntlm.conf", fmt.Sprintf(`
http_port 10.80.0.1:3132
auth_param negotiate program /bin/cat
auth_param negotiate children 1
auth_param ntlm program /bin/cat
auth_param ntlm children 1
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
access_log none
cache_log %[1]s/ntlm.log
pid_filename none
coredump_dir %[1]s
max_filedescriptors 1024
`, dir))
	l.serve(l.wall, []string{"10.80.0.1:3132"}, "squid", "-N", "-f", ntlm)
	l.serve(l.wall, []string{"10.80.0.1:8080"}, "mitmdump", "-q", "--listen-host", "10.80.0.1", "--listen-port", "8080", "--ssl-insecure", "--set",
		"confdir="+filepath.Join(l.dir, "mitm"), "--set", "connection_strategy=lazy")
	wall := func(port string, f func(net.Conn)) {
		in := l.listen(l.wall, "10.80.0.1:"+port)
		go func() {
			for {
				c, err := in.Accept()
				if err != nil {
					return
				}
				go func() { defer c.Close(); f(c) }()
			}
		}()
	}
	wall("3140", func(c net.Conn) { _, _ = io.WriteString(c, "220 mail.example ESMTP\r\n"); time.Sleep(time.Second) })
	wall("3141", func(c net.Conn) { time.Sleep(15 * time.Second) })
	wall("3142", func(c net.Conn) { _, _ = c.Read(make([]byte, 1000)) })
	wall("3143", func(c net.Conn) { // opens every tunnel, and shows its own page in it
		_, _ = c.Read(make([]byte, 1000))
		_, _ = io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		_, _ = c.Read(make([]byte, 1000))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Please log in</title>")
	})
	wall("3144", func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1000))
		_, _ = io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		_, _ = c.Read(make([]byte, 1000))
	})
}

// stores are data stores: real ones, and stand-ins of documented bytes for those that are not to be had.
func (l *lab) stores() {
	l.together(l.postgres, l.mariadb, l.samba, l.standIns)
	l.answerEach("203.0.113.44:8060", func(net.Conn) {})
	api := l.ca.issue("api.example", nil)
	l.web("203.0.113.45:443", api, status(401))
	private := newAuthority(l.t, "Plant CA", "Contoso Plant")
	l.web("203.0.113.45:8443", private.issue("api.example", nil), nil)
	whole := private.issue("api.example", nil)
	whole.Certificate = append(whole.Certificate, private.cert.Raw)
	l.web("203.0.113.45:8444", whole, nil)
	l.openssl("203.0.113.45:5443", api, "-tls1_2", "-Verify", "1", "-verify_return_error")
	l.openssl("203.0.113.45:5444", api, "-tls1_3", "-Verify", "1", "-verify_return_error")
	l.asking("203.0.113.45:5445", api)
	guest := (&authority{t: l.t}).issue("guest.hotel.example", nil)
	l.web("203.0.113.45:5446", guest, http.RedirectHandler("http://portal.hotel.example/login", http.StatusFound))
	l.web("203.0.113.45:5447", guest, nil)
	l.web("203.0.113.45:5448", guest, page(200, `<html><form>the intranet of another machine</form>`))
	l.web("203.0.113.45:5449", guest, page(http.StatusNetworkAuthenticationRequired, "<html>"))
	l.web("203.0.113.45:5450", private.issue("elsewhere.example", nil), nil)
	l.web("203.0.113.45:9443", l.ca.issue("api.example", nil), status(500))
	l.openssl("203.0.113.45:7443", (&authority{t: l.t}).issue("api.example", nil))
	l.openssl("203.0.113.45:6443", l.ca.issue("other.example", nil))
	sftp := func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.2p1\r\n"); time.Sleep(time.Second) }
	l.answerEach("203.0.113.45:22", sftp)
}

func (l *lab) postgres() {
	bin := "/usr/lib/postgresql/15/bin/"
	if matches, _ := filepath.Glob("/usr/lib/postgresql/*/bin"); len(matches) > 0 {
		bin = matches[len(matches)-1] + "/"
	}
	base := filepath.Join(l.dir, "pg")
	cert, key := l.ca.files((&authority{t: l.t}).issue("pg01.example", nil))
	l.sh("mkdir -p %[1]s && cp %[2]s %[1]s/cert.pem && cp %[3]s %[1]s/key.pem && chmod 600 %[1]s/key.pem && chown -R postgres %[1]s", base, cert, key)
	l.sh("cd / && setpriv --reuid postgres --clear-groups %sinitdb -D %s/data -A reject --no-sync --no-instructions >/dev/null && cp -a %s/data %s/plain", bin, base, base, base)
	run := func(data, addr, port string, more ...string) {
		l.serve(l.other, []string{addr + ":" + port}, append([]string{"setpriv", "--reuid", "postgres", "--clear-groups", bin + "postgres", "-D", base + "/" + data,
			"-c", "listen_addresses=" + addr, "-c", "port=" + port, "-c", "unix_socket_directories=", "-c", "fsync=off"}, more...)...)
	}
	run("data", "203.0.113.40", "5432", "-c", "ssl=on", "-c", "ssl_cert_file="+base+"/cert.pem", "-c", "ssl_key_file="+base+"/key.pem")
	run("plain", "203.0.113.40", "5433")
}

func (l *lab) mariadb() {
	base := filepath.Join(l.dir, "my")
	cert, key := l.ca.files(l.ca.issue("my01.example", nil))
	l.sh("mkdir -p %[1]s/a && cp %[2]s %[1]s/cert.pem && cp %[3]s %[1]s/key.pem && chmod 644 %[1]s/key.pem && "+
		"(echo 'create database if not exists mysql;'; echo 'use mysql;'; cat /usr/share/mysql/mysql_system_tables.sql) | "+
		"mariadbd --no-defaults --bootstrap --user=root --datadir=%[1]s/a --innodb-flush-log-at-trx-commit=0 >/dev/null 2>&1 && cp -a %[1]s/a %[1]s/b",
		base, cert, key)
	run := func(data, port string, more ...string) {
		l.serve(l.other, []string{"203.0.113.41:" + port}, append([]string{"mariadbd", "--no-defaults", "--user=root", "--datadir=" + base + "/" + data, "--port=" + port,
			"--bind-address=203.0.113.41", "--socket=" + base + "/" + data + ".sock", "--pid-file=" + base + "/" + data + ".pid",
			"--innodb-buffer-pool-size=8M", "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve"}, more...)...)
	}
	run("a", "3306", "--skip-grant-tables", "--ssl-cert="+base+"/cert.pem", "--ssl-key="+base+"/key.pem")
	run("b", "3307")
}

func (l *lab) samba() {
	dir := filepath.Join(l.dir, "smb")
	var b strings.Builder
	b.WriteString("[global]\n interfaces = 203.0.113.42\n bind interfaces only = yes\n smb ports = 445\n server signing = mandatory\n disable netbios = yes\n" +
		" load printers = no\n disable spoolss = yes\n")
	for _, name := range []string{"private", "state", "cache", "lock", "pid", "ncalrpc"} {
		l.sh("mkdir -p %s/%s", dir, name)
		key := name + " directory"
		if name == "private" || name == "ncalrpc" {
			key = name + " dir"
		}
		fmt.Fprintf(&b, " %s = %s/%s\n", key, dir, name)
	}
	b.WriteString("[data]\n path = " + dir + "\n")
	l.serve(l.other, []string{"203.0.113.42:445"}, "smbd", "--foreground", "--no-process-group", "--debug-stdout", "-d0", "-s", l.file("smb.conf", b.String()))
}
