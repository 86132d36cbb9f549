package center

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Changes is what an apply changed, or would change.
type Changes struct {
	Lines     []string `json:"lines"`      // for people, one a change: "added person 1001 (王芳)"; none if nothing changed
	NewPeople []string `json:"new_people"` // ids; they cannot sign in until [Center.SetPassword]
	Revision  int64    `json:"revision"`   // of the center after the apply
}

// Apply makes the center what the document says, or, with an error, leaves it
// as it was: a document that does not pass [Check] comes back with its
// problems, and a failure of the database undoes everything. The people who
// stay keep their passwords. A document that says what is already so writes
// nothing.
func (c *Center) Apply(ctx context.Context, doc Document) (Changes, error) {
	changes, err := c.apply(ctx, doc, func(tx *sql.Tx, gone []string, revision int64) error {
		if err := write(ctx, tx, doc.Normal(), gone); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE center_revision SET revision = $1", revision)
		return err
	})
	if err != nil {
		return Changes{}, err
	}
	if err := c.Reload(ctx); err != nil {
		return changes, fmt.Errorf("the document is applied, but: %w", err)
	}
	return changes, nil
}

// Preview says what Apply would change, and changes nothing.
func (c *Center) Preview(ctx context.Context, doc Document) (Changes, error) {
	return c.apply(ctx, doc, func(*sql.Tx, []string, int64) error { return nil })
}

// apply compares the document with what is there, and has the changes written
// if there are any, in the same transaction.
func (c *Center) apply(ctx context.Context, doc Document, write func(tx *sql.Tx, gone []string, revision int64) error) (Changes, error) {
	doc = doc.Normal()
	if err := doc.check(nil, c.prompts); err != nil {
		return Changes{}, err
	}
	var changes Changes
	err := c.db.Tx(ctx, func(tx *sql.Tx) error {
		old, err := read(ctx, tx)
		if err != nil {
			return err
		}
		if changes.Revision, err = readRevision(ctx, tx); err != nil {
			return err
		}
		same, err := equal(old, doc)
		if err != nil || same {
			return err
		}
		changes.Revision++
		changes.Lines = difference(old, doc)
		changes.NewPeople = without(ids(doc.People), ids(old.People))
		return write(tx, without(ids(old.People), ids(doc.People)), changes.Revision)
	})
	if err != nil {
		return Changes{}, fmt.Errorf("apply the center's document: %w", err)
	}
	return changes, nil
}

// equal compares documents by their texts.
func equal(a, b Document) (bool, error) {
	textA, err := a.Text()
	if err != nil {
		return false, err
	}
	textB, err := b.Text()
	return bytes.Equal(textA, textB), err
}

func ids(people []Person) []string {
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids
}

// without is those of all that are not among the others.
func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(others, s) })
}
