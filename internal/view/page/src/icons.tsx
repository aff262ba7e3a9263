// Signs: a level is known by its shape as well as its colour.

export function LevelIcon({ level }: { level: number }) {
  const l = level === 0 ? 4 : level
  return (
    <svg class={`lv lv${l}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      {l === 1 && <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" class="fill" />}
      {l === 1 && <path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" class="ink" />}
      {l === 2 && <circle cx="8" cy="8" r="7" class="fill" />}
      {l === 2 && <path d="M8 3.8v5M8 11v1.4" class="ink" />}
      {l === 3 && <path d="M8 1.2L15.3 14.5H.7z" class="fill" />}
      {l === 3 && <path d="M8 6v4.2M8 11.6v1.2" class="ink" />}
      {l === 4 && <circle cx="8" cy="8" r="5.8" class="line" />}
      {l === 4 && <path d="M8 7.3v3.6M8 4.8v1.2" class="line" />}
      {l >= 5 && <path d="M3.2 8h.1M8 8h.1M12.7 8h.1" class="dots" />}
    </svg>
  )
}

const shapes: Record<string, string> = {
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9", plus: "M8 3v10M3 8h10", star: "M8 1.8l1.9 4 4.3.6-3.1 3 .8 4.4L8 11.7l-3.9 2.1.8-4.4-3.1-3 4.3-.6z",
  copy: "M5.5 5.5V2.5h8v8h-3M2.5 5.5h8v8h-8z", up: "M3.5 10L8 5.5l4.5 4.5", down: "M3.5 6L8 10.5 12.5 6", more: "M3.4 8h.1M8 8h.1M12.6 8h.1", search: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.3 10.3L14 14",
  funnel: "M2 3h12L9.5 8.3V13l-3-1.5V8.3z", columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10", link: "M6.5 9.5l3-3M7 4.8l1.6-1.6a2.9 2.9 0 014.1 4.1L11.2 9M9 11.2l-1.6 1.6a2.9 2.9 0 01-4.1-4.1L4.8 7",
  out: "M8 2v7.5M4.8 6.5L8 9.7l3.2-3.2M2.5 10.5v3h11v-3", moon: "M13.2 9.6A5.8 5.8 0 016.4 2.8a5.8 5.8 0 106.8 6.8z", sun: "M8 5a3 3 0 100 6 3 3 0 000-6zM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M12.8 3.2l-1.1 1.1M4.3 11.7l-1.1 1.1",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 100 4 2 2 0 000-4z", dock: "M2 3h12v10H2zM2 9h12", dockright: "M2 3h12v10H2zM9.5 3v10", save: "M3 2.5h8l2 2v9H3zM5.5 2.5v3.5h5M5 13.5V9.5h6v4",
  back: "M9.5 3.5L5 8l4.5 4.5", zoomout: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.3 10.3L14 14M5 7h4", chart: "M2.5 13.5h11M4.5 13V8M8 13V3M11.5 13V6",
}

export function Icon({ name }: { name: keyof typeof shapes }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
      <path d={shapes[name]} class={name === "more" ? "dots" : "line"} />
    </svg>
  )
}
