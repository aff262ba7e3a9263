package view

import "context"

// open answers the page that begins: the logs of a server are known already.
func (e *Engine) open(ctx context.Context, _ *struct{}) (any, error) { return e.status(ctx, nil) }
