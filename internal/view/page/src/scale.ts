// Where a list of millions of rows stands in a scroll bar.
//
// Browsers stop at some 17 or 33 million pixels of height; three million rows are 72 million. So the spacer that makes the
// scroll bar is capped, and a row's place is kept beside it, in pixels of the whole list (`top`). Small movements (wheel,
// keys, a finger) move by as many pixels as the browser says, exact to the row; a big one is the thumb being dragged, and
// is scaled. What the two differ by afterwards is put right when the scrolling rests. TanStack Virtual and its like add
// up the sizes of rows and hit that wall (TanStack/virtual#616); with rows of one height this page is all there is to it.

export const highest = 12_000_000

export interface Scale {
  readonly rows: number
  readonly rowHeight: number
  readonly view: number // height of what is seen, in pixels
}

export const wholeHeight = (s: Scale): number => s.rows * s.rowHeight
export const spacerHeight = (s: Scale): number => Math.min(wholeHeight(s), Math.max(highest, s.view))

export const lastTop = (s: Scale): number => Math.max(0, wholeHeight(s) - s.view)
const lastScroll = (s: Scale): number => Math.max(0, spacerHeight(s) - s.view)

export const clampTop = (s: Scale, top: number): number => Math.min(Math.max(0, top), lastTop(s))

// scrollOf is the place of the scroll bar for a place in the list.
export function scrollOf(s: Scale, top: number): number {
  const last = lastTop(s)
  if (last === 0) return 0
  return Math.round((clampTop(s, top) / last) * lastScroll(s))
}

export function topOf(s: Scale, scroll: number): number {
  const last = lastScroll(s)
  if (last === 0) return 0
  return clampTop(s, (scroll / last) * lastTop(s))
}

// scrolled is the new place in the list after the scroll bar went from one place to another.
export function scrolled(s: Scale, top: number, from: number, to: number): number {
  if (wholeHeight(s) <= highest) return clampTop(s, to)
  const by = to - from
  if (to <= 0) return 0
  if (to >= lastScroll(s) - 1) return lastTop(s)
  if (Math.abs(by) < 4 * s.view) return clampTop(s, top + by)
  return topOf(s, to)
}

// shown are the first row that is seen, and the one after the last.
export function shown(s: Scale, top: number): { first: number; end: number } {
  const first = Math.floor(top / s.rowHeight)
  return { first: Math.min(first, Math.max(0, s.rows - 1)), end: Math.min(s.rows, Math.ceil((top + s.view) / s.rowHeight)) }
}

// topFor moves as little as is needed to have a row in view; margin rows stay between it and the edge where possible.
export function topFor(s: Scale, top: number, row: number, margin = 0): number {
  const room = margin * s.rowHeight * 2 + s.rowHeight <= s.view ? margin * s.rowHeight : 0
  const above = row * s.rowHeight - room
  const below = (row + 1) * s.rowHeight + room - s.view
  if (top > above) return clampTop(s, above)
  if (top < below) return clampTop(s, below)
  return clampTop(s, top)
}
