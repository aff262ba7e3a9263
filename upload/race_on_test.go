//go:build race

package upload_test

const raceDetector = true // takes several times the memory
