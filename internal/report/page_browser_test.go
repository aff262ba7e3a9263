package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
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

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// startBrowser starts Chromium without a window, and skips the test where there is none.
func startBrowser(t *testing.T) context.Context {
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
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1200, 900), chromedp.Flag("headless", "new"),
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

// A tab is a page in the browser, and what it did that it must not.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string

	mu  sync.Mutex
	bad []string
}

// openTab opens a page as a file; prepare comes before.
func openTab(t *testing.T, browser context.Context, p *Page, prepare ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	return openHTML(t, browser, writePage(t, p), prepare...)
}

func openHTML(t *testing.T, browser context.Context, content string, prepare ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	tb := &tab{t: t, url: (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithListener(tb.listen))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	tb.ctx = ctx
	tb.do(append(prepare, chromedp.Navigate(tb.url))...)
	return tb
}

// listen notes what a page must not do: fail, load something, or open a dialog.
func (tb *tab) listen(event any) {
	what := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		what = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		what = fmt.Sprintf("console: %v", e.Type)
	case *log.EventEntryAdded:
		what = fmt.Sprintf("%v: %s", e.Entry.Level, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if e.Request.URL == tb.url {
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

func (tb *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	if err := chromedp.Do(tb.ctx, actions...); err != nil {
		tb.t.Fatalf("%v (%q)", err, tb.noted())
	}
}

// js runs a script beside the page's, and returns what it yields; it waits for a promise.
func (tb *tab) js(script string) string {
	tb.t.Helper()
	value, err := chromedp.Run(tb.ctx, chromedp.Evaluate[any](script, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.t.Fatalf("%s: %v (%q)", script, err, tb.noted())
	}
	return fmt.Sprint(value)
}

// want waits until the script yields what is wanted.
func (tb *tab) want(what, script, want string) {
	tb.t.Helper()
	got := ""
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got = tb.js(script); got == want {
			return
		}
	}
	tb.t.Errorf("%s: %q, want %q", what, got, want)
}

func (tb *tab) noted() []string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return append([]string(nil), tb.bad...)
}

// quiet fails the test if the page did something that it must not.
func (tb *tab) quiet() {
	tb.t.Helper()
	if bad := tb.noted(); len(bad) > 0 {
		tb.t.Errorf("the page: %q", bad)
	}
}

// media is what the page is shown on, and the colours of the system.
func media(kind, colours string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: kind, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}},
		})
		return err
	})
}

func withoutScript() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}

const openAll = `document.querySelectorAll("details").forEach(d => { d.open = true }), 1`

// TestPageInBrowser: what the page does in the hands of a reader.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	t.Run("search", func(t *testing.T) { testPageSearch(t, browser) })
	t.Run("events", func(t *testing.T) { testPageEvents(t, browser) })
	t.Run("zone", func(t *testing.T) { testPageZone(t, browser) })
	t.Run("problems", func(t *testing.T) { testPageProblems(t, browser) })
	t.Run("colours", func(t *testing.T) { testPageColours(t, browser) })
	t.Run("copy", func(t *testing.T) { testPageCopy(t, browser) })
	t.Run("keyboard", func(t *testing.T) { testPageKeyboard(t, browser) })
	t.Run("print", func(t *testing.T) { testPagePrint(t, browser) })
	t.Run("noscript", func(t *testing.T) { testPageWithoutScript(t, browser) })
	t.Run("hostile", func(t *testing.T) { testPageHostile(t, browser) })
	t.Run("policy", func(t *testing.T) { testPagePolicyHolds(t, browser) })
	t.Run("huge", func(t *testing.T) { testPageHuge(t, browser) })
	t.Run("narrow", func(t *testing.T) { testPageNarrow(t, browser) })
}

const shownKinds = `[...document.querySelectorAll("#kinds > li")].filter(li => li.checkVisibility()).length`

func testPageSearch(t *testing.T, browser context.Context) {
	for lang, announced := range map[string]string{"en": "1 of 5 kinds shown", "fr": "Sortes affichées\u00a0: 1 sur 5"} {
		tb := openTab(t, browser, wholePage(t, lang))
		tb.want("groups at first", shownKinds, "5")
		tb.js(`document.getElementById("search").focus()`)
		tb.do(chromedp.KeyEvent("ERREUR Reseau"))
		tb.want("announced", `document.getElementById("found").textContent`, announced)
		tb.want("shown", shownKinds, "1")
		tb.want("which", `document.querySelector("#kinds > li:not([hidden]) .said").textContent`, "Erreur réseau pendant l’envoi du journal")
		tb.js(`document.getElementById("search").select()`)
		tb.do(chromedp.KeyEvent("\b"))
		tb.want("groups at last", shownKinds, "5")
		tb.want("nothing to announce", `document.getElementById("found").textContent`, "")
		tb.js(`document.getElementById("search").focus()`)
		tb.do(chromedp.KeyEvent("no such text"))
		tb.want("none", shownKinds, "0")
		tb.quiet()
	}
}

func testPageColours(t *testing.T, browser context.Context) {
	const back = `getComputedStyle(document.body).backgroundColor`
	for _, colours := range []string{"light", "dark"} {
		tb := openTab(t, browser, wholePage(t, "en"), media("screen", colours))
		light, dark := "rgb(244, 246, 248)", "rgb(17, 22, 28)"
		first, other, offered := light, dark, "Light colours"
		if colours == "dark" {
			first, other, offered = dark, light, "Dark colours"
		}
		tb.want("colours of the system", back, first)
		tb.do(media("print", colours))
		tb.want("on paper at once", back, "rgb(255, 255, 255)")
		tb.do(media("screen", colours))
		tb.do(chromedp.Click(chromedp.ID("theme")))
		tb.want("the others", back, other)
		tb.want("what is offered then", `document.getElementById("theme").textContent`, offered)
		tb.do(media("print", colours))
		tb.want("on paper", back, "rgb(255, 255, 255)")
		tb.do(media("screen", colours), chromedp.Click(chromedp.ID("theme")))
		tb.want("and back", back, first)
		tb.quiet()
	}
}

// testPageCopy: by the clipboard, as of old where that is not allowed, and by hand where nothing is.
func testPageCopy(t *testing.T, browser context.Context) {
	const status = `document.getElementById("copied").textContent`
	const lines = "wu2.frontend.clouddatahub.net:443\ngateway-prod.servicebus.windows.net:5671\n[2603:1030:20e:3::23c]:443"
	tb := openTab(t, browser, wholePage(t, "en"))
	button := chromedp.CSS("#endpoints button")
	tb.do(chromedp.Click(button))
	tb.want("copied as the browser is", status, "Copied.")
	tb.js(`document.getElementById("copied").textContent = ""; navigator.clipboard.writeText = async t => { window.got = t }; 1`)
	tb.do(chromedp.Click(button))
	tb.want("announced", status, "Copied.")
	tb.want("copied", `window.got`, lines)

	tb.js(`document.getElementById("copied").textContent = ""; navigator.clipboard.writeText = async () => { throw new Error("not allowed") };
		document.execCommand = () => { window.old = document.activeElement.value; return true }; 1`)
	tb.do(chromedp.Click(button))
	tb.want("announced as of old", status, "Copied.")
	tb.want("copied as of old", `window.old`, lines)
	tb.want("nothing stays", `document.querySelectorAll("textarea").length`, "0")

	tb.js(`document.execCommand = () => false; 1`)
	tb.do(chromedp.Click(button))
	tb.want("told", status, words.In("en").Say("page.copy-by-key"))
	tb.want("selected", `(a => a.value.slice(a.selectionStart, a.selectionEnd))(document.querySelector("textarea"))`, lines)
	tb.quiet()
}

// testPageKeyboard: the first stop leads past the head; what is folded opens with Enter; every stop can be seen.
func testPageKeyboard(t *testing.T, browser context.Context) {
	tb := openTab(t, browser, wholePage(t, "en"))
	tb.do(chromedp.KeyEvent("\t"))
	tb.want("first stop", `document.activeElement.className`, "skip")
	tb.want("it can be seen", `document.activeElement.getBoundingClientRect().top >= 0`, "true")
	tb.do(chromedp.KeyEvent("\r"))
	tb.want("past the head", `document.activeElement.id`, "findings")
	tb.js(`document.querySelector("#kinds summary").focus()`)
	tb.do(chromedp.KeyEvent("\r"))
	tb.want("opened", `document.querySelector("#kinds details").open`, "true")
	tb.want("a ring", `getComputedStyle(document.activeElement).outlineStyle`, "solid")
	tb.quiet()
}

// testPageEvents: all events of a kind are there, are found, and can be chosen from.
func testPageEvents(t *testing.T, browser context.Context) {
	const rows = `[...document.querySelectorAll("#kinds > li:not([hidden]) .occurrences tbody tr")].length`
	tb := openTab(t, browser, wholePage(t, "en"))
	tb.do(chromedp.Click(chromedp.CSS("#kinds summary")))
	tb.want("events of the first kind", rows, "40")
	tb.want("said how many", `document.querySelector(".occurrences h3").textContent`, "The last 40 of 1,204 events")
	tb.want("the last first", `document.querySelector(".occurrences tbody tr").textContent`,
		"2017-05-06 13:59:00GW-PROD-0218039Unable to connect to the remote server 40.68.114.19:443Data Management Gateway.evtx")
	tb.js(`document.getElementById("search").focus()`)
	tb.do(chromedp.KeyEvent("114.7:443"))
	tb.want("kinds with an address that no example has", shownKinds, "1")
	tb.want("its events", rows, "2")
	choose := func(id, value string) {
		tb.js(`document.getElementById("` + id + `").value = "` + value + `"; document.getElementById("` + id + `").dispatchEvent(new Event("change")); 1`)
	}
	choose("computer", "GW-PROD-02")
	tb.want("on one computer", rows, "1")
	choose("level", "warning")
	tb.want("no warning", shownKinds, "0")
	tb.js(`document.getElementById("search").value = ""; 1`)
	choose("computer", "")
	tb.want("warnings", shownKinds, "2")
	choose("level", "")
	tb.js(`document.querySelector("#kinds > li").dataset.last = "1"; 1`)
	choose("sort", "last")
	tb.want("the oldest is last", `document.querySelector("#kinds > li:last-child .said").textContent`, "Unable to connect to the remote server")
	choose("sort", "count")
	tb.want("the most frequent is first", `document.querySelector("#kinds > li .said").textContent`, "Unable to connect to the remote server")
	tb.quiet()
}

// testPageZone: times become those of this computer and back, but for what logs say.
func testPageZone(t *testing.T, browser context.Context) {
	zone := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Asia/Kolkata"})
		return err
	})
	p := wholePage(t, "en")
	p.Diagnosis.Status[0].Event.Cause = "It failed at 2017-05-06 15:00:00."
	p.Diagnosis.Status[0].Event.Message = p.Diagnosis.Status[0].Event.Cause
	tb := openTab(t, browser, p, zone)
	const since = `document.querySelector(".status-list .note").textContent`
	const first = `document.querySelector(".occurrences tbody .t").textContent`
	tb.do(chromedp.Click(chromedp.CSS("#kinds summary")))
	tb.want("UTC", since, "since 2017-05-06 15:00:00")
	tb.want("UTC of an event", first, "2017-05-06 13:59:00")
	tb.do(chromedp.Click(chromedp.ID("zone")))
	tb.want("of this computer", since, "since 2017-05-06 20:30:00")
	tb.want("of an event", first, "2017-05-06 19:29:00")
	tb.want("said", `document.getElementById("all-times").textContent.replace("Calcutta", "Kolkata")`, "All times are those of this computer: Asia/Kolkata.")
	tb.want("heads", `document.querySelector("#endpoints thead").textContent.includes("UTC")`, "false")
	tb.want("what the log says", `document.querySelector(".status-list .said").textContent`, "It failed at 2017-05-06 15:00:00.")
	tb.do(chromedp.Click(chromedp.ID("zone")))
	tb.want("and back", since, "since 2017-05-06 15:00:00")
	tb.want("said again", `document.getElementById("all-times").textContent`, "All times are UTC.")
	tb.quiet()
}

// testPageProblems: but for the first three, problems are folded; what leads to one opens it.
func testPageProblems(t *testing.T, browser context.Context) {
	p := wholePage(t, "en")
	for i := range 3 {
		f := p.Diagnosis.Findings[i]
		p.Diagnosis.Findings = append(p.Diagnosis.Findings, f)
	}
	tb := openTab(t, browser, p)
	const open = `[...document.querySelectorAll(".finding > details")].map(d => +d.open).join("")`
	tb.want("open at first", open, "111000")
	tb.do(chromedp.Click(chromedp.CSS(".overview li:nth-child(5) a")))
	tb.want("by the overview", open, "111010")
	tb.js(`document.querySelector(".problem:last-of-type").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})), 1`)
	tb.want("by the timeline", open, "111011")
	tb.js(`document.querySelector("#problem-6 details").open = false; 1`)
	tb.js(`document.querySelector(".problem:last-of-type").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})), 1`)
	tb.want("again", open, "111011")
	tb.quiet()
}

// testPagePrint: two pages on paper, and everything when it is asked for.
func testPagePrint(t *testing.T, browser context.Context) {
	const open = `document.querySelectorAll("#kinds details[open]").length`
	tb := openTab(t, browser, wholePage(t, "en"))
	tb.do(media("print", "dark"))
	tb.want("no buttons", `[...document.querySelectorAll("button, nav, .search")].filter(e => e.checkVisibility()).length`, "0")
	tb.want("no kinds", shownKinds, "0")
	tb.want("where the rest is", `document.querySelector(".paper").checkVisibility()`, "true")
	pages := func() int {
		pdf, err := chromedp.Run(tb.ctx, chromedp.PrintToPDF())
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Fatalf("%v, %d bytes of PDF", err, len(pdf))
		}
		return bytes.Count(pdf, []byte("/Type /Page\n"))
	}
	if n := pages(); n < 1 || n > 2 {
		t.Errorf("%d pages of summary", n)
	}
	tb.js(`window.print = () => { window.asked = true }; document.getElementById("print-all").click(), 1`)
	tb.want("asked for", `String(window.asked)`, "true")
	tb.want("kinds", shownKinds, "5")
	tb.want("opened", open, "5")
	tb.want("events", `document.querySelectorAll(".occurrences tbody tr").length`, "40")
	tb.want("no XML", `[...document.querySelectorAll(".xml")].filter(e => e.checkVisibility()).length`, "0")
	if n := pages(); n < 4 {
		t.Errorf("%d pages of everything", n)
	}
	tb.js(`window.dispatchEvent(new Event("afterprint")), 1`)
	tb.want("closed", open, "0")
	tb.quiet()
}

func testPageWithoutScript(t *testing.T, browser context.Context) {
	tb := openTab(t, browser, wholePage(t, "en"), withoutScript())
	tb.want("what needs the script", `[...document.querySelectorAll("button, input")].filter(e => e.checkVisibility()).length`, "0")
	tb.do(chromedp.Click(chromedp.CSS("#kinds summary")))
	tb.want("the example", `document.querySelector("#kinds pre").checkVisibility()`, "true")
	tb.quiet()
}

// testPageHostile: whatever stands in a log, nothing of it runs or loads, and what is folded shows it as text.
func testPageHostile(t *testing.T, browser context.Context) {
	for _, lang := range []string{"en", "fr"} {
		tb := openTab(t, browser, hostilePage(t, lang))
		tb.js(openAll)
		tb.js(`document.querySelectorAll("body *").forEach(e => { for (const n of ["mouseover", "focus"]) e.dispatchEvent(new Event(n)) }), 1`)
		tb.want("scripts", `document.scripts.length`, "2")
		tb.want("the event", `document.querySelector(".occurrences .said").textContent.startsWith("evil </script><script>alert(1)")`, "true")
		tb.want("elements of a log", `document.querySelectorAll("img, [onmouseover], [onfocus], [style]").length`, "0")
		tb.want("links out", `[...document.querySelectorAll("a")].filter(a => !/^(https|file):$/.test(new URL(a.getAttribute("href"), location).protocol)).length`, "0")
		tb.want("the text", `document.querySelector("#kinds pre").textContent.startsWith("evil </script><script>alert(1)")`, "true")
		tb.do(chromedp.Click(chromedp.CSS("#endpoints button")))
		tb.quiet()
	}
}

// testPagePolicyHolds: were a text of a log ever to get in as HTML, the browser would not run it.
func testPagePolicyHolds(t *testing.T, browser context.Context) {
	content := strings.Replace(writePage(t, wholePage(t, "en")), "<main", `<script>window.ran = 1</script><b onclick="window.ran = 2" id="b">b</b>
		<svg onload="window.ran = 3"></svg><p id="p" style="display: none">p</p><img id="i" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onerror="window.ran = 4"><main`, 1)
	tb := openHTML(t, browser, content)
	tb.js(`document.getElementById("b").click()`)
	tb.want("ran", `String(window.ran)`, "undefined")
	tb.want("styled", `document.getElementById("p").checkVisibility()`, "true")
	tb.want("the page's own script", `document.getElementById("theme").hidden`, "false")
	if len(tb.noted()) == 0 {
		t.Error("the browser did not say that it refused anything")
	}
}

func testPageHuge(t *testing.T, browser context.Context) {
	tb := openTab(t, browser, hugePage(t))
	tb.want("groups", shownKinds, "500")
	tb.js(`document.getElementById("search").focus()`)
	tb.do(chromedp.KeyEvent("kind321"))
	tb.want("announced", `document.getElementById("found").textContent`, "1 of 500 kinds shown")
	tb.quiet()
}

// testPageNarrow: on a narrow window only tables scroll sideways, not the page.
func testPageNarrow(t *testing.T, browser context.Context) {
	for _, p := range []*Page{wholePage(t, "fr"), hostilePage(t, "en")} {
		tb := openTab(t, browser, p, chromedp.EmulateViewport(360, 800))
		tb.js(openAll)
		tb.want("page", `document.documentElement.scrollWidth <= 360`, "true")
	}
}

// axe is the checker for accessibility, as a script.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("AXE")
	if path == "" {
		path = filepath.Join("..", "..", ".tools", "axe", "node_modules", "axe-core", "axe.min.js")
	}
	script, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("there is no axe-core: %v; .ci/install installs it, or AXE names it", err)
	}
	return string(script)
}

// TestPageIsAccessible: axe-core finds nothing against the page, all of it open.
func TestPageIsAccessible(t *testing.T) {
	t.Parallel()
	script := axe(t)
	browser := startBrowser(t)
	pages := map[string]func(*testing.T, string) *Page{
		"whole": wholePage, "hostile": hostilePage,
		"nothing": func(_ *testing.T, lang string) *Page {
			return &Page{Diagnosis: &Diagnosis{Lang: lang, Analysis: new(matcher.Analysis)}}
		},
	}
	for name, newPage := range pages {
		for _, lang := range []string{"en", "fr"} {
			for _, colours := range []string{"light", "dark"} {
				t.Run(name+"/"+lang+"/"+colours, func(t *testing.T) {
					tb := openTab(t, browser, newPage(t, lang), media("screen", colours))
					tb.js(openAll)
					tb.quiet()
					checkAxe(t, tb, script)
				})
			}
		}
	}
}

func checkAxe(t *testing.T, tb *tab, script string) {
	t.Helper()
	tb.js(script + "\n;1")
	out := tb.js(`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify({
		Passes: r.passes.length, Violations: r.violations.map(v => v.impact + " " + v.id + ": " + v.nodes.slice(0, 5).map(n => n.html.slice(0, 120) + " " + n.failureSummary).join(" | "))}))`)
	var result struct {
		Passes     int
		Violations []string
	}
	if err := json.Unmarshal([]byte(out), &result); err != nil {
		t.Fatal(err)
	}
	if result.Passes < 10 {
		t.Errorf("axe looked at little: %d rules passed", result.Passes)
	}
	if len(result.Violations) > 0 {
		t.Error(strings.Join(result.Violations, "\n"))
	}
}
