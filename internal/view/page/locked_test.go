package page_test

import (
	"context"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/internal/browsertest"
)

// testLocked: a page without its token says what to do, and goes on with the address that the terminal shows.
func testLocked(t *testing.T, browser context.Context) {
	axe := browsertest.Axe(t, root)
	url := serve(t, newKeep(), gateway...)
	base, token, _ := strings.Cut(url, "#")
	tb := browsertest.Open(t, browser, base+"#c=%2Bid%7C401&order=oldest", []string{base})
	tb.JS(helpers)
	tb.WantPart("what to do", `document.body.innerText`, "Paste the address that gwlogs view shows in its terminal")
	tb.Want("the field has the keyboard", `document.activeElement.id`, "address")
	tb.CheckAxe(axe)
	tb.JS(`enter("address", "https://example.com/#` + token + `")`)
	tb.WantPart("an address of somebody else leads nowhere", `document.body.innerText`, "That is no address of gwlogs view")
	tb.JS(`type("address", ` + quote(url) + `).form.requestSubmit(), 1`)
	tb.Want("opened", `document.getElementById("count")?.textContent.endsWith(" of 2,950 events") ?? false`, "true")
	tb.JS(helpers)
	tb.Want("with what the link asked for", `chips() + q(".th[aria-sort]").getAttribute("aria-sort")`, "ID: 401ascending")

	// Another gwlogs view has the port now: the page notices.
	tb.JS(`const real = window.fetch; window.fetch = (to, o) => real(to, {...o, headers: {...o.headers, "X-Gwlogs-Token": "other"}}); 1`)
	tb.Want("the session has ended", `Boolean(document.getElementById("address"))`, "true")
	for _, bad := range tb.Noted() {
		if !strings.Contains(bad, "401 (Unauthorized)") {
			t.Errorf("the page: %q", bad)
		}
	}
}
