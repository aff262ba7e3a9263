package page_test

import (
	"context"
	"testing"
)

// testFilterBox: texts in quotes beside fields, and the way out when nothing matches.
func testFilterBox(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.JS(`enter("quick", '"forbidden by its access" id:401')`)
	tb.Want("a text and a field", `chips()`, "Text: “forbidden by its access”; ID: 401")
	tb.Want("both hold", `String(cells("id").length > 3 && cells("id").every(i => i === "401") && cells("message").every(m => m.includes("forbidden by its access")))`, "true")
	tb.JS(`press("x", {}, document.body)`)
	tb.Want("all", `count()`, "2,950 events")
	tb.JS(`enter("quick", 'the data source: nowhere')`)
	tb.Want("prose is one text", `chips()`, "Text: “the data source: nowhere”")
	tb.Want("nothing matches", `count()`, "0 of 2,950 events")
	tb.JS(`press("x", {}, document.body)`)
	tb.Want("all again", `count()`, "2,950 events")
	tb.JS(`enter("quick", "id:401")`)
	tb.Want("something", `String(cells("id").length > 3 && cells("id").every(i => i === "401"))`, "true")
	some := tb.JS(`count()`)
	tb.JS(`enter("quick", "no such words")`)
	tb.Want("nothing", `count()`, "0 of 2,950 events")
	tb.JS(`button("Remove “Text: “no such words””", ".nothing")`)
	tb.Want("a click takes the last condition away", `chips() + " " + count()`, "ID: 401 "+some)
	tb.JS(`button("Clear")`)
	tb.Want("cleared", `count()`, "2,950 events")
	tb.JS(`button("Around it", ".tools").then(() => item("± 1 minute around it"))`)
	tb.Want("a look", `qq(".chip.lens").length`, "1")
	tb.JS(`enter("quick", "id:9999")`)
	tb.WantPart("nothing there", `count()`, "0 of ")
	tb.JS(`q(".nothing .primary").click()`)
	tb.Want("the look goes first, for it was laid over", `qq(".chip.lens").length + " " + chips()`, "0 ID: 9999")
	tb.Quiet()
}
