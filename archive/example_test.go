package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/archive"
)

// The last seven days of a log, for support.
func ExampleMake() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	made, err := archive.Make(context.Background(), archive.Options{
		Sources:  []string{"../testdata/gateway-en.evtx"},
		ReportID: "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4", // or none, for a new one
		Folder:   folder,
		Notify:   func(n archive.Notice) { fmt.Println(n.Text) },
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.TrimPrefix(made.File, folder+string(os.PathSeparator)))
	for _, e := range made.Manifest.Entries {
		fmt.Println(e.Path, e.Records)
	}
	// Output:
	// gwlogs-GW01-20170504T180000Z-06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4.zip
	// README.txt 0
	// report.html 0
	// findings.json 0
	// logs/gateway-en.evtx 1439
}

// A log out of memory, into memory, encrypted to a key.
func ExampleMake_readers() {
	data, err := os.ReadFile("../testdata/secrets.evtx")
	if err != nil {
		log.Fatal(err)
	}
	key, err := age.GenerateX25519Identity() // of support; age-keygen makes one, too
	if err != nil {
		log.Fatal(err)
	}
	var bundle bytes.Buffer
	_, err = archive.Make(context.Background(), archive.Options{
		Readers:    []archive.Source{{Name: "gateway.evtx", Data: bytes.NewReader(data), Size: int64(len(data))}},
		Recipients: []age.Recipient{key.Recipient()},
		Out:        &bundle,
	})
	if err != nil {
		log.Fatal(err)
	}
	b, err := archive.Open(bytes.NewReader(bundle.Bytes()), int64(bundle.Len()), key)
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range b.Manifest.Totals()[:2] {
		fmt.Println("redacted:", t.Rule)
	}
	// Output:
	// redacted: password
	// redacted: gateway-key
}

// What is in a bundle, and the beginning of one of its files.
func ExampleOpenFile() {
	name := exampleBundle()
	defer os.Remove(name)
	b, err := archive.OpenFile(name)
	if err != nil {
		log.Fatal(err)
	}
	defer b.Close()
	fmt.Println("covers", b.Manifest.Window.Covered.From, "to", b.Manifest.Window.Covered.To)
	text, err := b.Entry(archive.ReadmeName)
	if err != nil {
		log.Fatal(err)
	}
	defer text.Close()
	line, err := io.ReadAll(io.LimitReader(text, 24))
	fmt.Printf("%s %v\n", line, err)
	// Output:
	// covers 2017-04-27 18:00:00 +0000 UTC to 2017-05-04 18:00:00 +0000 UTC
	// Gateway logs for support <nil>
}

// Whether a bundle is what was made.
func ExampleVerify() {
	name := exampleBundle()
	defer os.Remove(name)
	data, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	for _, damage := range []bool{false, true} {
		if damage {
			data[len(data)/2]++
		}
		v, err := archive.Verify(context.Background(), bytes.NewReader(data), int64(len(data)))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(v.Checked, "entries, as it was made:", len(v.Problems) == 0)
	}
	// Output:
	// 4 entries, as it was made: true
	// 4 entries, as it was made: false
}

func exampleBundle() string {
	f, err := os.CreateTemp("", "example-*.zip")
	if err != nil {
		log.Fatal(err)
	}
	f.Close()
	_, err = archive.Make(context.Background(), archive.Options{Sources: []string{"../testdata/gateway-en.evtx"}, File: f.Name()})
	if err != nil {
		log.Fatal(err)
	}
	return f.Name()
}
