package page_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/chromedp/chromedp"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/browsertest"
)

// checked is what gwlogs check has found on a machine, with texts that mean harm.
const checked = `{"schema": "gwlogs.check/1", "tool": {"name": "gwlogs", "version": "test"}, "time": "2026-11-25T10:00:00Z", "computer": "GW01", "product": "shir", "cloud": "public",
	"results": [
		{"probe": "connect", "status": "fault", "layer": "network", "finding": "dropped", "target": {"host": "relay.example.com", "port": 443, "protocol": "tcp", "role": "relay"},
			"seen": "x", "do": [], "values": {"target": "relay.example.com:443", "host": "relay.example.com", "port": "443", "address": "203.0.113.7", "computer": "GW01", "from": "10.0.0.4", "ticket": "open", "role": "relay", "seconds": "10.0"}, "raw": ["<img src=x onerror='window.ran=8'> i/o timeout"]},
		{"probe": "name", "status": "ok", "layer": "dns", "finding": "name-found", "target": {"host": "relay.example.com", "port": 443, "protocol": "tcp", "role": "relay"}, "seen": "y", "values": {"host": "relay.example.com", "addresses": "203.0.113.7"}},
		{"probe": "name", "status": "not-tried", "layer": "dns", "finding": "name-found", "seen": "z", "values": {"host": "other.example.com", "addresses": "203.0.113.8"}}
	]}`

// bundle is a bundle with the result of a check; encrypted, if there is somebody to encrypt it to.
func bundle(t testing.TB, to ...age.Recipient) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "bundle.zip")
	if len(to) > 0 {
		name += ".age"
	}
	o := archive.Options{Sources: testdata("gateway-en.evtx"), Check: []byte(checked), File: name, Recipients: to}
	if _, err := archive.Make(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return name
}

// testCheck: what gwlogs check found on the machine of the gateway stands among the problems.
func testCheck(t *testing.T, browser context.Context) {
	axe := browsertest.Axe(t, root)
	tb := show(t, browser, newKeep(), "", []string{bundle(t)})
	tb.WantPart("from where", `q(".check")?.innerText ?? ""`, "tried from GW01")
	tb.WantPart("how it is", `q(".check")?.innerText ?? ""`, "1 fault. 1 thing is fine, 1 was not tried.")
	tb.JS(`q(".check .summary").click()`)
	tb.WantPart("what fails", `q(".check .problem.open")?.innerText ?? ""`, "relay.example.com:443")
	tb.WantPart("in its own words, as text", `q(".check .problem.open")?.innerText ?? ""`, "<img src=x")
	tb.JS(`button("Copy the lines for the ticket", ".check")`)
	tb.WantPart("for the ticket", `window.copied`, "203.0.113.7")
	tb.JS(`q(".fine summary").click()`)
	tb.Want("what is fine", `qq(".fine[open] li").length`, "2")
	tb.CheckAxe(axe)
	tb.JS(`(s => { s.value = "fr"; s.dispatchEvent(new Event("change", {bubbles: true})) })(qq(".settings select")[1])`)
	tb.WantPart("in French", `q(".check")?.innerText ?? ""`, "Ce dont la passerelle")
	tb.Want("nothing ran", `String(window.ran)`, "undefined")
	tb.Quiet()
	without := show(t, browser, newKeep(), "", testdata("short.evtx"))
	without.Want("problems", `qq(".problem").length > 0`, "true")
	without.Want("a log has none", `qq(".check").length`, "0")
	without.Quiet()
}

// testUnlock: an encrypted bundle that is dropped on gwlogs.html is opened with its key.
func testUnlock(t *testing.T, browser context.Context, onefile string) {
	axe := browsertest.Axe(t, root)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	sealed := bundle(t, key.Recipient())
	tb := openOneFile(t, browser, onefile)
	tb.Do(chromedp.SetUploadFiles(chromedp.ID("files"), []string{sealed}))
	tb.WantPart("it is said", `q(".unlock")?.innerText ?? ""`, "bundle.zip.age is encrypted.")
	tb.CheckAxe(axe)
	tb.JS(`enter("key", "hunter2")`)
	tb.WantPart("no key", `q(".unlock .wrong")?.textContent ?? ""`, "AGE-SECRET-KEY-1")
	tb.JS(`enter("key", "` + other.String() + `")`)
	tb.WantPart("another key", `q(".unlock .wrong")?.textContent ?? ""`, "another key")
	tb.JS(`enter("key", "` + key.String() + `")`)
	tb.WantPart("opened", `q("#count")?.textContent ?? ""`, "events")
	tb.Want("nothing is locked", `String(q(".unlock"))`, "null")
	tb.Want("rows", `rows().length > 5`, "true")
	tb.WantPart("its check", `q(".check")?.innerText ?? ""`, "tried from GW01")
	tb.Want("the key is in no address", `String(location.href.includes("AGE-SECRET") || JSON.stringify(localStorage).includes("AGE-SECRET"))`, "false")
	tb.Quiet()

	file := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(file, []byte("# created: today\n"+key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	both := openOneFile(t, browser, onefile)
	both.Do(chromedp.SetUploadFiles(chromedp.ID("files"), []string{file}))
	both.WantPart("a key alone waits", `document.body.innerText`, "Now drop the encrypted bundle")
	both.Do(chromedp.SetUploadFiles(chromedp.ID("files"), []string{sealed}))
	both.Want("and opens what comes", `rows().length > 5`, "true")
	both.Quiet()
}
