package matcher

import "bytes"

// isChain reports whether a text is a chain of exceptions as copy activities
// report them: ErrorCode=…,'Type=…,Message=…,Source=…,”Type=…,Message=….
// Pages and mails lose the quotes: ErrorCode=…, Type=…, Message=….
func isChain(text []byte) bool {
	if bytes.Contains(text, []byte("'Type=")) || bytes.Contains(text, []byte("error:Type=")) {
		return true
	}
	at := linkStart(text)
	return at >= 0 && bytes.Contains(text[at:], []byte("Message="))
}

// linkStart returns where the next Type= of a chain is, or -1: behind a quote,
// a comma or a colon, with or without a blank, or behind the error code itself.
func linkStart(text []byte) int {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("Type="))
		if i < 0 {
			return -1
		}
		before := bytes.TrimRight(text[:from+i], " ")
		if n := len(before); n > 0 && bytes.IndexByte([]byte(`'",:`), before[n-1]) >= 0 {
			return from + i
		}
		from += i + len("Type=")
	}
}

// chainMessages yields the messages of a chain, outermost first. A message may
// have commas and quotes in it; only ",Source=" and the next link end it.
func chainMessages(text []byte, yield func([]byte)) {
	start := linkStart(text)
	for start >= 0 {
		link := text[start+len("Type="):]
		next := linkStart(link)
		rest := link
		if next >= 0 {
			link = link[:next]
		}
		if message, ok := linkMessage(link); ok {
			yield(message)
		}
		if next < 0 {
			return
		}
		text, start = rest, next
	}
}

// linkMessage is the message of a link, which begins with the name of a type.
func linkMessage(link []byte) (message []byte, ok bool) {
	for _, label := range [][]byte{[]byte(",Message="), []byte(", Message=")} {
		if _, message, ok = bytes.Cut(link, label); ok {
			break
		}
	}
	if !ok {
		return nil, false
	}
	for _, label := range [][]byte{[]byte(",Source="), []byte(", Source=")} {
		if i := bytes.LastIndex(message, label); i >= 0 {
			return message[:i], true // what stands before it is the message, with its quotes
		}
	}
	message = bytes.TrimRight(message, ", \r\n")
	for bytes.HasSuffix(message, []byte(",'")) || bytes.HasSuffix(message, []byte("''")) {
		message = bytes.TrimRight(message[:len(message)-1], ",")
	}
	if bytes.HasSuffix(message, []byte("'")) && bytes.Count(message, []byte("'"))%2 == 1 {
		message = message[:len(message)-1] // it closes the link
	}
	return message, true
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
