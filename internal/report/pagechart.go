//go:build !js

package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
	"github.com/gwlogs/gwlogs/matcher"
)

// A chartView is the timeline as a drawing and as a table. Lengths are in the
// units of the drawing, as text.
type chartView struct {
	Summary, Bucket          string
	Width, Height            string
	Left, Right, Top, Bottom string // of the plot
	Ticks                    []tickView
	Times                    []tickView
	Gaps                     []barView
	Bars                     []barView
	Problems                 []rowView // under the bars
	HasGaps                  bool
	Table                    []bucketView
	Rows                     string
}

type tickView struct{ At, Text, Anchor string }

type barView struct{ Class, X, Y, Width, Height, Title string }

// A rowView is when the events of a problem were: Bars is one path.
type rowView struct{ Class, Anchor, Name, Title, Y, Line, Bars string }

type bucketView struct{ From, Errors, Warnings, Others string }

const (
	chartLeft   = 232.0 // of the plot; the names of the problems stand before it
	chartRight  = 948.0
	chartTop    = 14.0
	chartBottom = 194.0
	chartAxis   = 28.0 // of the times under it
	rowHeight   = 22.0 // of a problem
	maxRows     = 20
	maxRowName  = 32  // bytes that find room before the plot
	leastBar    = 2.0 // a single error has to be seen beside a thousand
	maxChart    = 1000
	maxTable    = 200
)

// chart draws the timeline, nil if there is none.
func (b *pageBuilder) chart(t matcher.Timeline) *chartView {
	if len(t.Buckets) == 0 || t.Step < time.Second {
		return nil
	}
	t.Buckets = t.Buckets[:min(len(t.Buckets), maxChart)]
	rows := b.view.Findings[:min(len(b.view.Findings), maxRows)]
	v := &chartView{
		Width: "960", Left: unit(chartLeft), Right: unit(chartRight), Top: unit(chartTop), Bottom: unit(chartBottom),
		Height:  unit(chartBottom + chartAxis + rowHeight*float64(len(rows))),
		Summary: b.say("chart", "from", shortTime(t.From), "to", shortTime(t.Start(len(t.Buckets)))),
		Bucket:  b.say("bucket", "step", b.step(t.Step)),
	}
	top := niceTop(highest(t.Buckets))
	for _, n := range yTicks(top) {
		v.Ticks = append(v.Ticks, tickView{At: unit(chartY(n, top)), Text: words.Thousands(n)})
	}
	v.Times = timeTicks(&t)
	b.bars(v, &t, top)
	for i := range rows {
		v.Problems = append(v.Problems, problemRow(i, &rows[i], &t))
	}
	b.bucketTable(v, &t)
	return v
}

// step says how long a bucket is.
func (b *pageBuilder) step(step time.Duration) string {
	switch {
	case step%day == 0:
		return b.words.Say("page.step-day", "n", int(step/day))
	case step%time.Hour == 0:
		return b.words.Say("page.step-hour", "n", int(step/time.Hour))
	}
	return b.words.Say("page.step-minute", "n", int(step/time.Minute))
}

// unit writes a length of the drawing.
func unit(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// chartX is where the begin of bucket i is, which may be a fraction.
func chartX(i float64, t *matcher.Timeline) float64 {
	return chartLeft + (chartRight-chartLeft)*i/float64(len(t.Buckets))
}

func chartY(n, top int) float64 {
	return chartBottom - (chartBottom-chartTop)*float64(n)/float64(top)
}

func highest(buckets []matcher.TimelineBucket) int {
	n := 0
	for _, b := range buckets {
		n = max(n, b.Errors+b.Warnings)
	}
	return n
}

// niceTop is the end of a scale that has room for n: 1, 2 or 5, and noughts.
func niceTop(n int) int {
	for scale := 1; scale < 1<<58; scale *= 10 {
		for _, top := range [...]int{scale, 2 * scale, 5 * scale} {
			if n <= top {
				return top
			}
		}
	}
	return max(n, 1)
}

func yTicks(top int) []int {
	if top%2 == 0 {
		return []int{0, top / 2, top}
	}
	return []int{0, top}
}

// bars draws what was logged, and where nothing was.
func (b *pageBuilder) bars(v *chartView, t *matcher.Timeline, top int) {
	width := chartX(1, t) - chartX(0, t)
	inner := max(width*0.86, 0.6) // of a bar: neighbours are told apart
	gapFrom := -1
	for i := 0; i <= len(t.Buckets); i++ {
		empty := i < len(t.Buckets) && t.Buckets[i] == (matcher.TimelineBucket{})
		switch {
		case empty && gapFrom < 0:
			gapFrom = i
		case !empty && gapFrom >= 0:
			v.Gaps = append(v.Gaps, b.gap(t, gapFrom, i))
			gapFrom = -1
		}
		if empty || i == len(t.Buckets) {
			continue
		}
		bucket, x := t.Buckets[i], chartX(float64(i), t)+(width-inner)/2
		title := b.bucketTitle(t, i)
		height := barHeight(bucket.Errors, top)
		if bucket.Errors > 0 {
			v.Bars = append(v.Bars, barView{"errors", unit(x), unit(chartBottom - height), unit(inner), unit(height), title})
		}
		if bucket.Warnings > 0 {
			more := barHeight(bucket.Warnings, top)
			v.Bars = append(v.Bars, barView{"warnings", unit(x), unit(chartBottom - height - more), unit(inner), unit(more), title})
		}
	}
	v.HasGaps = len(v.Gaps) > 0
}

func barHeight(n, top int) float64 {
	if n <= 0 {
		return 0
	}
	return max(leastBar, chartBottom-chartY(n, top))
}

func (b *pageBuilder) gap(t *matcher.Timeline, from, to int) barView {
	x := chartX(float64(from), t)
	return barView{
		Class: "gap", X: unit(x), Y: unit(chartTop), Width: unit(chartX(float64(to), t) - x), Height: unit(chartBottom - chartTop),
		Title: b.say("gap") + ": " + b.words.Say("diagnosis.span", "first", shortTime(t.Start(from)), "last", shortTime(t.Start(to))),
	}
}

func (b *pageBuilder) bucketTitle(t *matcher.Timeline, i int) string {
	n := t.Buckets[i]
	return shortTime(t.Start(i)) + " · " + b.say("errors") + ": " + words.Thousands(n.Errors) + " · " + b.say("warnings") + ": " +
		words.Thousands(n.Warnings)
}

// problemRow is a row under the bars.
func problemRow(row int, f *findingView, t *matcher.Timeline) rowView {
	bottom := chartBottom + chartAxis + rowHeight*float64(row+1) - 5
	name := f.Number + ". " + f.Title
	if short := words.Clip(name, maxRowName); short != name {
		name = strings.TrimSpace(short) + "…"
	}
	return rowView{
		Class: f.Class, Anchor: f.Anchor, Name: name, Title: f.Number + ". " + f.Title + " · " + f.When, Y: unit(bottom - 3), Line: unit(bottom),
		Bars: countsPath(f.counts, func(i int) float64 { return chartX(float64(i), t) }, max(chartX(1, t)-chartX(0, t), 1.2), bottom, rowHeight-8),
	}
}

// countsPath draws each count as a bar that stands on bottom, the highest as high as height.
func countsPath(counts []int, x func(i int) float64, width, bottom, height float64) string {
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	var path strings.Builder
	for i, n := range counts {
		if n > 0 {
			h := max(height*float64(n)/float64(most), height/4) // one event has to be seen beside a thousand
			fmt.Fprintf(&path, "M%s %sh%sv-%sh-%sz", unit(x(i)), unit(bottom), unit(width), unit(h), unit(width))
		}
	}
	return path.String()
}

// bucketOf is the bucket that a time is in, with its fraction, within the drawing.
func bucketOf(t *matcher.Timeline, at time.Time) float64 {
	i := float64(at.Unix()-t.From.Unix()) / t.Step.Seconds()
	return min(max(i, 0), float64(len(t.Buckets)))
}

// tickSteps are how far apart the times under the drawing may be.
var tickSteps = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour,
	12 * time.Hour, day, 2 * day, 7 * day, 14 * day, 30 * day, 60 * day, 120 * day, 360 * day, 720 * day,
}

const (
	day      = 24 * time.Hour
	maxTicks = 7
)

// steps is how many whole steps lie between two times. It counts seconds: a
// time.Duration ends at 292 years, the times of a damaged log do not.
func steps(from, to time.Time, step time.Duration) int64 {
	return (to.Unix() - from.Unix()) / int64(step/time.Second)
}

// timeTicks are the times under the drawing, at whole hours, days or weeks.
func timeTicks(t *matcher.Timeline) []tickView {
	end := t.Start(len(t.Buckets))
	step := tickSteps[len(tickSteps)-1]
	if steps(t.From, end, step) > maxTicks {
		return bucketTicks(t)
	}
	for i := len(tickSteps) - 1; i >= 0 && steps(t.From, end, tickSteps[i]) <= maxTicks; i-- {
		step = tickSteps[i]
	}
	layout := "2006-01-02"
	if step < day {
		layout = "01-02 15:04"
	}
	var ticks []tickView
	for at := t.From.UTC().Truncate(step); !at.After(end); at = at.Add(step) {
		if !at.Before(t.From) {
			ticks = append(ticks, newTick(t, at, layout))
		}
	}
	return ticks
}

// bucketTicks are the times under the drawing of a log of ages.
func bucketTicks(t *matcher.Timeline) []tickView {
	var ticks []tickView
	for i := 0; i < len(t.Buckets); i += len(t.Buckets)/maxTicks + 1 {
		ticks = append(ticks, newTick(t, t.Start(i), "2006-01-02"))
	}
	return ticks
}

func newTick(t *matcher.Timeline, at time.Time, layout string) tickView {
	x := chartX(bucketOf(t, at), t)
	anchor := "middle"
	switch {
	case x < chartLeft+40:
		anchor = "start"
	case x > chartRight-40:
		anchor = "end"
	}
	return tickView{unit(x), at.Format(layout), anchor}
}

// bucketTable says the same as the drawing.
func (b *pageBuilder) bucketTable(v *chartView, t *matcher.Timeline) {
	filled := 0
	for i, n := range t.Buckets {
		if n == (matcher.TimelineBucket{}) {
			continue
		}
		if filled++; filled <= maxTable {
			v.Table = append(v.Table, bucketView{shortTime(t.Start(i)), words.Thousands(n.Errors), words.Thousands(n.Warnings),
				words.Thousands(n.Other)})
		}
	}
	if filled > maxTable {
		v.Rows = b.say("rows", "shown", maxTable, "all", filled)
	}
}
