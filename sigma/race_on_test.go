//go:build race

package sigma

const raceDetector = true // a sync.Pool forgets on purpose under it
