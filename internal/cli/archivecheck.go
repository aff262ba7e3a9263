package cli

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/fileerror"
)

// checkLimit is how long a bundle waits for what is tried.
const checkLimit = 30 * time.Second

// check is the result of a check for a bundle: from a file, or tried now, with the addresses and hosts that the logs name.
func (b *bundleRun) check(ctx context.Context, from string, sources []string) ([]byte, error) {
	if from != checkNow {
		text, err := readFile(from, check.MaxEncoded+1)
		if err != nil {
			return nil, usage("--check=check.json, which gwlogs check --format json -o check.json writes", "--check: %s: %v", from, fileerror.Reason(err))
		}
		return []byte(text), nil
	}
	f := &checkFlags{product: string(check.SHIR), timeout: check.DefaultTimeout, limit: checkLimit}
	f.logs = slices.DeleteFunc(slices.Clone(sources), func(s string) bool { return s == "-" }) // which can be read once
	b.console.note("trying what the gateway needs from this machine (%s at most)", checkLimit)
	quiet := *b.ios
	quiet.Err = io.Discard // what is wrong with the logs is said when the bundle is made of them
	plan, _, err := f.plan(ctx, &quiet, b.o)
	if err != nil {
		return nil, err
	}
	r := plan.Run(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return check.Encode(r, "en")
}
