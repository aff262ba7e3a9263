package cli

import (
	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/report"
)

const damageLines = 20 // a log; more help nobody

// damage shows what is damaged in the logs and counts it.
type damage struct {
	console *console
	places  int // in all logs
	logs    int // that have any

	name  string // of the log that is being read
	here  int    // damaged places in it
	shown int
}

// begin takes the name of the next log.
func (d *damage) begin(name string) { d.name, d.here, d.shown = name, 0, 0 }

// add shows damage, more of which was counted but not kept.
func (d *damage) add(found []*evtx.FormatError, more int) {
	if len(found) > 0 && d.here == 0 {
		d.logs++
	}
	for _, err := range found {
		if d.shown < damageLines {
			d.console.problem("%s: %v", d.name, err)
			d.shown++
		}
	}
	d.here += len(found) + more
	d.places += len(found) + more
}

// end closes the list of the log.
func (d *damage) end() {
	if rest := d.here - d.shown; rest > 0 {
		d.console.problem("%s: … and %s more", d.name, report.Thousands(uint64(rest)))
	}
}

// summary comes after all logs.
func (d *damage) summary(logs int) {
	switch {
	case d.places == 0:
	case logs == 1:
		d.console.problem("%s in the log; the rest was read", placesText(d.places))
	default:
		d.console.problem("%s in %d of %d logs; the rest was read", placesText(d.places), d.logs, logs)
	}
}

func placesText(n int) string {
	if n == 1 {
		return "1 damaged place"
	}
	return report.Thousands(uint64(n)) + " damaged places"
}
