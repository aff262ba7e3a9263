package report

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/gwlogs/gwlogs/internal/browsertest"
	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// openTab opens a page as a file; prepare comes before.
func openTab(t *testing.T, browser context.Context, p *Page, prepare ...chromedp.Action[chromedp.Void]) *browsertest.Tab {
	t.Helper()
	return openHTML(t, browser, writePage(t, p), prepare...)
}

func openHTML(t *testing.T, browser context.Context, content string, prepare ...chromedp.Action[chromedp.Void]) *browsertest.Tab {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	return browsertest.Open(t, browser, address, []string{address}, prepare...)
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
	browser := browsertest.Start(t)
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
		tb.Want("groups at first", shownKinds, "5")
		tb.JS(`document.getElementById("search").focus()`)
		tb.Do(chromedp.KeyEvent("ERREUR Reseau"))
		tb.Want("announced", `document.getElementById("found").textContent`, announced)
		tb.Want("shown", shownKinds, "1")
		tb.Want("which", `document.querySelector("#kinds > li:not([hidden]) .said").textContent`, "Erreur réseau pendant l’envoi du journal")
		tb.JS(`document.getElementById("search").select()`)
		tb.Do(chromedp.KeyEvent("\b"))
		tb.Want("groups at last", shownKinds, "5")
		tb.Want("nothing to announce", `document.getElementById("found").textContent`, "")
		tb.JS(`document.getElementById("search").focus()`)
		tb.Do(chromedp.KeyEvent("no such text"))
		tb.Want("none", shownKinds, "0")
		tb.Quiet()
	}
}

func testPageColours(t *testing.T, browser context.Context) {
	const back = `getComputedStyle(document.body).backgroundColor`
	for _, colours := range []string{"light", "dark"} {
		tb := openTab(t, browser, wholePage(t, "en"), browsertest.Media("screen", colours))
		light, dark := "rgb(244, 246, 248)", "rgb(17, 22, 28)"
		first, other, offered := light, dark, "Light colours"
		if colours == "dark" {
			first, other, offered = dark, light, "Dark colours"
		}
		tb.Want("colours of the system", back, first)
		tb.Do(browsertest.Media("print", colours))
		tb.Want("on paper at once", back, "rgb(255, 255, 255)")
		tb.Do(browsertest.Media("screen", colours))
		tb.Do(chromedp.Click(chromedp.ID("theme")))
		tb.Want("the others", back, other)
		tb.Want("what is offered then", `document.getElementById("theme").textContent`, offered)
		tb.Do(browsertest.Media("print", colours))
		tb.Want("on paper", back, "rgb(255, 255, 255)")
		tb.Do(browsertest.Media("screen", colours), chromedp.Click(chromedp.ID("theme")))
		tb.Want("and back", back, first)
		tb.Quiet()
	}
}

// testPageCopy: by the clipboard, as of old where that is not allowed, and by hand where nothing is.
func testPageCopy(t *testing.T, browser context.Context) {
	const status = `document.getElementById("copied").textContent`
	const lines = "wu2.frontend.clouddatahub.net:443\ngateway-prod.servicebus.windows.net:5671\n[2603:1030:20e:3::23c]:443"
	tb := openTab(t, browser, wholePage(t, "en"))
	button := chromedp.CSS("#endpoints button")
	tb.Do(chromedp.Click(button))
	tb.Want("copied as the browser is", status, "Copied.")
	tb.JS(`document.getElementById("copied").textContent = ""; navigator.clipboard.writeText = async t => { window.got = t }; 1`)
	tb.Do(chromedp.Click(button))
	tb.Want("announced", status, "Copied.")
	tb.Want("copied", `window.got`, lines)

	tb.JS(`document.getElementById("copied").textContent = ""; navigator.clipboard.writeText = async () => { throw new Error("not allowed") };
		document.execCommand = () => { window.old = document.activeElement.value; return true }; 1`)
	tb.Do(chromedp.Click(button))
	tb.Want("announced as of old", status, "Copied.")
	tb.Want("copied as of old", `window.old`, lines)
	tb.Want("nothing stays", `document.querySelectorAll("textarea").length`, "0")

	tb.JS(`document.execCommand = () => false; 1`)
	tb.Do(chromedp.Click(button))
	tb.Want("told", status, words.In("en").Say("page.copy-by-key"))
	tb.Want("selected", `(a => a.value.slice(a.selectionStart, a.selectionEnd))(document.querySelector("textarea"))`, lines)
	tb.Quiet()
}

// testPageKeyboard: the first stop leads past the head; what is folded opens with Enter; every stop can be seen.
func testPageKeyboard(t *testing.T, browser context.Context) {
	tb := openTab(t, browser, wholePage(t, "en"))
	tb.Do(chromedp.KeyEvent("\t"))
	tb.Want("first stop", `document.activeElement.className`, "skip")
	tb.Want("it can be seen", `document.activeElement.getBoundingClientRect().top >= 0`, "true")
	tb.Do(chromedp.KeyEvent("\r"))
	tb.Want("past the head", `document.activeElement.id`, "findings")
	tb.JS(`document.querySelector("#kinds summary").focus()`)
	tb.Do(chromedp.KeyEvent("\r"))
	tb.Want("opened", `document.querySelector("#kinds details").open`, "true")
	tb.Want("a ring", `getComputedStyle(document.activeElement).outlineStyle`, "solid")
	tb.Quiet()
}

// testPageEvents: all events of a kind are there, are found, and can be chosen from.
func testPageEvents(t *testing.T, browser context.Context) {
	const rows = `[...document.querySelectorAll("#kinds > li:not([hidden]) .occurrences tbody tr")].length`
	tb := openTab(t, browser, wholePage(t, "en"))
	tb.Do(chromedp.Click(chromedp.CSS("#kinds summary")))
	tb.Want("events of the first kind", rows, "40")
	tb.Want("said how many", `document.querySelector(".occurrences h3").textContent`, "The last 40 of 1,204 events")
	tb.Want("the last first", `document.querySelector(".occurrences tbody tr").textContent`,
		"2017-05-06 13:59:00GW-PROD-0218039Unable to connect to the remote server 40.68.114.19:443Data Management Gateway.evtx")
	tb.JS(`document.getElementById("search").focus()`)
	tb.Do(chromedp.KeyEvent("114.7:443"))
	tb.Want("kinds with an address that no example has", shownKinds, "1")
	tb.Want("its events", rows, "2")
	choose := func(id, value string) {
		tb.JS(`document.getElementById("` + id + `").value = "` + value + `"; document.getElementById("` + id + `").dispatchEvent(new Event("change")); 1`)
	}
	choose("computer", "GW-PROD-02")
	tb.Want("on one computer", rows, "1")
	choose("level", "warning")
	tb.Want("no warning", shownKinds, "0")
	tb.JS(`document.getElementById("search").value = ""; 1`)
	choose("computer", "")
	tb.Want("warnings", shownKinds, "2")
	choose("level", "")
	tb.JS(`document.querySelector("#kinds > li").dataset.last = "1"; 1`)
	choose("sort", "last")
	tb.Want("the oldest is last", `document.querySelector("#kinds > li:last-child .said").textContent`, "Unable to connect to the remote server")
	choose("sort", "count")
	tb.Want("the most frequent is first", `document.querySelector("#kinds > li .said").textContent`, "Unable to connect to the remote server")
	tb.Quiet()
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
	tb.Do(chromedp.Click(chromedp.CSS("#kinds summary")))
	tb.Want("UTC", since, "since 2017-05-06 15:00:00")
	tb.Want("UTC of an event", first, "2017-05-06 13:59:00")
	tb.Do(chromedp.Click(chromedp.ID("zone")))
	tb.Want("of this computer", since, "since 2017-05-06 20:30:00")
	tb.Want("of an event", first, "2017-05-06 19:29:00")
	tb.Want("said", `document.getElementById("all-times").textContent.replace("Calcutta", "Kolkata")`, "All times are those of this computer: Asia/Kolkata.")
	tb.Want("heads", `document.querySelector("#endpoints thead").textContent.includes("UTC")`, "false")
	tb.Want("what the log says", `document.querySelector(".status-list .said").textContent`, "It failed at 2017-05-06 15:00:00.")
	tb.Do(chromedp.Click(chromedp.ID("zone")))
	tb.Want("and back", since, "since 2017-05-06 15:00:00")
	tb.Want("said again", `document.getElementById("all-times").textContent`, "All times are UTC.")
	tb.Quiet()
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
	tb.Want("open at first", open, "111000")
	tb.Do(chromedp.Click(chromedp.CSS(".overview li:nth-child(5) a")))
	tb.Want("by the overview", open, "111010")
	tb.JS(`document.querySelector(".problem:last-of-type").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})), 1`)
	tb.Want("by the timeline", open, "111011")
	tb.JS(`document.querySelector("#problem-6 details").open = false; 1`)
	tb.JS(`document.querySelector(".problem:last-of-type").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})), 1`)
	tb.Want("again", open, "111011")
	tb.Quiet()
}

// testPagePrint: two pages on paper, and everything when it is asked for.
func testPagePrint(t *testing.T, browser context.Context) {
	const open = `document.querySelectorAll("#kinds details[open]").length`
	tb := openTab(t, browser, wholePage(t, "en"))
	tb.Do(browsertest.Media("print", "dark"))
	tb.Want("no buttons", `[...document.querySelectorAll("button, nav, .search")].filter(e => e.checkVisibility()).length`, "0")
	tb.Want("no kinds", shownKinds, "0")
	tb.Want("where the rest is", `document.querySelector(".paper").checkVisibility()`, "true")
	pages := func() int {
		pdf, err := chromedp.Run(tb.Ctx, chromedp.PrintToPDF())
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Fatalf("%v, %d bytes of PDF", err, len(pdf))
		}
		return bytes.Count(pdf, []byte("/Type /Page\n"))
	}
	if n := pages(); n < 1 || n > 2 {
		t.Errorf("%d pages of summary", n)
	}
	tb.JS(`window.print = () => { window.asked = true }; document.getElementById("print-all").click(), 1`)
	tb.Want("asked for", `String(window.asked)`, "true")
	tb.Want("kinds", shownKinds, "5")
	tb.Want("opened", open, "5")
	tb.Want("events", `document.querySelectorAll(".occurrences tbody tr").length`, "40")
	tb.Want("no XML", `[...document.querySelectorAll(".xml")].filter(e => e.checkVisibility()).length`, "0")
	if n := pages(); n < 4 {
		t.Errorf("%d pages of everything", n)
	}
	tb.JS(`window.dispatchEvent(new Event("afterprint")), 1`)
	tb.Want("closed", open, "0")
	tb.Quiet()
}

func testPageWithoutScript(t *testing.T, browser context.Context) {
	tb := openTab(t, browser, wholePage(t, "en"), withoutScript())
	tb.Want("what needs the script", `[...document.querySelectorAll("button, input")].filter(e => e.checkVisibility()).length`, "0")
	tb.Do(chromedp.Click(chromedp.CSS("#kinds summary")))
	tb.Want("the example", `document.querySelector("#kinds pre").checkVisibility()`, "true")
	tb.Quiet()
}

// testPageHostile: whatever stands in a log, nothing of it runs or loads, and what is folded shows it as text.
func testPageHostile(t *testing.T, browser context.Context) {
	for _, lang := range []string{"en", "fr"} {
		tb := openTab(t, browser, hostilePage(t, lang))
		tb.JS(openAll)
		tb.JS(`document.querySelectorAll("body *").forEach(e => { for (const n of ["mouseover", "focus"]) e.dispatchEvent(new Event(n)) }), 1`)
		tb.Want("scripts", `document.scripts.length`, "2")
		tb.Want("the event", `document.querySelector(".occurrences .said").textContent.startsWith("evil </script><script>alert(1)")`, "true")
		tb.Want("elements of a log", `document.querySelectorAll("img, [onmouseover], [onfocus], [style]").length`, "0")
		tb.Want("links out", `[...document.querySelectorAll("a")].filter(a => !/^(https|file):$/.test(new URL(a.getAttribute("href"), location).protocol)).length`, "0")
		tb.Want("the text", `document.querySelector("#kinds pre").textContent.startsWith("evil </script><script>alert(1)")`, "true")
		tb.Do(chromedp.Click(chromedp.CSS("#endpoints button")))
		tb.Quiet()
	}
}

// testPagePolicyHolds: were a text of a log ever to get in as HTML, the browser would not run it.
func testPagePolicyHolds(t *testing.T, browser context.Context) {
	content := strings.Replace(writePage(t, wholePage(t, "en")), "<main", `<script>window.ran = 1</script><b onclick="window.ran = 2" id="b">b</b>
		<svg onload="window.ran = 3"></svg><p id="p" style="display: none">p</p><img id="i" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onerror="window.ran = 4"><main`, 1)
	tb := openHTML(t, browser, content)
	tb.JS(`document.getElementById("b").click()`)
	tb.Want("ran", `String(window.ran)`, "undefined")
	tb.Want("styled", `document.getElementById("p").checkVisibility()`, "true")
	tb.Want("the page's own script", `document.getElementById("theme").hidden`, "false")
	if len(tb.Noted()) == 0 {
		t.Error("the browser did not say that it refused anything")
	}
}

func testPageHuge(t *testing.T, browser context.Context) {
	tb := openTab(t, browser, hugePage(t))
	tb.Want("groups", shownKinds, "500")
	tb.JS(`document.getElementById("search").focus()`)
	tb.Do(chromedp.KeyEvent("kind321"))
	tb.Want("announced", `document.getElementById("found").textContent`, "1 of 500 kinds shown")
	tb.Quiet()
}

// testPageNarrow: on a narrow window only tables scroll sideways, not the page.
func testPageNarrow(t *testing.T, browser context.Context) {
	for _, p := range []*Page{wholePage(t, "fr"), hostilePage(t, "en")} {
		tb := openTab(t, browser, p, chromedp.EmulateViewport(360, 800))
		tb.JS(openAll)
		tb.Want("page", `document.documentElement.scrollWidth <= 360`, "true")
	}
}

// TestPageIsAccessible: axe-core finds nothing against the page, all of it open.
func TestPageIsAccessible(t *testing.T) {
	t.Parallel()
	script := browsertest.Axe(t, filepath.Join("..", ".."))
	browser := browsertest.Start(t)
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
					tb := openTab(t, browser, newPage(t, lang), browsertest.Media("screen", colours))
					tb.JS(openAll)
					tb.Quiet()
					tb.CheckAxe(script)
				})
			}
		}
	}
}
