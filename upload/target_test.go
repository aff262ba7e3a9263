package upload_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
)

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
		"file:///":                "names no folder",
		"age-secret-key-1pl4nted": "is a private key",
	} {
		_, err := upload.ParseTarget(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "pl4nted") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	at, over := target(t, "https://a.blob.core.windows.net/c?se=2026-01-01T00%3A00%3A00Z&sig=pl4nted").Expired(time.Date(2026, 1,
		2, 0, 0, 0, 0, time.UTC))
	if !over || at.Year() != 2026 {
		t.Errorf("%v, %v", at, over)
	}
}
