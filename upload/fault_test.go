package upload_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

// checkError makes sure that an error says the right thing, has a hint, and no secret.
func checkError(t *testing.T, err error, want, address string) {
	t.Helper()
	var e *upload.Error
	if !errors.As(err, &e) || !strings.Contains(e.Text, want) {
		t.Fatalf("%v, want %q", err, want)
	}
	if e.Hint == "" {
		t.Errorf("%v: no hint", err)
	}
	t.Logf("%s\n\thint: %s", e.Text, e.Hint)
	if _, sig, ok := strings.Cut(address, "sig="); ok {
		sig, _, _ = strings.Cut(sig, "&")
		for _, text := range []string{e.Text, e.Hint, fmt.Sprintf("%v", err)} {
			if strings.Contains(text, sig[:min(12, len(sig))]) || strings.Contains(text, "sig=") && !strings.Contains(text, "sig=…") {
				t.Errorf("the SAS is in %q", text)
			}
		}
	}
}

// Tunnels that are cut in the middle of TLS.
func TestCutTunnels(t *testing.T) {
	a := azurite(t, true)
	proxy := uploadtest.StartProxy(t)
	proxy.User, proxy.Password = "clerk", "pl4nted-pass"
	proxy.CutAfter = 100 << 10
	o := quick()
	o.StateDir, o.CA = stateFolder(t), authority(t, a)
	o.Proxy.URL, _ = upload.ParseProxy(proxy.URL)
	o.Proxy.User, o.Proxy.Password = proxy.User, proxy.Password
	b := uploadtest.NewBundle(10, 1<<20)
	d := upload.Open(target(t, uploadtest.URL(t, a.Container(t), "", "rcwl")), o)
	if _, err := d.Send(context.Background(), b, new(upload.Progress)); err != nil {
		t.Fatal(err)
	}
	if data, _ := uploadtest.Fetched(t, d, reportID); !bytes.Equal(data, uploadtest.Content(t, b)) {
		t.Error("what came back is something else")
	}
}

// When nothing helps, it ends, and says why.
func TestGivesUp(t *testing.T) {
	a := azurite(t, false)
	proxy := uploadtest.StartProxy(t)
	proxy.Choose = func(int, *http.Request) uploadtest.Fault { return uploadtest.Busy503 }
	o := quick()
	o.Retry.Budget = 100 * time.Millisecond // and the service asks for a second
	o.Proxy.URL, _ = upload.ParseProxy(proxy.URL)
	address := uploadtest.URL(t, a.Container(t), "", "rcwl")
	_, err := upload.Open(target(t, address), o).Send(context.Background(), uploadtest.NewBundle(11, 1000), new(upload.Progress))
	checkError(t, err, "is busy (503)", address)
	if proxy.Requests() != 1 {
		t.Errorf("%d requests", proxy.Requests())
	}
	proxy.Choose = func(int, *http.Request) uploadtest.Fault { return uploadtest.Stall }
	o.Stall = time.Minute
	errTooLong := errors.New("it took too long")
	ctx, cancel := context.WithTimeoutCause(context.Background(), 50*time.Millisecond, errTooLong)
	defer cancel()
	if _, err = upload.Open(target(t, address), o).Send(ctx, uploadtest.NewBundle(11, 1000), new(upload.Progress)); err != errTooLong {
		t.Errorf("%v", err)
	}
}

// A process that is killed at any block goes on there: nothing that is there is
// sent again but for what was on its way, and what arrives is the bundle.
func TestResumeAfterKill(t *testing.T) {
	a := azurite(t, false)
	kills := 50
	if testing.Short() {
		kills = 5
	}
	stateFolder(t)
	const block, blocks = 64 << 10, 24
	r := rand.New(rand.NewPCG(1, 2))
	killed, rounds, carried := 0, 0, int64(0)
	for ; killed < kills; rounds++ {
		c := a.Container(t)
		data := uploadtest.Random(uint64(rounds), block*blocks-777)
		file := filepath.Join(t.TempDir(), "gwlogs-"+strconv.Itoa(rounds)+".zip")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		last := int64(0) // what a run had said was there when it was killed
		for at := int64(0); ; {
			// Between here and the end, at a block by chance.
			at += 1 + r.Int64N(blocks/3)
			done, resumed, sent := runChild(t, order{URL: uploadtest.URL(t, c, "", "rcwl"), File: file, BlockSize: block}, at*block)
			if sent {
				// What was said to be there may not have been noted: four blocks at once.
				if resumed >= 0 && resumed < last-4*block {
					t.Errorf("%d bytes were there, and %d of them were not sent again", last, resumed)
				}
				carried += max(0, resumed)
				break
			}
			killed++
			last = max(last, done)
		}
		got, s := uploadtest.Fetched(t, upload.Open(target(t, uploadtest.URL(t, c, "", "rl")), quick()), reportID)
		if !bytes.Equal(got, data) || s.Size != int64(len(data)) {
			t.Fatalf("round %d: what arrived is something else", rounds)
		}
	}
	if carried == 0 {
		t.Error("nothing was ever carried over")
	}
	left, _ := filepath.Glob(filepath.Join(os.Getenv(stateVariable), "upload-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	t.Logf("%d kills in %d uploads; %d blocks in the last runs were there from before", killed, rounds, carried/block)
}

// runChild sends in a process of its own, and kills it when so many bytes are there.
func runChild(t *testing.T, o order, killAt int64) (done, resumed int64, sent bool) {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(text), "GORACE=atexit_sleep_ms=0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "sent "); ok {
			sent = true
			resumed, _ = strconv.ParseInt(text, 10, 64)
			break
		}
		if strings.HasPrefix(lines.Text(), "failed") {
			t.Fatal(lines.Text())
		}
		if done, _ = strconv.ParseInt(lines.Text(), 10, 64); done >= killAt {
			cmd.Process.Kill()
			break
		}
	}
	for lines.Scan() { // what it still had to say
		if text, ok := strings.CutPrefix(lines.Text(), "sent "); ok {
			sent = true
			resumed, _ = strconv.ParseInt(text, 10, 64)
		}
	}
	cmd.Wait()
	return done, resumed, sent
}

// A large bundle takes no more memory than a small one.
func TestMemory(t *testing.T) {
	size := int64(192 << 20)
	switch {
	case os.Getenv("GWLOGS_LARGE") != "":
		size = 1 << 30
	case testing.Short():
		size = 64 << 20
	}
	stateFolder(t)
	file := filepath.Join(t.TempDir(), "large.zip")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	for at := int64(0); at < size; at += 4 << 20 { // no two blocks are the same, and the file has holes
		if _, err := f.WriteAt([]byte(strconv.FormatInt(at, 10)), at); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.Truncate(size), f.Close()); err != nil {
		t.Fatal(err)
	}
	for name, withTLS := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			a := azurite(t, withTLS)
			checkMemory(t, order{URL: uploadtest.URL(t, a.Container(t), "", "rcwl"), File: file, CAFile: a.CAFile, Memory: true}, size)
		})
	}
}

// checkMemory sends a file in a process of its own, and looks at its peak of memory.
func checkMemory(t *testing.T, o order, size int64) {
	text, _ := json.Marshal(o)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+string(text), "GORACE=atexit_sleep_ms=0")
	start := time.Now()
	out, err := cmd.Output()
	took := time.Since(start)
	if err != nil || !strings.Contains(string(out), "sent 0") {
		t.Fatalf("%v: %s", err, out)
	}
	_, peak, found := strings.Cut(string(out), "VmHWM:")
	if !found {
		t.Log("this system does not say how much memory a process took")
		return
	}
	kib, err := strconv.Atoi(strings.Fields(peak)[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MiB in %.1f s, %d KiB of memory", size>>20, took.Seconds(), kib)
	limit := 64 << 10
	if raceDetector {
		limit *= 4
	}
	if kib > limit {
		t.Errorf("%d KiB of memory at its peak, more than %d", kib, limit)
	}
}
