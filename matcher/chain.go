package matcher

import "bytes"

// isChain reports whether a text is a chain of exceptions as copy activities
// report them: ErrorCode=…,'Type=…,Message=…,Source=…,”Type=…,Message=….
func isChain(text []byte) bool {
	return bytes.Contains(text, []byte("'Type=")) || bytes.Contains(text, []byte("error:Type="))
}

// chainMessages yields the messages of a chain, outermost first. A message may
// have commas and quotes in it; only ",Source=" and the next link end it.
func chainMessages(text []byte, yield func([]byte)) {
	for {
		_, rest, ok := bytes.Cut(text, []byte("Type="))
		if !ok {
			return
		}
		link, next := rest, []byte(nil)
		if i := bytes.Index(rest, []byte("''Type=")); i >= 0 {
			link, next = rest[:i], rest[i:]
		}
		if _, message, ok := bytes.Cut(link, []byte(",Message=")); ok {
			if i := bytes.LastIndex(message, []byte(",Source=")); i >= 0 {
				message = message[:i]
			}
			yield(bytes.TrimRight(message, ",'"))
		}
		text = next
	}
}

// exceptionMessages yields the messages of a text in lines: those of the
// exceptions, each in a line, in front of "Exception detail:"; without these
// the last exception of "System.X: … ---> System.Y: …", before its stack.
func exceptionMessages(text []byte, yield func([]byte)) {
	head, detail, found := cutDetail(text)
	if found {
		lines := 0
		for line := range bytes.Lines(head) {
			if lines++; lines > 1 { // the first only says that there was an error
				yield(bytes.TrimSpace(line))
			}
		}
		if lines > 1 {
			return
		}
		text = detail
	}
	i := bytes.LastIndex(text, []byte("--->"))
	if i < 0 {
		return
	}
	line, _, _ := bytes.Cut(bytes.TrimSpace(text[i+len("--->"):]), []byte("\n"))
	if kind, message, ok := bytes.Cut(line, []byte(": ")); ok && !bytes.ContainsAny(kind, " '") {
		line = message
	}
	yield(bytes.TrimSpace(line))
}

// cutDetail cuts at the line that ends the messages.
func cutDetail(text []byte) (head, detail []byte, found bool) {
	for _, label := range []string{"Exception detail:", "Détails de l'exception", "Détails de l’exception", "Ausnahmedetails:",
		"Detalles de la excepción:"} {
		if head, detail, found = bytes.Cut(text, []byte(label)); found {
			return head, detail, true
		}
	}
	return text, nil, false
}
