// A value that components follow.

import { useEffect, useState } from "preact/hooks"

export class Store<S extends object> {
  private readonly followers = new Set<() => void>()
  private queued = false

  constructor(public state: S) {}

  set(change: Partial<S>): void {
    this.state = { ...this.state, ...change }
    this.changed()
  }

  changed(): void {
    if (this.queued) return
    this.queued = true
    queueMicrotask(() => {
      this.queued = false
      for (const f of [...this.followers]) f()
    })
  }

  watch(f: () => void): () => void {
    this.followers.add(f)
    return () => this.followers.delete(f)
  }
}

// useStore renders a component anew whenever the store has changed.
export function useStore<S extends object>(store: Store<S>): S {
  const [, again] = useState(0)
  useEffect(() => store.watch(() => again((n) => n + 1)), [store])
  return store.state
}
