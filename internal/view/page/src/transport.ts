// How the page reaches the engine: over HTTP to the gwlogs that served it, or by messages to the worker of gwlogs.html.

import type { Methods } from "./protocol"

type Method = keyof Methods

export class EngineError extends Error {
  constructor(
    message: string,
    readonly hint: string,
    readonly at: number,
    readonly gone = false,
    readonly locked?: Record<string, string>, // the token is missing or wrong, and the sentences to say so with
  ) {
    super(message)
  }
}

export interface Engine {
  call<M extends Method>(method: M, params: Methods[M][0], signal?: AbortSignal): Promise<Methods[M][1]>
  leave(): void
}

interface Refusal {
  message?: string
  hint?: string
  at?: number
}

interface Refused {
  error?: Refusal
  words?: Record<string, string>
}

const refused = (r: Refused | undefined, otherwise: string) =>
  new EngineError(r?.error?.message || otherwise, r?.error?.hint || "", typeof r?.error?.at === "number" ? r.error.at : -1, false, r?.words)

export class HTTPEngine implements Engine {
  constructor(private readonly token: string) {}

  async call<M extends Method>(method: M, params: Methods[M][0], signal?: AbortSignal): Promise<Methods[M][1]> {
    let response: Response
    try {
      response = await fetch("/api/" + method, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Gwlogs-Token": this.token },
        body: JSON.stringify(params),
        signal: signal ?? null,
        credentials: "omit",
        cache: "no-store",
      })
    } catch (e) {
      if (signal?.aborted) throw e
      throw new EngineError(String(e), "", -1, true)
    }
    const body: unknown = await response.json().catch(() => undefined)
    if (!response.ok) throw refused(body as Refused | undefined, `HTTP ${response.status}`)
    return body as Methods[M][1]
  }

  leave(): void {
    navigator.sendBeacon("/api/bye", JSON.stringify({ token: this.token }))
  }
}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (e: unknown) => void
}

export class WorkerEngine implements Engine {
  private readonly waiting = new Map<number, Waiting>()
  private last = 0

  constructor(private readonly worker: Worker) {
    worker.onmessage = (m: MessageEvent<{ id: number; result?: unknown; error?: Refusal }>) => {
      const w = this.waiting.get(m.data.id)
      if (!w) return
      this.waiting.delete(m.data.id)
      if (m.data.error) w.reject(refused(m.data, "error"))
      else w.resolve(m.data.result)
    }
    worker.onerror = (e) => {
      for (const w of this.waiting.values()) w.reject(new EngineError(e.message || "the worker failed", "", -1, true))
      this.waiting.clear()
    }
  }

  call<M extends Method>(method: M, params: Methods[M][0], signal?: AbortSignal): Promise<Methods[M][1]> {
    const id = ++this.last
    return new Promise<unknown>((resolve, reject) => {
      signal?.addEventListener("abort", () => {
        this.waiting.delete(id)
        reject(signal.reason)
      })
      this.waiting.set(id, { resolve, reject })
      this.worker.postMessage({ id, method, params })
    }) as Promise<Methods[M][1]>
  }

  leave(): void {}
}

declare global {
  interface Window {
    gwlogsEngine?: { worker(): Worker }
  }
}
