// Command phones is telephones for the console's end-to-end tests. It is told line by line on standard input what they do,
// and says after each line what came of it: ok, or error and which.
//
//	register 1001 PASSWORD    a phone signs on; it rings until it is told to answer
//	rung 1001                 when the INVITE of the call that rings came: ok, and microseconds since 1970
//	answer 1001               the call that rings is picked up, and a tone spoken into it
//	dial 13800000001 400      somebody calls the hotline
//	press 13800000001 1       and presses a key
//	hold 1001, resume 1001
//	hangup 13800000001
package main

import (
	"bufio"
	"context"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"threering/media"
	"threering/sip/softphone"
)

const (
	patience = 20 * time.Second // for one step
	agentHz  = 440
	callerHz = 1000
)

// desk is the phones by the names of their users, with the call that each of them has.
type desk struct {
	server netip.AddrPort
	low    int // the first port of the next phone's audio
	phones map[string]*softphone.Phone
	calls  map[string]*softphone.Call
	rung   map[string]chan time.Time // when each phone's INVITEs came
}

const (
	portsEach = 20  // for a phone's audio
	mostCalls = 100 // whose beginnings are kept until somebody asks
)

func main() {
	server, err := netip.ParseAddrPort(os.Args[len(os.Args)-1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "phones ADDRESS:PORT:", err)
		os.Exit(2)
	}
	d := &desk{server: server, low: 30000, phones: map[string]*softphone.Phone{}, calls: map[string]*softphone.Call{}, rung: map[string]chan time.Time{}}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println(d.do(strings.Fields(lines.Text())))
	}
	for _, p := range d.phones {
		if err := p.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// do does what a line says, and gives the line that says what came of it.
func (d *desk) do(words []string) string {
	if len(words) < 2 {
		return "error: a verb and a name are needed"
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if words[0] == "rung" {
		select {
		case at := <-d.rung[words[1]]:
			return fmt.Sprint("ok ", at.UnixMicro())
		case <-ctx.Done():
			return "error: no INVITE came"
		}
	}
	if err := d.act(ctx, words[0], words[1], strings.Join(words[2:], " ")); err != nil {
		return fmt.Sprint("error: ", err)
	}
	return "ok"
}

func (d *desk) act(ctx context.Context, verb, who, what string) error {
	if verb == "register" || verb == "dial" {
		return d.begin(ctx, verb, who, what)
	}
	if verb == "answer" {
		return d.answer(ctx, who)
	}
	call := d.calls[who]
	if call == nil {
		return fmt.Errorf("%s has no call", who)
	}
	switch verb {
	case "press":
		for _, key := range what {
			call.SendDigit(key)
		}
	case "hold":
		return call.Hold(ctx)
	case "resume":
		return call.Resume(ctx)
	case "hangup":
		call.Hangup()
		delete(d.calls, who)
	default:
		return fmt.Errorf("unknown verb %s", verb)
	}
	return nil
}

// begin makes a phone; it registers, or calls a number.
func (d *desk) begin(ctx context.Context, verb, who, what string) error {
	rung := make(chan time.Time, mostCalls)
	d.rung[who] = rung
	config := softphone.Config{Server: d.server, User: who, Incoming: ringing(rung)}
	config.Media = media.Config{Low: d.low, High: d.low + portsEach - 1}
	d.low += portsEach
	if verb == "register" {
		config.Password = what
	}
	phone, err := softphone.New(config)
	if err != nil {
		return err
	}
	d.phones[who+verb+what] = phone
	if verb == "register" {
		d.phones[who] = phone
		return phone.Register(ctx)
	}
	call, err := phone.Dial(ctx, what)
	if err != nil {
		return err
	}
	d.calls[who] = call
	if err := call.WaitAnswered(ctx); err != nil {
		return err
	}
	call.PlayTone(callerHz)
	return nil
}

// ringing notes when a call comes, then rings until somebody acts.
func ringing(rung chan<- time.Time) softphone.Policy {
	return func(c *softphone.Call) {
		select {
		case rung <- time.Now():
		default:
		}
		c.Ring()
	}
}

func (d *desk) answer(ctx context.Context, who string) error {
	phone := d.phones[who]
	if phone == nil {
		return fmt.Errorf("%s has no phone", who)
	}
	call, err := phone.NextCall(ctx)
	if err != nil {
		return err
	}
	d.calls[who] = call
	call.Answer()
	if err := call.WaitAnswered(ctx); err != nil {
		return err
	}
	call.PlayTone(agentHz)
	return nil
}
