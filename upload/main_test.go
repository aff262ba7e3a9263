package upload_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

const childVariable = "GWLOGS_TEST_UPLOAD"

// shared are the emulators of all tests.
type emulators struct {
	once [2]sync.Once
	all  [2]*uploadtest.Azurite
	errs [2]error
}

var shared emulators

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		os.Exit(child(text))
	}
	code := m.Run()
	for _, a := range shared.all {
		if a != nil {
			a.Stop()
		}
	}
	os.Exit(code)
}

// azurite is the emulator, with TLS or without.
func azurite(t testing.TB, withTLS bool) *uploadtest.Azurite {
	t.Helper()
	i := 0
	if withTLS {
		i = 1
	}
	shared.once[i].Do(func() { shared.all[i], shared.errs[i] = uploadtest.Start(withTLS) })
	if errors.Is(shared.errs[i], uploadtest.ErrMissing) {
		t.Skip(shared.errs[i])
	}
	if shared.errs[i] != nil {
		t.Fatal(shared.errs[i])
	}
	return shared.all[i]
}

const reportID = uploadtest.ReportID

// stateVariable names the folder of states to child processes.
const stateVariable = "GWLOGS_TEST_STATE"

// stateFolder is a folder for what is remembered, of child processes too.
func stateFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv(stateVariable, dir)
	return dir
}

func target(t testing.TB, text string) *upload.Target {
	t.Helper()
	parsed, err := upload.ParseTarget(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// quick are options for tests: small blocks, short waits.
func quick() upload.Options { return uploadtest.Options(uploadtest.Place{}) }

// order is what a child process is to do.
type order struct {
	URL, File, CAFile string
	BlockSize         int64
	LimitRate         int64
	Memory            bool // print the peak of memory
}

// child sends a file in a process of its own, which can be killed. It prints
// how many bytes are there whenever that changes, and at the end "sent".
func child(text string) int {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return 2
	}
	fail := func(err error) int {
		fmt.Println("failed:", err)
		return 1
	}
	t, err := upload.ParseTarget(o.URL)
	if err != nil {
		return fail(err)
	}
	f, err := os.Open(o.File)
	if err != nil {
		return fail(err)
	}
	info, err := f.Stat()
	if err != nil {
		return fail(err)
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, info.Size())); err != nil {
		return fail(err)
	}
	options := upload.Options{BlockSize: o.BlockSize, LimitRate: o.LimitRate, StateDir: os.Getenv(stateVariable)}
	if o.CAFile != "" {
		pem, err := os.ReadFile(o.CAFile)
		if err != nil {
			return fail(err)
		}
		options.CA = x509.NewCertPool()
		options.CA.AppendCertsFromPEM(pem)
	}
	var p upload.Progress
	over := make(chan struct{})
	var printing sync.WaitGroup
	printing.Go(func() {
		for last := int64(-1); ; {
			if done := p.Done.Load(); done != last && !o.Memory {
				last = done
				fmt.Println(done)
			}
			select {
			case <-over:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	sent, err := upload.Open(t, options).Send(context.Background(), &upload.Bundle{
		ReportID: reportID, Name: filepath.Base(o.File), Size: info.Size(), SHA256: hex.EncodeToString(sum.Sum(nil)), Data: f, Tool: "gwlogs test",
	}, &p)
	close(over)
	printing.Wait()
	if err != nil {
		return fail(err)
	}
	if o.Memory {
		status, _ := os.ReadFile("/proc/self/status")
		fmt.Printf("%s\n", status)
	}
	if sent.Already { // killed between the end and saying so
		sent.Resumed = -1
	}
	fmt.Println("sent", sent.Resumed)
	return 0
}
