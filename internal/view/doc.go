// Package view is the viewer: all events of logs, by time, in a page of a browser. An [Engine] answers the page's requests; a [Server]
// hands them on from the page that gwlogs view opens, and the worker of gwlogs.html (folder wasm) from one that was dropped a file on.
//
// # How it works
//
// One pass of package eventlog puts 40 bytes an event into an index: its time, where it lies ([evtx.Place]), level, id, record number,
// process, and a number for its provider, channel, computer and user together. Lists, facets and the timeline are made of that alone.
// What else is shown of an event is read from its chunk when it is asked for. What the index does not know, a text or a named value, is
// looked for by another pass, whose answer is a bit for each event and is kept. The findings come from the analysis that diagnose makes,
// in a pass behind the first; it tells of each event what it counted for. Whatever cannot be read in any order is kept in a file without
// a name (in a browser: in memory), so that every event can be read again.
//
// # Requests
//
// A request is a method and its params, in JSON; the answer is a result, or an error {message, hint, at}. Over HTTP: POST /api/METHOD with
// the params as the body, Content-Type application/json, and the token in X-Gwlogs-Token; an error has a status of 4xx or 5xx and the
// body {"error": …}. To the worker: postMessage({id, method, params}), answered by {id, result} or {id, error}.
//
// Times are RFC 3339, UTC, with seven digits; empty for an event without one. An event is the number n that it has in the index, which
// does not change while the logs are open; for others who have the same logs it is a reference "source|record|time".
//
// A filter is {"conditions": [{"field", "values": […], "exclude", "off"}]}. All conditions must hold, but those of one field that do not
// exclude are alternatives; of text, where, time and around each narrows. Values of one condition are alternatives; texts and numbers mean
// the same. Fields:
//
//	level          1 to 5, or a name; 0 counts as 4
//	id             a number, or from-to
//	provider, channel, computer, user, source: in any case; a computer also without its domain, unless another has that name
//	process        a number
//	time           pairs of from and to, both inclusive; either may be empty
//	around         [n, seconds]: so long before and behind an event
//	text           is in one of the values, in any case
//	data.NAME      is the value of that name, in any case; empty: there is none
//	where          an expression of --where
//	activity       a GUID: ActivityID or RelatedActivityID, or in a text of the event
//	finding        the name of a signature; shape: that of an unexplained group
//	marked         numbers of events
//
// The order of a list is "newest" (first) or "oldest". Methods, with their params and results:
//
//	hello     {lang} → {version, lang, live: the logs are followed, mode: server|file, words: {key: text}, signatures: 0 in the worker}
//	open      in the worker {files: [File], identity: text of an age key, anew}; → that of status
//	status    → {version: grows with every change, loading, bytes_done, bytes_total: -1 if it is not known, events, sources: [{name,
//	          channel, events, first, last, damaged, error, hint, locked: it wants a key, loaded}], more_sources, damage: [line], findings_ready, new_events,
//	          duplicates, live: a channel, or a log that has grown since}
//	accept    takes the new events of logs that grow into the list → that of status
//	rows      {filter, order, from, count ≤ 500, columns: ["data.X", "user", …]} → {version, total, matched, from, rows: [{n, time,
//	          level, id, provider, channel, computer, message: on one line, source, record, findings, shape, data: {column: text}, gone}]}
//	locate    {filter, order, n | ref | time} → {matched, position: of the event, or of the one next to it in time; exact, n}
//	facets    {filter, fields, limit, lang} → {total, matched, facets: {field: [{value, label, count}]}, more: {field: n}}; the
//	          conditions of a field itself do not count for it
//	event     {n, lang} → everything about an event: see eventResult
//	find      {filter, order, text, from: inclusive, backward} → {position, n, found, index}; it goes round; position -1: nowhere
//	timeline  {filter, from, to, buckets ≤ 2000, by: level|provider|id|computer|channel|source|finding, lang} → {from, to,
//	          step_seconds, series: [{key, label, counts, total}], gaps: [{from, to, kind: gap|cleared|silence|clock, source, text}],
//	          marks: [{name, title, severity, first, last}]}
//	findings  {lang} → {ready, page: what diagnose --format json prints, and in it: of findings, groups and endpoints events, of groups
//	          group (the value of shape), of evidence n, of status state_text; text: the same for reading}
//	checks    {lang} → {checks: [{source, title, help, sum, groups: [{status, status_text, layer, seen, do, tickets, said}], fine, error}]}:
//	          what gwlogs check found, of each bundle that has it
//	explain   {text, lang} → what explain --format json prints, and text
//	export    {filter, order, format: evtx|csv|tsv|json|jsonl|xml|text|rows} → over HTTP {path, name, mime, events}: GET of the path, once,
//	          without a token; in the worker {name, mime, blob}
//	keep      {key: settings|marks, value ≤ 1 MiB}; kept {key} → {value}: settings are the user's, marks belong to these sources
//	bye       {token}: the page is being closed. Over HTTP alone
//
// A filter that has to read the logs (text, where, data, activity) is answered when they are read; whoever gives the request up, ends it.
//
// # Who may ask
//
// The server listens on 127.0.0.1 and takes requests whose Host is exactly its own address, with an Origin of its own or none; there is no
// CORS. The token stands behind the # of the URL, which browsers send to nobody. Texts of a log are data in every answer: the page shows
// them as text nodes, and a strict Content-Security-Policy runs nothing that is not part of it.
package view
