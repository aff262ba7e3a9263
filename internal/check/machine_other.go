//go:build !windows

package check

import "context"

// machine is of Windows alone: the gateway runs nowhere else.
func (r *runner) machine(context.Context) []Result {
	return []Result{*newResult(ProbeMachine, nil, LayerMachine, NotTried, "not-windows")}
}
