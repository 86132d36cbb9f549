// Command phones is telephones for the console's end-to-end tests. It is told line by line on standard input what they do,
// and says after each line what came of it: ok, or error and which.
//
//	register 1001 PASSWORD    a phone signs on; it rings until it is told to answer
//	silence 1001              from now on it rings only when it is told to
//	ring 1001                 and so it does
//	answer 1001               the call that rings is picked up, and a tone spoken into it
//	refuse 1001               the call that rings is not wanted
//	dial 13800000001 400      somebody calls the hotline
//	press 13800000001 1       and presses a key
//	says 1001 550             and another tone is spoken from now on
//	hold 1001, resume 1001
//	hangup 13800000001
//	gone 1001                 waits until the other side has hung up
//	hears 13800000001 620     waits until that tone is heard
//	among 13800000001 620     waits until it is heard among other tones
//	loses 13800000001 620     waits until it has not been heard for a second
//	silent 13800000001        waits for silence
//	entertained 13800000001   is not silent for a second
//	types 13800000001 12#     waits until the other side has pressed these keys
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
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
	rings  map[string]*softphone.Call // that were told to ring, and are not picked up yet
}

const (
	portsEach = 20 // for a phone's audio
	portsAll  = 20 * portsEach
	portsLow  = 9800 // below those that servers have by default
)

func main() {
	server, err := netip.ParseAddrPort(os.Args[len(os.Args)-1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "phones ADDRESS:PORT:", err)
		os.Exit(2)
	}
	d := &desk{server: server, low: portsLow + os.Getpid()%25*portsAll, // beside those of other tests
		phones: map[string]*softphone.Phone{}, calls: map[string]*softphone.Call{}, rings: map[string]*softphone.Call{}}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := d.do(strings.Fields(lines.Text())); err != nil {
			fmt.Println("error:", err)
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
	who, what := words[1], strings.Join(words[2:], " ")
	switch verb := words[0]; verb {
	case "register", "dial":
		return d.begin(ctx, verb, who, what)
	case "silence", "ring", "answer", "refuse":
		return d.pickUp(ctx, verb, who)
	default:
		return d.talk(ctx, verb, who, what)
	}
}

// talk does something with a call that stands.
func (d *desk) talk(ctx context.Context, verb, who, what string) error {
	call := d.calls[who]
	if call == nil {
		return fmt.Errorf("%s has no call", who)
	}
	switch verb {
	case "hears", "among", "loses", "silent", "entertained", "types":
		return listen(ctx, call, verb, what)
	case "says":
		hz, err := strconv.ParseFloat(what, 64)
		if err != nil {
			return fmt.Errorf("a tone in hertz: %w", err)
		}
		call.PlayTone(hz)
	case "gone":
		delete(d.calls, who)
		_, err := call.WaitEnded(ctx)
		return err
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

// listen waits for what comes from the other side.
func listen(ctx context.Context, call *softphone.Call, verb, what string) error {
	switch verb {
	case "silent":
		return orElse(call.HearsSilence(patience), "no silence")
	case "entertained":
		return orElse(!call.HearsSilence(time.Second), "silence")
	case "types":
		for _, key := range what {
			if pressed, err := call.WaitDigit(ctx); err != nil || pressed != key {
				return fmt.Errorf("%c instead of %c: %w", pressed, key, err)
			}
		}
		return nil
	}
	hz, err := strconv.ParseFloat(what, 64)
	if err != nil {
		return fmt.Errorf("a tone in hertz: %w", err)
	}
	switch verb {
	case "hears":
		return orElse(call.Hears(hz, patience), "no such tone")
	case "among":
		return orElse(call.HearsAmong(hz, patience), "no such tone among others")
	}
	for ctx.Err() == nil {
		if !call.Hears(hz, time.Second) {
			return nil
		}
	}
	return errors.New("the tone goes on")
}

func orElse(ok bool, problem string) error {
	if ok {
		return nil
	}
	return errors.New(problem)
}

// begin has a phone register, or call a number; it is made where there is none yet.
func (d *desk) begin(ctx context.Context, verb, who, what string) error {
	phone, err := d.phone(verb, who, what)
	if err != nil {
		return err
	}
	if verb == "register" {
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

// phone is who's for this purpose. What an earlier test left ringing there is forgotten.
func (d *desk) phone(verb, who, what string) (*softphone.Phone, error) {
	key := who
	if verb == "dial" {
		key += " " + what
	}
	if old := d.phones[key]; old != nil {
		forget(old)
		return old, nil
	}
	config := softphone.Config{Server: d.server, User: who, Incoming: softphone.RingForEver}
	low, err := d.freePorts()
	if err != nil {
		return nil, err
	}
	config.Media = media.Config{Low: low, High: low + portsEach - 1}
	if verb == "register" {
		config.Password = what
	}
	phone, err := softphone.New(config)
	if err == nil {
		d.phones[key] = phone
	}
	return phone, err
}

// freePorts finds ports for a phone that no other program on this machine has: who has the first has them all.
func (d *desk) freePorts() (low int, err error) {
	for low = d.low; low+portsEach <= 1<<16; low += portsEach {
		probe, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: low})
		if err == nil {
			d.low = low + portsEach
			return low, probe.Close()
		}
	}
	return 0, errors.New("no ports are left for a phone")
}

// forget takes no notice of the calls that have come to a phone.
func forget(p *softphone.Phone) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	for {
		if _, err := p.NextCall(ctx); err != nil {
			return
		}
	}
}

// pickUp does something with a phone that is called, now or later.
func (d *desk) pickUp(ctx context.Context, verb, who string) error {
	phone := d.phones[who]
	if phone == nil {
		return fmt.Errorf("%s has no phone", who)
	}
	if verb == "silence" {
		phone.Behave(softphone.Ignore)
		return nil
	}
	call := d.rings[who]
	if call == nil {
		var err error
		if call, err = phone.NextCall(ctx); err != nil {
			return err
		}
	}
	if verb == "ring" {
		d.rings[who] = call
		call.Ring()
		return nil
	}
	delete(d.rings, who)
	if verb == "refuse" {
		call.Reject(486, "Busy Here")
		return nil
	}
	d.calls[who] = call
	call.Answer()
	if err := call.WaitAnswered(ctx); err != nil {
		return err
	}
	call.PlayTone(agentHz)
	return nil
}
