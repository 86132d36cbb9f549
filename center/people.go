package center

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"threering/store"
)

// Role is what a person may be.
type Role string

// The roles.
const (
	Agent      Role = "agent"      // takes calls
	Supervisor Role = "supervisor" // watches the floor, and may take calls
	QA         Role = "qa"         // listens to recordings and reviews them
	Admin      Role = "admin"      // changes the center
)

// takesCalls: only they can serve a queue.
func (r Role) takesCalls() bool { return r == Agent || r == Supervisor }

// Person is somebody who works here. The id is what they sign in with, the name
// of their device, and the number that callers are told.
type Person struct {
	ID     string         `yaml:"id" json:"id"`
	Name   string         `yaml:"name" json:"name"`
	Role   Role           `yaml:"role" json:"role" enum:"agent,supervisor,qa,admin"`
	Skills map[string]int `yaml:"skills,omitempty,flow" json:"skills,omitempty"` // level by skill, 1 to 10
	Device string         `yaml:"device,omitempty" json:"device,omitempty"`      // fixed address of a phone that never registers, sip:1001@192.0.2.7:5060
}

// ErrNotFound says that there is no such person.
var ErrNotFound = errors.New("no such person")

// People is everybody, in the order of the document.
func (c *Center) People(ctx context.Context) ([]Person, error) {
	return readPeople(ctx, c.db)
}

// Person is the person with that id, or [ErrNotFound].
func (c *Center) Person(ctx context.Context, id string) (Person, error) {
	people, err := store.Query(ctx, c.db, scanPerson, "SELECT id, name, role, device FROM center_people WHERE id = $1", id)
	if err == nil && len(people) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		people[0].Skills, err = readSkills(ctx, c.db, id)
	}
	if err != nil {
		return Person{}, fmt.Errorf("person %q: %w", id, err)
	}
	return people[0], nil
}

// writePeople brings the people to what is given. Those who stay keep their
// passwords and secrets; with those who go, theirs go.
func writePeople(ctx context.Context, tx *sql.Tx, people []Person, gone []string) error {
	w := store.NewWriter(ctx, tx)
	for _, id := range gone {
		w.Exec("DELETE FROM center_people WHERE id = $1", id)
	}
	w.Exec("DELETE FROM center_skills")
	for i, p := range people {
		w.Exec(`INSERT INTO center_people (id, position, name, role, device, password) VALUES ($1, $2, $3, $4, $5, '')
			ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name, role = excluded.role, device = excluded.device`,
			p.ID, i, p.Name, string(p.Role), p.Device)
		for _, skill := range slices.Sorted(maps.Keys(p.Skills)) {
			w.Exec("INSERT INTO center_skills (person, skill, level) VALUES ($1, $2, $3)", p.ID, skill, p.Skills[skill])
		}
	}
	if err := w.Err(); err != nil {
		return fmt.Errorf("write people: %w", err)
	}
	return nil
}

func readPeople(ctx context.Context, q store.Queryer) ([]Person, error) {
	people, err := store.Query(ctx, q, scanPerson, "SELECT id, name, role, device FROM center_people ORDER BY position")
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	for i := range people {
		if people[i].Skills, err = readSkills(ctx, q, people[i].ID); err != nil {
			return nil, err
		}
	}
	return people, nil
}

func scanPerson(rows *sql.Rows) (p Person, err error) {
	return p, rows.Scan(&p.ID, &p.Name, &p.Role, &p.Device)
}

func readSkills(ctx context.Context, q store.Queryer, person string) (map[string]int, error) {
	type level struct {
		skill string
		level int
	}
	levels, err := store.Query(ctx, q, func(rows *sql.Rows) (l level, err error) {
		return l, rows.Scan(&l.skill, &l.level)
	}, "SELECT skill, level FROM center_skills WHERE person = $1", person)
	if err != nil {
		return nil, fmt.Errorf("read the skills of %s: %w", person, err)
	}
	if len(levels) == 0 {
		return nil, nil
	}
	skills := map[string]int{}
	for _, l := range levels {
		skills[l.skill] = l.level
	}
	return skills, nil
}
