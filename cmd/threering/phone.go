package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"threering/media"
	"threering/sip/softphone"
)

// phonePassword is where a device's password is taken from: flags are seen by every user of the machine.
const phonePassword = "THREERING_PHONE_PASSWORD"

// farewell is how long the center may take to hear that the phone goes.
const farewell = 2 * time.Second

// phone is a telephone on the command line, to try a center without installing one.
type phone struct {
	out    io.Writer
	server string
	config softphone.Config
	dial   string
	keys   string
	answer time.Duration
	talk   time.Duration
	tone   float64
}

func phoneCommand() *cobra.Command {
	p := phone{}
	cmd := &cobra.Command{
		Use:   "phone",
		Short: "A telephone that speaks a tone, to try a center: an agent's (--user 1001), or a caller's (--dial 400 --keys 1)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.out = cmd.OutOrStdout()
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM)
			defer stop()
			return p.run(ctx)
		},
	}
	f := cmd.Flags()
	f.StringVar(&p.server, "server", "127.0.0.1:5060", "address of the center's SIP")
	f.StringVar(&p.config.Network, "network", "udp", "udp or tcp")
	f.StringVar(&p.config.User, "user", "13800000001", "the agent whose device this is, or the caller's number")
	f.StringVar(&p.dial, "dial", "", "number to call; without one the phone registers with the password in "+phonePassword+" and waits for calls")
	f.StringVar(&p.keys, "keys", "", "keys to press once the call is answered")
	f.DurationVar(&p.answer, "answer", 2*time.Second, "how long it rings before it answers")
	f.DurationVar(&p.talk, "talk", 0, "hang up after so long; 0: leave it to the other side")
	f.Float64Var(&p.tone, "tone", 440, "what it says, in Hz")
	return cmd
}

func (p *phone) run(ctx context.Context) (err error) {
	if p.config.Server, err = netip.ParseAddrPort(p.server); err != nil {
		return fmt.Errorf("--server: %w", err)
	}
	p.config.Password = os.Getenv(phonePassword)
	p.config.Incoming = softphone.AnswerAfter(p.answer)
	p.config.Media = media.Config{Low: 40000, High: 49999}
	line, err := softphone.New(p.config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, line.Close()) }()
	if p.dial != "" {
		return p.call(ctx, line)
	}
	if err := line.Register(ctx); err != nil {
		return err
	}
	p.say("registered as %s", p.config.User)
	for ctx.Err() == nil {
		if c, err := line.NextCall(ctx); err == nil {
			p.say("rings: %s %s", c.Leg().From().Number, c.Leg().From().Name)
			_ = p.converse(ctx, c) // told already; the next call may go better
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	return line.Unregister(last)
}

// call places one call.
func (p *phone) call(ctx context.Context, line *softphone.Phone) error {
	c, err := line.Dial(ctx, p.dial)
	if err != nil {
		return err
	}
	return p.converse(ctx, c)
}

// converse speaks the tone from the answer to the end, and tells what is heard of the other side's keys and end.
func (p *phone) converse(ctx context.Context, c *softphone.Call) error {
	if err := c.WaitAnswered(ctx); err != nil {
		p.say("%s", err)
		c.Hangup()
		return err
	}
	p.say("answered")
	for _, key := range p.keys {
		c.SendDigit(key)
	}
	c.PlayTone(p.tone)
	talk := ctx
	if p.talk > 0 {
		var cancel context.CancelFunc
		talk, cancel = context.WithTimeout(ctx, p.talk)
		defer cancel()
	}
	end, err := c.WaitEnded(talk)
	if err != nil {
		c.Hangup()
		end, _ = c.WaitEnded(context.WithoutCancel(ctx))
	}
	p.say("ended: %d %s", end.Code, end.Text)
	return nil
}

func (p *phone) say(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }
