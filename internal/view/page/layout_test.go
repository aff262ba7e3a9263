package page_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// testSideways: the list moves to the side only for a cell that cannot be seen otherwise.
func testSideways(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "w=700~provider&w=1500~message", gateway)
	left := `String(q("#list").scrollLeft)`
	tb.Want("wider than the screen", `q("#list").scrollWidth > q("#list").clientWidth + 500`, "true")
	tb.JS(`until("a row", () => rows()[3]?.querySelector("[data-column=level]"))`)
	for _, column := range []string{"provider", "level", "time"} {
		var x, y float64 // a click of the mouse, which also gives the list the keyboard
		fmt.Sscan(tb.JS(`(r => Math.round(Math.max(r.left, q("#list").getBoundingClientRect().left) + 20) + " " + Math.round(r.top + 8))(q("#row-3 [data-column=`+column+`]").getBoundingClientRect())`), &x, &y)
		tb.Do(chromedp.MouseClickXY(x, y))
		tb.Want("selected", `q(".td.cursor")?.dataset.column`, column)
		before := tb.JS(left)
		tb.JS(`press2("ArrowDown", "ArrowDown")`)
		tb.Want("further down", `q(".row.selected")?.dataset.at`, "5")
		tb.Want(column+": up and down do not move it", left, before)
		tb.JS(`q("#list").scrollLeft = 0`)
	}
	tb.JS(`for (let i = 0; i < 9; i++) press("ArrowLeft", {}, q("#list")); 1`)
	tb.Want("the first cell", `q(".td.cursor")?.dataset.column`, "level")
	inView := `(() => { const l = q("#list").getBoundingClientRect(), c = q(".td.cursor").getBoundingClientRect(); return String(c.left >= l.left - 1 && Math.min(c.right, c.left + 200) <= l.left + q("#list").clientWidth + 1) })()`
	for _, column := range []string{"time", "id", "provider", "computer", "message"} {
		tb.JS(`press("ArrowRight", {}, q("#list"))`)
		tb.Want("to the right", `q(".td.cursor")?.dataset.column`, column)
		tb.Want(column+" is in view", inView, "true")
	}
	tb.JS(`for (let i = 0; i < 5; i++) press("ArrowLeft", {}, q("#list")); 1`)
	tb.Want("and back at the left", left+` + q(".td.cursor")?.dataset.column`, "0level")
	tb.Quiet()
	long := show(t, browser, newKeep(), "w=1500~message", gateway)
	long.Want("a row", `Boolean(q(".row.selected [data-column=message]"))`, "true")
	long.JS(`q("#list").focus(), press2(...Array(9).fill("ArrowRight"))`)
	long.Want("a long message", `q(".td.cursor")?.dataset.column`, "message")
	long.Want("that has begun in view moves nothing", left, "0")
	long.Quiet()
}

// testFits: no tab is cut off on a narrow panel, in either language; numbers are written as the language writes them; a file is not live.
func testFits(t *testing.T, browser context.Context) {
	for lang, count := range map[string]string{"en": "2,950 events", "fr": "2\u202f950 événements"} {
		k := newKeep()
		k.kept["settings"] = []byte(fmt.Sprintf(`{"lang":%q,"zone":"UTC","side":240}`, lang))
		tb := show(t, browser, k, "", gateway)
		tb.Want(lang+": how many", `count()`, count)
		for _, width := range []int{240, 340} {
			tb.JS(fmt.Sprintf(`q(".side").style.width = "%dpx"`, width))
			tb.Want(fmt.Sprintf("%s: tabs in %d pixels", lang, width),
				`(r => String(qq(".sidetabs button").every(b => b.getBoundingClientRect().right <= r + 1 && b.scrollWidth <= b.clientWidth + 1)))(q(".side").getBoundingClientRect().right)`, "true")
		}
		tb.Want("an address is one line", `String(qq(".endpoints tbody th").length > 5 && qq(".endpoints tbody th").every(e => e.getBoundingClientRect().height < 34))`, "true")
		tb.Want("a file is not live", `qq(".live").length`, "0")
		tb.Quiet()
	}
}
