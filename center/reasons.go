package center

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"threering/store"
)

// Bounds of the reasons that an agent chooses from in the wrap-up.
const (
	reasonsMost = 50
	reasonMost  = 40 // runes
)

// usualReasons is what calls are mostly about, in a language of the console.
func usualReasons(language string) []string {
	if language == "en" {
		return []string{"Order", "Prices", "Product", "Status", "How to use", "Fault", "Return", "Complaint", "Other"}
	}
	return []string{"下单", "价格咨询", "产品咨询", "查询", "使用指导", "故障报修", "退换货", "投诉", "其他"}
}

// ownReasons leaves out those that are usual anyway, so that they follow the language.
func (i Info) ownReasons() []string {
	if len(i.Reasons) == 0 || slices.Equal(i.Reasons, usualReasons(i.Language)) {
		return nil
	}
	return i.Reasons
}

func (c *checker) reasons(reasons []string) {
	if len(reasons) > reasonsMost {
		c.wrong("center.reasons", fmt.Sprintf("%d reasons", len(reasons)), fmt.Sprintf("at most %d", reasonsMost))
	}
	for i, r := range reasons {
		at := fmt.Sprintf("center.reasons.%d", i)
		switch {
		case slices.Contains(reasons[:i], r):
			c.wrong(at, r, "each reason once")
		case strings.TrimSpace(r) != r || r == "" || utf8.RuneCountInString(r) > reasonMost || strings.ContainsFunc(r, unicode.IsControl):
			c.wrong(at, r, fmt.Sprintf("a reason in one line of at most %d characters, without space around it", reasonMost))
		}
	}
}

func writeReasons(ctx context.Context, tx *sql.Tx, reasons []string) error {
	w := store.NewWriter(ctx, tx)
	w.Exec("DELETE FROM center_reasons")
	for i, r := range reasons {
		w.Exec("INSERT INTO center_reasons (reason, position) VALUES ($1, $2)", r, i)
	}
	if err := w.Err(); err != nil {
		return fmt.Errorf("write reasons: %w", err)
	}
	return nil
}

func readReasons(ctx context.Context, q store.Queryer) ([]string, error) {
	reasons, err := store.Query(ctx, q, store.Text, "SELECT reason FROM center_reasons ORDER BY position")
	if err != nil {
		return nil, fmt.Errorf("read reasons: %w", err)
	}
	return reasons, nil
}
