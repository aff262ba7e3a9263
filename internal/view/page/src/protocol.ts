// What the page and the engine say to one another: the types of internal/view/doc.go.

export interface Condition {
  field: string
  values: string[]
  exclude?: boolean
  off?: boolean // of the page alone: kept, and not applied
  also?: boolean // of the page alone: a lens that belongs to the one before
}

export interface Filter {
  conditions: Condition[]
}

export type Order = "newest" | "oldest"

export interface Hello {
  version: string
  lang: string
  live: boolean // the logs are followed
  mode: "server" | "file"
  words: Record<string, string>
  signatures: number
}

export interface Source {
  name: string
  channel: string
  events: number
  first: string
  last: string
  damaged: number
  error?: string
  hint?: string
  locked?: boolean // it is encrypted, and wants a key, or another one
}

export interface Status {
  version: number
  loading: boolean
  bytes_done: number
  bytes_total: number
  events: number
  sources: Source[]
  damage: string[]
  findings_ready: boolean
  new_events: number
  live?: boolean // a live channel, or a file that has grown since it was opened
  duplicates?: number
  more_sources?: number
}

export interface Row {
  n: number
  time: string
  level: number
  id: number
  provider: string
  channel: string
  computer: string
  message: string
  source: string
  record: number
  findings: string[]
  shape?: string
  gone?: boolean // the log was written over since
  data?: Record<string, string>
}

export interface Rows {
  version: number
  total: number
  matched: number
  from: number
  rows: Row[]
}

export interface Located {
  matched: number
  position: number
  exact: boolean
  n: number
}

export interface FacetValue {
  value: string
  label: string
  count: number
}

export interface Facets {
  total: number
  matched: number
  facets: Record<string, FacetValue[]>
  more: Record<string, number>
}

export interface Event {
  n: number
  ref: string
  time: string
  level: number
  level_name: string
  id: number
  version: number
  qualifiers: number
  provider: string
  provider_guid: string
  channel: string
  computer: string
  record: number
  process: number
  thread: number
  user: string
  keywords: string
  task: number
  opcode: number
  activity: string
  related_activity: string
  source: string
  bundle: string
  recovered: boolean
  message: string
  message_cut?: boolean
  keyword_names?: string[]
  data: { name: string; value: string }[]
  unfolded: { label: string; text: string }[]
  findings: { name: string; title: string; severity: string }[]
  shape: string
  xml: string
  json: string
  text: string
}

export interface Found {
  position: number
  n?: number
  found?: number // how many events of the list have the text
  index?: number // which of them this is, from 0
}

export type TimelineBy = "level" | "provider" | "id" | "computer" | "channel" | "source"

export interface Series {
  key: string
  label: string
  counts: number[]
  total: number
}

export interface Gap {
  from: string
  to: string
  kind: "gap" | "cleared" | "silence" | "clock"
  source: string
  text: string
}

export interface Mark {
  name: string
  title: string
  severity: string
  first: string
  last: string
}

export interface Timeline {
  from: string
  to: string
  step_seconds: number
  series: Series[]
  gaps: Gap[]
  marks: Mark[]
}

export interface Evidence {
  source: string
  channel: string
  record_id: number
  event_id: number
  level: string
  time: string | null
  computer: string
  message: string
  n?: number // its number in the list; -1 if it is not there
}

export interface Finding {
  signature: string
  title: string
  severity: string
  count: number
  likely: boolean
  first: string | null
  last: string | null
  ongoing: boolean
  computers: string[]
  cause: string
  resolution: string[]
  references: string[]
  captures: Record<string, string[]>
  evidence: Evidence[]
  over_by?: { title?: string; last?: string } | null
  events?: number
}

export interface Unexplained {
  shape: string
  group: string // what the field shape finds it by
  event_id: number
  channel: string
  count: number
  first: string | null
  last: string | null
  example: Evidence
  events?: number
}

export interface Endpoint {
  address: string
  port: number
  count: number
  first: string | null
  last: string | null
  computers: string[]
  problems: string[]
  events?: number
}

export interface GatewayState {
  computer: string
  state: string
  since: string | null
  last: string | null
  state_text?: string
  event?: Evidence | null
}

export interface Diagnosis {
  status: GatewayState[]
  findings: Finding[]
  unexplained: Unexplained[]
  endpoints: Endpoint[]
  report_ids: { report_id: string; time: string; computer: string; source: string; record_id: number }[]
}

export interface FindingsReply {
  ready: boolean
  page: Diagnosis | null
}

export interface CheckGroup {
  status: "fault" | "warning" | "note"
  status_text: string
  layer: string
  seen: string[]
  do: string[]
  tickets: string[]
  said: string[]
}

export interface Check {
  source: string
  title: string
  help: string
  sum: string
  groups: CheckGroup[]
  fine: string[]
  error?: string
}

export interface Explained {
  findings: Finding[]
  text: string
}

export type ExportFormat = "evtx" | "csv" | "json" | "jsonl" | "xml" | "rows"

export interface Exported {
  path?: string
  name: string
  mime?: string
  blob?: Blob
}

// Methods are what the engine can be asked: its parameters, and what it answers.
export interface Methods {
  hello: [{ lang: string }, Hello]
  open: [{ files?: File[]; identity?: string; anew?: boolean }, Status]
  status: [Record<string, never>, Status]
  accept: [Record<string, never>, Status]
  rows: [{ filter: Filter; order: Order; from: number; count: number; columns: string[] }, Rows]
  locate: [{ filter: Filter; order: Order; n?: number; ref?: string; time?: string }, Located]
  facets: [{ filter: Filter; fields: string[]; limit: number; lang: string }, Facets]
  event: [{ n: number; lang: string }, Event]
  find: [{ filter: Filter; order: Order; text: string; from: number; backward: boolean }, Found]
  timeline: [{ filter: Filter; from: string; to: string; buckets: number; by: TimelineBy; lang: string }, Timeline]
  findings: [{ lang: string }, FindingsReply]
  checks: [{ lang: string }, { checks: Check[] }]
  explain: [{ text: string; lang: string }, Explained]
  export: [{ filter: Filter; order: Order; format: ExportFormat }, Exported]
  bye: [Record<string, never>, unknown]
}
