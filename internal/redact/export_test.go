package redact

// TakeSteps returns how many bytes rules have looked at since the last call.
func (r *Redactor) TakeSteps() int {
	n := r.steps
	r.steps = 0
	return n
}

// Forget has the Redactor know no value.
func (r *Redactor) Forget() { r.quiet, r.learned = r.quiet.fresh(), r.learned.fresh() }
