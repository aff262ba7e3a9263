// Package browsertest opens pages in Chromium, for tests: what a page does in the hands of a reader, and what it must not do.
package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Start starts Chromium without a window, and skips the test where there is none.
func Start(t testing.TB) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("there is no Chromium: neither chromium, chromium-browser nor google-chrome is in the PATH; .ci/install installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900), chromedp.Flag("headless", "new"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return ctx
}

// A Tab is a page in the browser, and what it did that it must not.
type Tab struct {
	T   testing.TB
	Ctx context.Context
	own []string // addresses begin so that the page may load

	mu  sync.Mutex
	bad []string
}

// Open opens a page; own are the beginnings of addresses that it may load. prepare comes before.
func Open(t testing.TB, browser context.Context, url string, own []string, prepare ...chromedp.Action[chromedp.Void]) *Tab {
	t.Helper()
	tb := &Tab{T: t, own: append(own, "data:", "blob:")}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithListener(tb.listen))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	tb.Ctx = ctx
	tb.Do(append(prepare, chromedp.Navigate(url))...)
	return tb
}

// listen notes what a page must not do: fail, load something of others, or open a dialog.
func (tb *Tab) listen(event any) {
	what := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		what = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			what += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		what = fmt.Sprintf("console: %v", e.Type)
	case *log.EventEntryAdded:
		what = fmt.Sprintf("%v: %s", e.Entry.Level, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if slices.ContainsFunc(tb.own, func(own string) bool { return strings.HasPrefix(e.Request.URL, own) }) {
			return
		}
		what = "request: " + e.Request.URL
	case *page.EventJavascriptDialogOpening:
		what = "dialog: " + e.Message
	default:
		return
	}
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.bad = append(tb.bad, what)
}

// Do runs actions of chromedp.
func (tb *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	tb.T.Helper()
	if err := chromedp.Do(tb.Ctx, actions...); err != nil {
		tb.T.Fatalf("%v (%q)", err, tb.Noted())
	}
}

// JS runs a script beside the page's, and returns what it yields; it waits for a promise.
func (tb *Tab) JS(script string) string {
	tb.T.Helper()
	value, err := chromedp.Run(tb.Ctx, chromedp.Evaluate[any](script, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.T.Fatalf("%s: %v (%q)", script, err, tb.Noted())
	}
	return fmt.Sprint(value)
}

// Want waits until the script yields what is wanted.
func (tb *Tab) Want(what, script, want string) {
	tb.T.Helper()
	if got := tb.until(script, func(got string) bool { return got == want }); got != want {
		tb.T.Errorf("%s: %q, want %q", what, got, want)
	}
}

// WantPart waits until what the script yields contains a text.
func (tb *Tab) WantPart(what, script, part string) {
	tb.T.Helper()
	if got := tb.until(script, func(got string) bool { return strings.Contains(got, part) }); !strings.Contains(got, part) {
		tb.T.Errorf("%s: %q, want %q in it", what, got, part)
	}
}

func (tb *Tab) until(script string, enough func(string) bool) string {
	tb.T.Helper()
	got := ""
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got = tb.JS(script); enough(got) {
			break
		}
	}
	return got
}

// Noted are the things that the page must not do, and did.
func (tb *Tab) Noted() []string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return append([]string(nil), tb.bad...)
}

// Quiet fails the test if the page did something that it must not.
func (tb *Tab) Quiet() {
	tb.T.Helper()
	if bad := tb.Noted(); len(bad) > 0 {
		tb.T.Errorf("the page: %q", bad)
	}
}

// Media is what the page is shown on, and the colours of the system.
func Media(kind, colours string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: kind, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}},
		})
		return err
	})
}

// Axe is the checker for accessibility, as a script; root is the way to the top of the repository.
func Axe(t testing.TB, root string) string {
	t.Helper()
	path := os.Getenv("AXE")
	if path == "" {
		path = filepath.Join(root, ".tools", "axe", "node_modules", "axe-core", "axe.min.js")
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("there is no axe-core: %v; .ci/install installs it, or AXE names it", err)
	}
	return string(script)
}

// CheckAxe fails the test for whatever axe-core, which is script, finds against the page as it is now.
func (tb *Tab) CheckAxe(script string) {
	tb.T.Helper()
	tb.JS(script + "\n;1")
	out := tb.JS(`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify({
		Passes: r.passes.length, Violations: r.violations.map(v => v.impact + " " + v.id + ": " + v.nodes.slice(0, 5).map(n => n.html.slice(0, 160) + " " + n.failureSummary).join(" | "))}))`)
	var result struct {
		Passes     int
		Violations []string
	}
	if err := json.Unmarshal([]byte(out), &result); err != nil {
		tb.T.Fatal(err)
	}
	if result.Passes < 10 {
		tb.T.Errorf("axe looked at little: %d rules passed", result.Passes)
	}
	if len(result.Violations) > 0 {
		tb.T.Error(strings.Join(result.Violations, "\n"))
	}
}
