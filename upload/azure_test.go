package upload_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

// authority trusts the emulator with TLS.
func authority(t testing.TB, a *uploadtest.Azurite) *x509.CertPool {
	t.Helper()
	if a.CAFile == "" {
		return nil
	}
	pem, err := os.ReadFile(a.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

// What is known of a bundle is known of it there, through TLS too; what comes back has the time and the tag of the service.
func TestAzure(t *testing.T) {
	a := azurite(t, true)
	o := quick()
	o.CA, o.StateDir = authority(t, a), stateFolder(t)
	d := upload.Open(target(t, uploadtest.URL(t, a.Container(t), "", "rcwl")), o)
	b := uploadtest.NewBundle(1, 1<<20+12345)
	sent, err := d.Send(t.Context(), b, nil)
	if err != nil || sent.ETag == "" {
		t.Fatalf("%+v, %v", sent, err)
	}
	data, s := uploadtest.Fetched(t, d, reportID)
	if !bytes.Equal(data, uploadtest.Content(t, b)) {
		t.Error("what came back is something else")
	}
	want := upload.Stored{Blob: reportID + "/gwlogs-GW01.zip", ReportID: reportID, Size: b.Size, SHA256: b.SHA256, From: b.From,
		To: b.To, Tool: b.Tool, Time: s.Time, ETag: s.ETag}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

// A SAS for one blob names the place; one that may only write is enough to send.
func TestAzureRights(t *testing.T) {
	a := azurite(t, false)
	c := a.Container(t)
	o := quick()
	o.StateDir = stateFolder(t)
	b := uploadtest.NewBundle(3, 300<<10)
	ctx := context.Background()

	one := upload.Open(target(t, uploadtest.URL(t, c, "in/box 1/a+b.zip", "cw")), o)
	sent, err := one.Send(ctx, b, new(upload.Progress))
	if err != nil || sent.Blob != "in/box 1/a+b.zip" {
		t.Fatalf("a blob's SAS: %+v, %v", sent, err)
	}
	data, _ := uploadtest.Fetched(t, upload.Open(target(t, uploadtest.URL(t, c, "in/box 1/a+b.zip", "r")), o), "")
	if !bytes.Equal(data, uploadtest.Content(t, b)) {
		t.Error("what came back is something else")
	}

	writer := upload.Open(target(t, uploadtest.URL(t, c, "", "cw")), o)
	if sent, err = writer.Send(ctx, b, new(upload.Progress)); err != nil || sent.SHA256 != b.SHA256 {
		t.Fatalf("write only: %+v, %v", sent, err)
	}
	if _, err := writer.Send(ctx, b, new(upload.Progress)); !upload.Taken(err) {
		t.Errorf("write only, a second time: %v", err)
	}
	below := target(t, strings.Replace(uploadtest.URL(t, c, "", "rcwl"), "?", "/inbox/2026?", 1))
	if sent, err = upload.Open(below, o).Send(ctx, b, new(upload.Progress)); err != nil || sent.Blob != "inbox/2026/"+b.Blob() {
		t.Fatalf("below a prefix: %+v, %v", sent, err)
	}
	if all, err := upload.Open(below, o).List(ctx, ""); err != nil || len(all) != 1 {
		t.Errorf("below a prefix: %v, %v", all, err)
	}
}

// Ctrl-C leaves a state; what is there is not sent again. The blob is not there before it is whole.
func TestAzureInterrupted(t *testing.T) {
	a := azurite(t, false)
	for name, permissions := range map[string]string{"may look": "rcwl", "may only write": "cw"} {
		t.Run(name, func(t *testing.T) {
			c := a.Container(t)
			proxy := uploadtest.StartProxy(t)
			o := quick()
			o.StateDir, o.Parallel = stateFolder(t), 1
			o.Proxy.URL, _ = upload.ParseProxy(proxy.URL)
			b := uploadtest.NewBundle(6, 10*64<<10)
			ctx, cancel := context.WithCancel(context.Background())
			stored := 0
			proxy.Choose = func(_ int, r *uploadtest.Request) uploadtest.Fault {
				if r.URL.Query().Get("comp") == "block" {
					if stored++; stored == 6 {
						cancel()
						return uploadtest.Stall
					}
				}
				return uploadtest.None
			}
			if _, err := upload.Open(target(t, uploadtest.URL(t, c, "", permissions)), o).Send(ctx, b,
				new(upload.Progress)); err != context.Canceled {
				t.Fatalf("interrupted: %v", err)
			}
			reader := upload.Open(target(t, uploadtest.URL(t, c, "", "rl")), quick())
			if all, err := reader.List(context.Background(), ""); err != nil || len(all) != 0 {
				t.Errorf("half of it is there: %v, %v", all, err)
			}
			// Another SAS for the same container: the old one may be over by now.
			var p upload.Progress
			sent, err := upload.Open(target(t, uploadtest.URL(t, c, "", permissions)), o).Send(context.Background(), b, &p)
			if err != nil || sent.Resumed != 5*64<<10 {
				t.Fatalf("sent %+v, %v", sent, err)
			}
			for id, n := range proxy.Blocks() {
				if n != 1 {
					t.Errorf("block %s was accepted %d times", id, n)
				}
			}
			if data, _ := uploadtest.Fetched(t, reader, reportID); !bytes.Equal(data, uploadtest.Content(t, b)) {
				t.Error("what came back is something else")
			}
		})
	}
}

// Each way in which a SAS may be wrong has words of its own, and none of them has the SAS.
func TestAzureRefused(t *testing.T) {
	a := azurite(t, false)
	c := a.Container(t)
	now := time.Now()
	good := uploadtest.URL(t, c, "", "rcwl")
	wrong := good[:strings.Index(good, "sig=")] + "sig=AAAA" + good[strings.Index(good, "sig=")+8:]
	none := strings.Replace(good, c, c+"x", 1)
	_, nowhere, _ := strings.Cut(c, "devstoreaccount1/")
	for name, tt := range map[string]struct{ url, want string }{
		"expired":       {c + "?" + uploadtest.SAS(t, c, "", "rcwl", now.Add(-2*time.Hour), now.Add(-time.Hour)), "the SAS has expired on "},
		"not yet":       {c + "?" + uploadtest.SAS(t, c, "", "rcwl", now.Add(time.Hour), now.Add(2*time.Hour)), "the SAS is not valid before "},
		"signature":     {wrong, "does not let us in with this URL from here (403"},
		"may not write": {uploadtest.URL(t, c, "", "rl"), `the SAS does not allow this: its permissions are "rl" (403`},
		"container":     {none, "(40"},
		"no container": {strings.Replace(uploadtest.URL(t, c+"zz", "", "rcwl"), nowhere+"zz", nowhere+"zz", 1),
			"the container of the URL is not there (404"},
	} {
		t.Run(name, func(t *testing.T) {
			d := upload.Open(target(t, tt.url), quick())
			_, err := d.Send(context.Background(), uploadtest.NewBundle(8, 1000), new(upload.Progress))
			checkError(t, err, tt.want, tt.url)
		})
	}
	t.Run("may not list", func(t *testing.T) {
		address := uploadtest.URL(t, c, "", "cw")
		_, err := upload.Open(target(t, address), quick()).List(context.Background(), "")
		checkError(t, err, "the SAS does not allow this", address)
	})
}
