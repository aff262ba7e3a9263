package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/gwlogs/gwlogs/upload"
)

// A bundle goes to a drop folder, is found by its report ID, and comes back.
func Example() {
	dir, err := os.MkdirTemp("", "support-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	// A URL works the same: https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS
	target, err := upload.ParseTarget(dir)
	if err != nil {
		log.Fatal(err)
	}
	support := upload.Open(target, upload.Options{Agent: "example/1.0"})

	content := []byte("what is in the zip")
	sum := sha256.Sum256(content)
	ctx := context.Background()
	sent, err := support.Send(ctx, &upload.Bundle{
		ReportID: "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4",
		Name:     "gwlogs-GW01.zip",
		Size:     int64(len(content)),
		SHA256:   hex.EncodeToString(sum[:]),
		Data:     bytes.NewReader(content),
	}, nil)
	if err != nil {
		log.Fatal(err) // an *upload.Error, whose Hint says what to do
	}
	fmt.Println(sent.Blob)

	all, err := support.List(ctx, "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4")
	if err != nil {
		log.Fatal(err)
	}
	file, err := os.CreateTemp(dir, "")
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	size, err := support.Fetch(ctx, &all[0], file, nil)
	fmt.Println(size, err)
	// Output:
	// 06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4/gwlogs-GW01.zip
	// 18 <nil>
}

// What a target shows, and what an error says, has no secret.
func ExampleParseTarget() {
	target, err := upload.ParseTarget("https://contoso.blob.core.windows.net/logs?sv=2024-11-04&sp=cw&sig=c2VjcmV0")
	fmt.Println(target, err)

	_, err = upload.ParseTarget("https://contoso.blob.core.windows.net/logs?sv=2024-11-04&sp=cw")
	var wrong *upload.Error
	if errors.As(err, &wrong) {
		fmt.Printf("%s\n\t%s\n", wrong.Text, wrong.Hint)
	}
	// Output:
	// https://contoso.blob.core.windows.net/logs <nil>
	// the URL has no SAS, or not all of it: sig= is missing
	// 	put the URL in quotes: without them, the shell ends it at the first &
}
