package upload_test

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

const benchBlock = 4 << 20

// BenchmarkAzure sends a bundle, of 256 MiB or with GWLOGS_LARGE of 1 GiB, to
// Azurite in blocks of 4 MiB, and sends the same blocks with one curl, one after
// the other on one connection: as they are, and with the checksums that gwlogs
// sends along. Azurite computes another checksum, in JavaScript, when it gets none.
func BenchmarkAzure(b *testing.B) {
	a := azurite(b, false)
	size := 256 << 20
	if os.Getenv("GWLOGS_LARGE") != "" {
		size = 1 << 30
	}
	dir := b.TempDir()
	file, parts := filepath.Join(dir, "bundle.zip"), splitFile(b, dir, size)
	b.Run("gwlogs", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			f, err := os.Open(file)
			if err != nil {
				b.Fatal(err)
			}
			// Not counting the first checksum would not be fair.
			h := sha256.New()
			if _, err := f.WriteTo(h); err != nil {
				b.Fatal(err)
			}
			one := &upload.Bundle{ReportID: reportID, Name: "bundle.zip", Size: int64(size), SHA256: hex.EncodeToString(h.Sum(nil)), Data: f}
			o := upload.Options{StateDir: stateFolder(b)}
			if _, err := upload.Open(target(b, uploadtest.URL(b, a.Container(b), "", "rcwl")), o).Send(context.Background(), one,
				new(upload.Progress)); err != nil {
				b.Fatal(err)
			}
			f.Close()
		}
	})
	for name, sums := range map[string]bool{"curl": false, "curl-md5": true} {
		b.Run(name, func(b *testing.B) {
			if _, err := exec.LookPath("curl"); err != nil {
				b.Skip("no curl")
			}
			b.SetBytes(int64(size))
			for b.Loop() {
				b.StopTimer() // the checksums of the blocks are for free
				config := filepath.Join(dir, "curl")
				if err := os.WriteFile(config, curlConfig(b, uploadtest.URL(b, a.Container(b), "", "rcwl"), dir, parts, sums), 0o600); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				out, err := exec.Command("curl", "--silent", "--show-error", "--fail", "--config", config).CombinedOutput()
				if err != nil {
					b.Fatalf("%v: %.300s", err, out)
				}
			}
		})
	}
}

// splitFile makes a file, and its blocks as files of their own.
func splitFile(b *testing.B, dir string, size int) []string {
	b.Helper()
	f, err := os.Create(filepath.Join(dir, "bundle.zip"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var parts []string
	for at := 0; at < size; at += benchBlock {
		data := uploadtest.Random(uint64(at/benchBlock), benchBlock)
		part := filepath.Join(dir, fmt.Sprintf("part%05d", at/benchBlock))
		if err := os.WriteFile(part, data, 0o600); err != nil {
			b.Fatal(err)
		}
		if _, err := f.Write(data); err != nil {
			b.Fatal(err)
		}
		parts = append(parts, part)
	}
	return parts
}

// curlConfig has curl put each block, and then the list of them.
func curlConfig(b *testing.B, address, dir string, parts []string, sums bool) []byte {
	b.Helper()
	container, sas, _ := strings.Cut(address, "?")
	blob := container + "/" + reportID + "/bundle.zip?" + sas
	var config, list strings.Builder
	list.WriteString(`<?xml version="1.0" encoding="utf-8"?><BlockList>`)
	for i, part := range parts {
		id := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%016d", i))
		fmt.Fprintf(&list, "<Latest>%s</Latest>", id)
		fmt.Fprintf(&config, "url = \"%s&comp=block&blockid=%s\"\nupload-file = \"%s\"\nheader = \"x-ms-version: "+
			"2021-12-02\"\nheader = \"Expect:\"\n", blob, url.QueryEscape(id), part)
		if sums {
			data, err := os.ReadFile(part)
			if err != nil {
				b.Fatal(err)
			}
			sum := md5.Sum(data)
			fmt.Fprintf(&config, "header = \"Content-MD5: %s\"\n", base64.StdEncoding.EncodeToString(sum[:]))
		}
		config.WriteString("next\nfail\nsilent\nshow-error\n")
	}
	list.WriteString("</BlockList>")
	name := filepath.Join(dir, "list.xml")
	if err := os.WriteFile(name, []byte(list.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	fmt.Fprintf(&config, "url = \"%s&comp=blocklist\"\nupload-file = \"%s\"\nheader = \"x-ms-version: 2021-12-02\"\n", blob, name)
	return []byte(config.String())
}
