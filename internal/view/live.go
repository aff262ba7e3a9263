package view

import (
	"context"
)

// liveState is what is known of logs that grow.
type liveState struct{}

// pending are events that have come since, and are not in the list yet.
type pending struct{}

func (e *Engine) isLive() bool { return e.o.More != nil }

func (e *Engine) accept(ctx context.Context, _ *struct{}) (any, error) { return e.status(ctx, nil) }
