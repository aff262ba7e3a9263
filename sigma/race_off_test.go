//go:build !race

package sigma

const raceDetector = false
