// Command phones is telephones for the console's end-to-end tests. It is told line by line on standard input what they do,
// and says after each line what came of it:
//
//	register 1001 PASSWORD    a phone signs on; it rings until it is told to answer
//	answer 1001               the call that rings is picked up, and a tone spoken into it
//	dial 13800000001 400      somebody calls the hotline
//	press 13800000001 1       and presses a key
//	hold 1001, resume 1001
//	hangup 13800000001
package main

import (
	"bufio"
	"context"
	"errors"
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
}

const portsEach = 20

func main() {
	server, err := netip.ParseAddrPort(os.Args[len(os.Args)-1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "phones ADDRESS:PORT:", err)
		os.Exit(2)
	}
	d := &desk{server: server, low: 30000, phones: map[string]*softphone.Phone{}, calls: map[string]*softphone.Call{}}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if err := d.do(words); err != nil {
			fmt.Printf("error %v\n", err)
			continue
		}
		fmt.Println("ok")
	}
	for _, p := range d.phones {
		if err := p.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

func (d *desk) do(words []string) error {
	if len(words) < 2 {
		return errors.New("a verb and a name are needed")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	verb, who, what := words[0], words[1], strings.Join(words[2:], " ")
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
	config := softphone.Config{Server: d.server, User: who, Incoming: softphone.RingForEver}
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
