package report

func heavyFormats() []textFormat { return nil }
