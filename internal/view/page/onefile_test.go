package page_test

import (
	"context"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gwlogs/gwlogs/internal/browsertest"
)

// TestOneFile: gwlogs.html, opened as a file, does with a dropped log what the server does; nothing leaves the computer.
func TestOneFile(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	path := filepath.Join(t.TempDir(), "gwlogs.html")
	build := exec.Command("go", "run", "./internal/view/onefile", "-o", path)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	tb := openOneFile(t, browser, path)
	log, err := filepath.Abs(testdata("problems-en.evtx")[0])
	if err != nil {
		t.Fatal(err)
	}
	tb.Do(chromedp.SetUploadFiles(chromedp.ID("files"), []string{log}))
	tb.Want("all events", `q("#count")?.textContent ?? ""`, "241 events")
	tb.Want("rows", `rows().length > 5`, "true")
	tb.JS(`enter("quick", "id:1040")`)
	tb.Want("filtered", `cells("id").length > 0 && cells("id").every(i => i === "1040")`, "true")
	tb.JS(`rows()[0].querySelector("[data-column=message]").click()`)
	tb.WantPart("taken apart", `q(".unfolded")?.innerText ?? ""`, "GetOAuth2AccessTokenErrorResponse")
	tb.Want("problems", `qq(".problem").length > 30`, "true")
	tb.Want("addresses", `qq(".endpoints tbody tr").length > 0`, "true")
	tb.Want("bars", `qq(".plot .bars").length > 0`, "true")
	tb.JS(`q("#side-facets").click()`)
	tb.Want("values", `qq(".facet").length > 3`, "true")
	tb.JS(`enter("find", "token")`)
	tb.WantPart("found", `q(".foundn")?.textContent ?? ""`, " of ")
	tb.JS(`HTMLAnchorElement.prototype.click = function () { window.got = fetch(this.href).then(r => r.text(), e => String(e)); window.name2 = this.download }; press("w", {}, document.body), tick()`)
	tb.JS(`qq(".exportlist b").find(b => b.textContent === "csv").parentElement.click()`)
	tb.WantPart("exported", `window.name2 ?? ""`, ".csv")
	quietBut(t, tb, "blob:") // a page that may connect to nothing may not read its own export either
	t.Run("encrypted", func(t *testing.T) { testUnlock(t, browser, path) })
	dropped := openOneFile(t, browser, path)
	dropped.JS(`(() => { const d = new DataTransfer(); d.items.add(new File(["no log at all"], "x.evtx")); q(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true})); return 1 })()`)
	dropped.Want("what cannot be read is said", `Boolean(q(".wrong")?.textContent || q(".nothing")?.textContent)`, "true")
	dropped.Quiet()
	dropped.JS(`fetch("https://example.com/").catch(e => { window.refused = 1 })`)
	dropped.Want("it can send nothing", `String(window.refused)`, "1")
}

func openOneFile(t *testing.T, browser context.Context, path string) *browsertest.Tab {
	t.Helper()
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	tb := browsertest.Open(t, browser, address, []string{address})
	tb.JS(helpers)
	tb.WantPart("it says that nothing leaves", `document.body.innerText`, "Nothing leaves this computer")
	return tb
}

// quietBut is Quiet, but for what a test has provoked.
func quietBut(t *testing.T, tb *browsertest.Tab, provoked string) {
	t.Helper()
	for _, bad := range tb.Noted() {
		if !strings.Contains(bad, provoked) && !strings.Contains(bad, "Content Security Policy") {
			t.Errorf("the page: %q", bad)
		}
	}
}
