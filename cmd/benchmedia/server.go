//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"sync"
	"time"

	"threering/cmd/internal/bench"
	"threering/media"
	"threering/recording"
	"threering/store"
)

// spread is the time over which calls begin, so that their recorders do not all write at the same instant.
const spread = time.Second

// A server carries calls by the engine, as the product does.
type server struct {
	engine   *media.Engine
	db       *store.DB
	archive  *recording.Archive
	ports    []*media.Port
	captures []*recording.Capture
}

func (s *server) open(o order) (ports []netip.AddrPort, answers []string, err error) {
	// Below the ports that the kernel gives to others.
	if s.engine, err = media.NewEngine(media.Config{Bind: bench.Loopback, Browsers: 11999, Low: 12000, High: 32000}); err != nil {
		return nil, nil, err
	}
	if o.Way == recorded {
		if err := s.openArchive(o.Dir); err != nil {
			return nil, nil, err
		}
	}
	for _, phone := range o.Phones {
		answer, err := s.answer(phone.offer(o.Way))
		if err != nil {
			return nil, nil, err
		}
		port, err := portOf(answer)
		if err != nil {
			return nil, nil, err
		}
		ports, answers = append(ports, port), append(answers, answer)
	}
	if o.Way == music {
		s.play()
		return ports, answers, nil
	}
	return ports, answers, s.connect()
}

// answer opens a port for a phone.
func (s *server) answer(offer []byte) (string, error) {
	port, err := s.engine.NewPort(nil)
	if err != nil {
		return "", err
	}
	s.ports = append(s.ports, port)
	answer, err := port.Answer(offer)
	return string(answer), err
}

func (s *server) openArchive(dir string) (err error) {
	if s.db, err = store.Open(context.Background(), filepath.Join(dir, "bench.db")); err != nil {
		return err
	}
	s.archive, err = recording.Open(context.Background(), recording.Config{Dir: dir, DB: s.db})
	return err
}

// play plays music to every leg.
func (s *server) play() {
	tune := []*media.Sound{media.Tone(440, time.Second), media.Tone(660, time.Second)}
	for _, port := range s.ports {
		port.Play(true, tune...)
	}
}

// connect bridges each caller with the agent, and records them where there is an archive.
func (s *server) connect() error {
	calls := len(s.ports) / 2
	for i, caller := range s.ports[:calls] {
		agent := s.ports[calls+i]
		if _, err := media.Join(caller, agent); err != nil {
			return err
		}
		if s.archive == nil {
			continue
		}
		capture, err := s.archive.Start(recording.Meta{Call: fmt.Sprintf("call-%d", i), Agent: "1001"})
		if err != nil {
			return err
		}
		s.captures = append(s.captures, capture)
		caller.Tap(capture.Left())
		agent.Tap(capture.Right())
		time.Sleep(spread / time.Duration(calls))
	}
	return nil
}

func (s *server) close() (dropped int64, err error) {
	var stops sync.WaitGroup
	made, errs := make([]recording.Recording, len(s.captures)), make([]error, len(s.captures))
	for i, capture := range s.captures { // together, so that they share the disk's syncs
		stops.Go(func() { made[i], errs[i] = capture.Stop() })
	}
	stops.Wait()
	for _, r := range made {
		dropped += r.Dropped
	}
	if s.engine != nil {
		errs = append(errs, s.engine.Close())
	}
	if s.archive != nil {
		errs = append(errs, s.archive.Close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return dropped, errors.Join(errs...)
}
