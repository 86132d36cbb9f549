package crm

import "time"

// Customer is somebody known. The same struct is the customer's place in the
// center's document and what the API gives.
type Customer struct {
	ID       string   `yaml:"id" json:"id"`
	Name     string   `yaml:"name" json:"name"`
	Company  string   `yaml:"company,omitempty" json:"company,omitempty"`
	VIP      bool     `yaml:"vip,omitempty" json:"vip"`
	Language string   `yaml:"language,omitempty" json:"language,omitempty"` // "zh", "en"; empty where it is not known
	Notes    string   `yaml:"notes,omitempty" json:"notes,omitempty"`
	Numbers  []string `yaml:"numbers,omitempty,flow" json:"numbers,omitempty"` // as people write them
	Orders   []Order  `yaml:"orders,omitempty" json:"-"`
	Matters  []Matter `yaml:"matters,omitempty" json:"-"`
}

// Order is something a customer bought.
type Order struct {
	ID        string    `yaml:"id" json:"id"`
	Title     string    `yaml:"title" json:"title"`
	State     string    `yaml:"state" json:"state"`                       // in the center's own words: paid, shipped …
	Amount    string    `yaml:"amount,omitempty" json:"amount,omitempty"` // with its currency, as it is shown
	OrderedAt time.Time `yaml:"ordered_at" json:"ordered_at"`
}

// Matter is something a customer waits for: a ticket, a complaint, a question.
type Matter struct {
	ID       string    `yaml:"id" json:"id"`
	Title    string    `yaml:"title" json:"title"`
	State    string    `yaml:"state" json:"state" enum:"open,pending,closed"`
	OpenedAt time.Time `yaml:"opened_at" json:"opened_at"`
}

// The states of a matter.
const (
	MatterOpen    = "open"
	MatterPending = "pending" // waits for the customer or somebody else
	MatterClosed  = "closed"
)
