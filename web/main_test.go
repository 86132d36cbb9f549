package web

import (
	"testing"

	"go.uber.org/goleak"

	"threering/acd/floor"
	"threering/acd/journal"
	"threering/acd/report"
	"threering/center"
	"threering/crm"
	"threering/recording"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The rooms fit.
var (
	_ Floor           = (*floor.Floor)(nil)
	_ Report          = (*report.Live)(nil)
	_ Journal         = (*journal.Journal)(nil)
	_ Archive         = (*recording.Archive)(nil)
	_ CRM             = (*crm.CRM)(nil)
	_ People          = (*center.Center)(nil)
	_ Document        = (*center.Center)(nil)
	_ floor.Publisher = (*Hub)(nil)
)
