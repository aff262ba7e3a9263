package cli

import (
	"fmt"
	"time"

	"github.com/gwlogs/gwlogs/internal/words"
)

// clockText is a duration as 0:07 or 1:02:03.
func clockText(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return words.Thousands(n) + " " + thing + "s"
}

func placesText(n int) string {
	if n == 1 {
		return "1 damaged place"
	}
	return words.Thousands(uint64(n)) + " damaged places"
}
