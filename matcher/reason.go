package matcher

// Text returns what to tell people about a finding, in a language, English
// where there is no other: that of its signature, or, where this only wraps
// others, that of the one inside. Where several were inside, or some events had
// none, their steps come in turn, each with the problem that it is for.
func (f *Finding) Text(lang string) Text {
	text := f.Signature.In(lang)
	if len(f.Within) == 0 {
		return text
	}
	if len(f.Within) == 1 && f.WithinAll {
		return f.Within[0].In(lang)
	}
	var steps []string
	for i := 0; len(steps) < maxSteps; i++ {
		more := false
		for _, s := range f.Within {
			within := s.In(lang)
			if i < len(within.Resolution) && len(steps) < maxSteps {
				steps = append(steps, within.Title+". "+within.Resolution[i])
				more = true
			}
		}
		if !more {
			break
		}
	}
	text.Resolution = append(steps, text.Resolution[:min(len(text.Resolution), maxSteps-len(steps))]...)
	return text
}

// References are the pages about what Text tells.
func (f *Finding) References() []string {
	if len(f.Within) == 1 && f.WithinAll {
		return f.Within[0].Rule.References
	}
	return f.Signature.Rule.References
}
