package upload_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

// One PUT to any URL.
func TestPut(t *testing.T) {
	b := uploadtest.NewBundle(12, 700<<10)
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
	sent, err := d.Send(t.Context(), b, &p)
	if err != nil || sent.ETag != `"e"` || sent.Blob != "name.zip" || p.Done.Load() != b.Size {
		t.Fatalf("%+v, %v, done %d", sent, err, p.Done.Load())
	}
	if string(got) != string(uploadtest.Content(t, b)) || header.Get("Content-Type") != "application/zip" || header.Get("Content-MD5") == "" {
		t.Errorf("%d bytes arrived, %v", len(got), header)
	}
	if data, _ := uploadtest.Fetched(t, d, reportID); string(data) != string(got) {
		t.Error("what came back is something else")
	}
	if _, err := d.List(t.Context(), ""); err == nil {
		t.Error("such a URL cannot be listed")
	}
	old := upload.Open(target(t, server.URL+"/bucket/name.zip?Signature=pl4nted-signature-of-v2&Expires=1"), o)
	if _, err := old.Send(t.Context(), b, new(upload.Progress)); err != nil || header.Get("Content-Type") != "" ||
		header.Get("Content-MD5") != "" {
		t.Errorf("a signature of version 2 does not know of these headers: %v, %v", header, err)
	}
}

// A presigned URL says itself when it is over.
func TestPutExpired(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for query, want := range map[string]time.Time{
		"X-Amz-Date=20260101T100000Z&X-Amz-Expires=3600&X-Amz-Signature=x":  now.Add(-time.Hour),
		"X-Goog-Date=20260101T100000Z&X-Goog-Expires=60&X-Goog-Signature=x": now.Add(-2 * time.Hour).Add(time.Minute),
		"X-Amz-Date=20260101T100000Z&X-Amz-Expires=86400&X-Amz-Signature=x": {},
		"X-Amz-Date=nonsense&X-Amz-Expires=1":                               {},
		"Signature=x&Expires=1767265200":                                    now.Add(-time.Hour),
		"Expires=1":                                                         {},
		"X-Amz-Date=20260101T100000Z&X-Amz-Expires=99999999999999999999999": {},
	} {
		at, over := target(t, "https://s3.example/b/a.zip?"+query).Expired(now)
		if over != !want.IsZero() || over && !at.Equal(want) {
			t.Errorf("%s: %v, %v, want %v", query, at, over, want)
		}
	}
}
