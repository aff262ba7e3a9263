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
	"math/rand/v2"
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

// made is bytes by chance, the same ones for the same seed.
func made(seed uint64, size int) []byte {
	var key [32]byte
	key[0] = byte(seed)
	data := make([]byte, size)
	rand.NewChaCha8(key).Read(data)
	return data
}

// memory is content for a bundle.
type memory []byte

func (m memory) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(m)) {
		return 0, io.EOF
	}
	n := copy(p, m[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func bundle(id string, data []byte) *upload.Bundle {
	sum := sha256.Sum256(data)
	from, to := time.Date(2017, 4, 27, 18, 0, 0, 0, time.UTC), time.Date(2017, 5, 4, 18, 0, 0, 500, time.UTC)
	return &upload.Bundle{
		ReportID: id, Name: "gwlogs-GW01.zip", Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), Data: memory(data),
		From: &from, To: &to, Tool: "gwlogs 1.2.3",
	}
}

const reportID = "9e5f8226-388f-4851-a808-a8a2191566e2"

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
func quick() upload.Options {
	return upload.Options{
		Agent: "gwlogs/test", BlockSize: 64 << 10, Stall: 20 * time.Second,
		Retry: upload.Retry{Base: time.Millisecond, Max: 5 * time.Millisecond},
	}
}

// fetched is what is at a destination of a report ID, and what is known of it.
func fetched(t testing.TB, d upload.Destination, id string) ([]byte, upload.Stored) {
	t.Helper()
	all, err := d.List(context.Background(), id)
	if err != nil || len(all) != 1 {
		t.Fatalf("list: %d bundles, %v", len(all), err)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "fetched"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := d.Fetch(context.Background(), &all[0], f, new(upload.Progress)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return data, all[0]
}

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
