package upload_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

const planted = "?sv=2024-11-04&sr=c&sp=cw&sig=pl4nted%2Bsecret%2Fsignature%3D"

func sendTo(t *testing.T, address string, o upload.Options) error {
	t.Helper()
	_, err := upload.Open(target(t, address), o).Send(context.Background(), uploadtest.NewBundle(1, 100<<10), new(upload.Progress))
	return err
}

// Each thing that may be wrong with the network has words of its own.
func TestNetwork(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "")
	t.Setenv("https_proxy", "")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := closed.Addr().String()
	closed.Close()
	t.Run("refused", func(t *testing.T) {
		address := "https://" + port + "/acc/c" + planted
		checkError(t, sendTo(t, address, quick()), "refuses the connection", address)
	})
	t.Run("proxy refused", func(t *testing.T) {
		address := "https://acc.blob.core.windows.net/c" + planted
		o := quick()
		o.Proxy.URL, _ = upload.ParseProxy(port)
		checkError(t, sendTo(t, address, o), "the proxy "+port+": refuses the connection", address)
	})
	t.Run("unknown authority", func(t *testing.T) {
		server := httptest.NewTLSServer(http.NotFoundHandler())
		defer server.Close()
		server.Config.ErrorLog = nil
		address := server.URL + "/acc/c" + planted
		checkError(t, sendTo(t, address, quick()), "of an authority that this computer does not know (issued by O=Acme Co)", address)
	})
	t.Run("another host", func(t *testing.T) {
		server := httptest.NewTLSServer(http.NotFoundHandler())
		defer server.Close()
		pool := x509.NewCertPool()
		pool.AddCert(server.Certificate())
		o := quick()
		o.CA = pool
		address := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/acc/c" + planted
		checkError(t, sendTo(t, address, o), "shows a certificate for somebody else", address)
	})
	t.Run("no TLS", func(t *testing.T) {
		server := httptest.NewServer(http.NotFoundHandler())
		defer server.Close()
		address := strings.Replace(server.URL, "http:", "https:", 1) + "/acc/c" + planted
		checkError(t, sendTo(t, address, quick()), "does not speak TLS", address)
	})
	t.Run("old TLS", func(t *testing.T) {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.TLS = &tls.Config{MaxVersion: tls.VersionTLS11}
		server.StartTLS()
		defer server.Close()
		address := server.URL + "/acc/c" + planted
		checkError(t, sendTo(t, address, quick()), "127.0.0.1", address)
	})
	t.Run("DNS", func(t *testing.T) {
		// Names below .invalid are never known; a proxy of the machine would hide that.
		address := "https://acc.blob.core.invalid/c" + planted
		o := quick()
		o.Retry.Attempts = 1
		err := sendTo(t, address, o)
		if strings.Contains(err.Error(), "the name server does not answer") {
			t.Logf("no name server here: %v", err)
			return
		}
		checkError(t, err, "no computer of that name is known (DNS)", address)
	})
}

func TestProxyLogin(t *testing.T) {
	a := azurite(t, true)
	address := uploadtest.URL(t, a.Container(t), "", "rcwl")
	o := quick()
	o.CA = authority(t, a)
	with := func(change func(*uploadtest.Proxy, *upload.Options)) error {
		proxy := uploadtest.StartProxy(t)
		proxy.User, proxy.Password = "clerk", "pl4nted-pass"
		o := o
		o.Proxy.URL, _ = upload.ParseProxy(proxy.URL)
		change(proxy, &o)
		return sendTo(t, address, o)
	}
	checkError(t, with(func(*uploadtest.Proxy, *upload.Options) {}), "wants a user and a password (407)", address)
	err := with(func(_ *uploadtest.Proxy, o *upload.Options) {
		o.Proxy.User, o.Proxy.Password = "clerk", "wrong-pl4nted"
	})
	checkError(t, err, "does not accept the user or the password (407)", address)
	if strings.Contains(fmt.Sprintf("%v %+v", err, err), "wrong-pl4nted") {
		t.Errorf("the password is in %+v", err)
	}
	checkError(t, with(func(p *uploadtest.Proxy, _ *upload.Options) { p.Offer = "NTLM" }),
		"wants a login by NTLM, which gwlogs cannot do (407)", address)
	checkError(t, with(func(p *uploadtest.Proxy, o *upload.Options) { p.User, p.Deny = "", true }),
		"does not let us through to "+a.Host()+" (403)", address)
	asked := 0
	if err := with(func(p *uploadtest.Proxy, o *upload.Options) {
		o.Proxy.Ask = func(_ context.Context, name string) (string, string, bool) {
			if asked++; "http://"+name != p.URL {
				t.Errorf("asked for %s", name)
			}
			return "clerk", "pl4nted-pass", true
		}
	}); err != nil || asked != 1 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

// What real services answer. Azurite gives one reason for all that it refuses.
func TestAnswers(t *testing.T) {
	const reason = `<?xml version="1.0" encoding="utf-8"?><Error><Code>%s</Code><Message>%s</Message><AuthenticationErrorDetail>%s</AuthenticationErrorDetail></Error>`
	const azure, put, both = 1, 2, 3
	for name, tt := range map[string]struct {
		of         int
		status     int
		code, body string // code is the header of Azure
		header     map[string]string
		want       string
	}{
		"signature": {azure, 403, "AuthenticationFailed", fmt.Sprintf(reason, "AuthenticationFailed",
			"Server failed to authenticate the request.",
			"Signature did not match. String to sign used was cw pl4nted+secret/signature="), nil, "the signature of the URL is wrong " +
			"(403 AuthenticationFailed)"},
		"S3 signature": {put, 403, "", fmt.Sprintf(reason, "SignatureDoesNotMatch", "pl4nted", ""), nil,
			"the signature of the URL is wrong (403 SignatureDoesNotMatch)"},
		"firewall": {azure, 403, "AuthorizationFailure", "", nil, "does not let us in with this URL from here (403 AuthorizationFailure)"},
		"address":  {azure, 403, "AuthorizationSourceIPMismatch", "", nil, "from the address of this computer"},
		"refused":  {both, 403, "", "", nil, "does not let us do this (403)"},
		"clock": {put, 403, "", fmt.Sprintf(reason, "RequestTimeTooSkewed", "x", ""), map[string]string{"Date": "Thu, 04 May 2017 18:00:00 GMT"},
			"the times do not fit: it is 2017-05-04 18:00:00 UTC there"},
		"quota":     {both, 507, "", "", nil, "there is no room, or the bundle is too large (507)"},
		"too large": {azure, 413, "RequestBodyTooLarge", "", nil, "there is no room, or the bundle is too large (413 RequestBodyTooLarge)"},
		"S3 too large": {put, 400, "", fmt.Sprintf(reason, "EntityTooLarge", "", ""), nil,
			"there is no room, or the bundle is too large (400 EntityTooLarge)"},
		"no bucket":  {put, 404, "", fmt.Sprintf(reason, "NoSuchBucket", "", ""), nil, "the bucket of the URL is not there (404 NoSuchBucket)"},
		"redirect":   {put, 302, "", "", map[string]string{"Location": "https://login.example/?x"}, "sends us elsewhere (302)"},
		"method":     {both, 405, "", "", nil, "takes no upload at this URL (405)"},
		"gone":       {put, 404, "", "", nil, "what the URL names is not there (404)"},
		"broken":     {azure, 500, "InternalError", "", nil, "has a problem of its own (500 InternalError)"},
		"broken put": {put, 500, "", "", nil, "has a problem of its own (500)"},
		"odd":        {both, 418, "<script>", "", nil, "did not accept it (418)"},
		"S3 expired": {put, 403, "", "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", nil,
			"the URL has expired"},
		"taken": {both, 412, "", "", nil, "another file of that name is there already (412)"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				for name, value := range tt.header {
					w.Header().Set(name, value)
				}
				if tt.code != "" {
					w.Header().Set("x-ms-error-code", tt.code)
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			}))
			defer server.Close()
			o := quick()
			o.Retry.Attempts = 2
			for of, query := range map[int]string{azure: planted,
				put: "?X-Amz-Signature=pl4nted%2Bsecret%2Fsignature%3D&X-Amz-Date=20260101T000000Z"} {
				if tt.of&of == 0 {
					continue
				}
				address := server.URL + "/acc/c" + query
				err := sendTo(t, address, o)
				checkError(t, err, tt.want, address)
				if strings.Contains(err.Error(), "pl4nted") {
					t.Errorf("%v", err)
				}
			}
		})
	}
}
