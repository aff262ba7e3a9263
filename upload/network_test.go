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
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

const planted = "?sv=2024-11-04&sr=c&sp=cw&sig=pl4nted%2Bsecret%2Fsignature%3D"

func sendTo(t *testing.T, address string, o upload.Options) error {
	t.Helper()
	_, err := upload.Open(target(t, address), o).Send(context.Background(), bundle(reportID, made(1, 100<<10)), new(upload.Progress))
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
	checkError(t, with(func(p *uploadtest.Proxy, _ *upload.Options) { p.Offer = "NTLM" }), "wants a login by NTLM, which gwlogs cannot do (407)", address)
	checkError(t, with(func(p *uploadtest.Proxy, o *upload.Options) { p.User, p.Deny = "", true }), "does not let us through to "+a.Host()+" (403)", address)
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
		"signature": {azure, 403, "AuthenticationFailed", fmt.Sprintf(reason, "AuthenticationFailed", "Server failed to authenticate the request.",
			"Signature did not match. String to sign used was cw pl4nted+secret/signature="), nil, "the signature of the URL is wrong (403 AuthenticationFailed)"},
		"S3 signature": {put, 403, "", fmt.Sprintf(reason, "SignatureDoesNotMatch", "pl4nted", ""), nil, "the signature of the URL is wrong (403 SignatureDoesNotMatch)"},
		"firewall":     {azure, 403, "AuthorizationFailure", "", nil, "does not let us in with this URL from here (403 AuthorizationFailure)"},
		"address":      {azure, 403, "AuthorizationSourceIPMismatch", "", nil, "from the address of this computer"},
		"refused":      {both, 403, "", "", nil, "does not let us do this (403)"},
		"clock": {put, 403, "", fmt.Sprintf(reason, "RequestTimeTooSkewed", "x", ""), map[string]string{"Date": "Thu, 04 May 2017 18:00:00 GMT"},
			"the times do not fit: it is 2017-05-04 18:00:00 UTC there"},
		"quota":        {both, 507, "", "", nil, "there is no room, or the bundle is too large (507)"},
		"too large":    {azure, 413, "RequestBodyTooLarge", "", nil, "there is no room, or the bundle is too large (413 RequestBodyTooLarge)"},
		"S3 too large": {put, 400, "", fmt.Sprintf(reason, "EntityTooLarge", "", ""), nil, "there is no room, or the bundle is too large (400 EntityTooLarge)"},
		"no bucket":    {put, 404, "", fmt.Sprintf(reason, "NoSuchBucket", "", ""), nil, "the bucket of the URL is not there (404 NoSuchBucket)"},
		"redirect":     {put, 302, "", "", map[string]string{"Location": "https://login.example/?x"}, "sends us elsewhere (302)"},
		"method":       {both, 405, "", "", nil, "takes no upload at this URL (405)"},
		"gone":         {put, 404, "", "", nil, "what the URL names is not there (404)"},
		"broken":       {azure, 500, "InternalError", "", nil, "has a problem of its own (500 InternalError)"},
		"broken put":   {put, 500, "", "", nil, "has a problem of its own (500)"},
		"odd":          {both, 418, "<script>", "", nil, "did not accept it (418)"},
		"S3 expired":   {put, 403, "", "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", nil, "the URL has expired"},
		"taken":        {both, 412, "", "", nil, "another file of that name is there already (412)"},
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
			for of, query := range map[int]string{azure: planted, put: "?X-Amz-Signature=pl4nted%2Bsecret%2Fsignature%3D&X-Amz-Date=20260101T000000Z"} {
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

// One PUT to any URL.
func TestPut(t *testing.T) {
	b := bundle(reportID, made(12, 700<<10))
	var got []byte
	var header http.Header
	fail := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Write(got)
			return
		}
		body, err := io.ReadAll(r.Body)
		if fail > 0 || err != nil {
			fail--
			if fail%2 == 0 {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(503)
			return
		}
		got, header = body, r.Header
		w.Header().Set("ETag", `"e"`)
		w.Header().Set("Content-MD5", r.Header.Get("Content-MD5"))
	}))
	defer server.Close()
	o := quick()
	o.CA = x509.NewCertPool()
	o.CA.AddCert(server.Certificate())
	fail = 3
	d := upload.Open(target(t, server.URL+"/bucket/box/name.zip?X-Amz-Signature=pl4nted-signature-of-s3"), o)
	var p upload.Progress
	sent, err := d.Send(context.Background(), b, &p)
	if err != nil || sent.ETag != `"e"` || sent.Blob != "name.zip" || p.Done.Load() != b.Size {
		t.Fatalf("%+v, %v, done %d", sent, err, p.Done.Load())
	}
	if string(got) != string(b.Data.(memory)) || header.Get("Content-Type") != "application/zip" || header.Get("Content-MD5") == "" {
		t.Errorf("%d bytes arrived, %v", len(got), header)
	}
	if data, _ := fetched(t, d, reportID); string(data) != string(got) {
		t.Error("what came back is something else")
	}
	if _, err := d.List(context.Background(), ""); err == nil {
		t.Error("such a URL cannot be listed")
	}
	old := upload.Open(target(t, server.URL+"/bucket/name.zip?Signature=pl4nted-signature-of-v2&Expires=1"), o)
	if _, err := old.Send(context.Background(), b, new(upload.Progress)); err != nil || header.Get("Content-Type") != "" || header.Get("Content-MD5") != "" {
		t.Errorf("a signature of version 2 does not know of these headers: %v, %v", header, err)
	}
}

// A drop folder: whole or not at all, going on where it stopped.
func TestFolder(t *testing.T) {
	root := t.TempDir()
	d := upload.Open(target(t, "file://"+filepath.ToSlash(root)), quick())
	b := bundle(reportID, made(13, 3<<20+5))
	ctx, cancel := context.WithCancel(context.Background())
	var p upload.Progress
	stop := &stopping{memory: b.Data.(memory), at: 2 << 20, stop: cancel}
	b.Data = stop
	if _, err := d.Send(ctx, b, &p); err != context.Canceled {
		t.Fatal(err)
	}
	if all, err := d.List(context.Background(), ""); err != nil || len(all) != 0 {
		t.Errorf("half of it is there: %v, %v", all, err)
	}
	b.Data = stop.memory
	sent, err := d.Send(context.Background(), b, new(upload.Progress))
	if err != nil || sent.Resumed < 2<<20 || sent.Already {
		t.Fatalf("%+v, %v", sent, err)
	}
	data, s := fetched(t, d, reportID)
	if string(data) != string(stop.memory) || s.SHA256 != b.SHA256 || !s.From.Equal(*b.From) || s.Tool != b.Tool {
		t.Errorf("came back: %d bytes, %+v", len(data), s)
	}
	if sent, err = d.Send(context.Background(), b, new(upload.Progress)); err != nil || !sent.Already {
		t.Errorf("a second time: %+v, %v", sent, err)
	}
	if _, err = d.Send(context.Background(), bundle(reportID, made(14, 10)), new(upload.Progress)); err == nil {
		t.Error("something else under the same name")
	}
	files, _ := filepath.Glob(filepath.Join(root, reportID, "*"))
	hiddenFiles, _ := filepath.Glob(filepath.Join(root, reportID, ".*.part"))
	if len(files) != 2 || len(hiddenFiles) != 0 {
		t.Errorf("%v %v", files, hiddenFiles)
	}
	checkError(t, sendTo(t, filepath.Join(root, "none"), quick()), "there is no such folder", "")
}

// stopping ends something when it is read at a place.
type stopping struct {
	memory
	at   int64
	stop func()
}

func (s *stopping) ReadAt(p []byte, off int64) (int, error) {
	if off >= s.at {
		s.stop()
	}
	return s.memory.ReadAt(p, off)
}

// What a target shows has no secret, whatever the form.
func TestParseTarget(t *testing.T) {
	for text, want := range map[string]string{
		"https://acc.blob.core.windows.net/logs?sv=1&sp=cw&sig=pl4nted":                  "https://acc.blob.core.windows.net/logs",
		"https://acc.blob.core.windows.net/logs/in/?sv=1&sr=c&sig=pl4nted":               "https://acc.blob.core.windows.net/logs/in",
		"https://acc.blob.core.windows.net/logs/a.zip?sv=1&sr=b&sig=pl4nted":             "https://acc.blob.core.windows.net/logs/a.zip",
		"https://s3.example/b/a.zip?X-Amz-Signature=pl4nted&X-Amz-Credential=pl4nted":    "https://s3.example/b/a.zip",
		"https://clerk:pl4nted@dav.example/in/a.zip":                                     "https://dav.example/in/a.zip",
		"https://drop.example/u/pl4ntedT0kenpl4ntedT0ken/a.zip":                          "https://drop.example/u/…/a.zip",
		`"https://acc.blob.core.windows.net/quoted?sv=1&sig=pl4nted" `:                   "https://acc.blob.core.windows.net/quoted",
		"http://127.0.0.1:10000/devstoreaccount1/logs?sv=1&sig=pl4nted":                  "http://127.0.0.1:10000/devstoreaccount1/logs",
		"https://drop.example/9e5f8226-388f-4851-a808-a8a2191566e2/a.zip?token=pl4nted#": "https://drop.example/9e5f8226-388f-4851-a808-a8a2191566e2/a.zip",
	} {
		got := target(t, text)
		for _, shown := range []string{got.String(), fmt.Sprintf("%v %+v %#v %s", got, got, got, got)} {
			if !strings.Contains(shown, want) || strings.Contains(shown, "pl4nted") {
				t.Errorf("%s is shown as %s, want %s", text, shown, want)
			}
		}
	}
	for text, want := range map[string]string{
		"":                                     "no destination",
		"http://support.example/c?sig=pl4nted": "not encrypted",
		"https://acc.blob.core.windows.net/logs?sv=pl4nted":    "sig= is missing",
		"https://acc.blob.core.windows.net/?sv=1&sig=pl4nted":  "names no container",
		"https://acc.blob.core.windows.net/c?sr=b&sig=pl4nted": "names none",
		"s3://bucket/pl4nted":                                    "cannot begin with s3://",
		"https:///c?sig=pl4nted":                                 "names no host",
		"https://acc.blob\x01.core.windows.net/c?sig=pl4nted%zz": "no URL that can be understood",
		"file:///": "names no folder",
	} {
		_, err := upload.ParseTarget(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "pl4nted") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	at, over := target(t, "https://a.blob.core.windows.net/c?se=2026-01-01T00%3A00%3A00Z&sig=pl4nted").Expired(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))
	if !over || at.Year() != 2026 {
		t.Errorf("%v, %v", at, over)
	}
}
