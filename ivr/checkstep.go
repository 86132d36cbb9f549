package ivr

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// The greatest values of an ask.
const (
	maxTries   = 10
	maxTimeout = time.Minute
)

// verbFields says which keys go with a verb.
var verbFields = map[string][]string{
	verbPlay:     {"notice", "next", verbHangup},
	verbAsk:      {"timeout", "keys", "wrong", "silent", "tries", "otherwise"},
	verbQueue:    {"max_wait", "priority", "needs", "sticky", "next", "otherwise"},
	verbCallback: {"priority", "needs", "otherwise"},
	verbHangup:   {},
}

// stepChecker checks one step.
type stepChecker struct {
	*checker
	path  string
	step  Step
	names []string // of the flow's steps
}

func (c stepChecker) check() {
	c.verbs()
	switch c.step.verb() {
	case verbPlay:
		c.play()
	case verbAsk:
		c.ask()
	case verbQueue:
		c.queue()
	case verbCallback:
		c.callback()
	}
}

// verbs checks that the step does one thing, and that all its keys belong to it.
func (c stepChecker) verbs() {
	verb := c.step.verb()
	if verb == "" {
		c.fault(c.path, "a step that does nothing", "play, ask, queue, callback or hangup")
		return
	}
	for _, key := range c.step.keys() {
		if key == verb || slices.Contains(verbFields[verb], key) {
			continue
		}
		if _, isVerb := verbFields[key]; isVerb {
			c.fault(c.path, verb+" and "+key+" in one step", "one of play, ask, queue, callback, hangup; a play may end with a hangup")
			continue
		}
		c.fault(join(c.path, key), "a key that does not go with "+verb, strings.Join(append([]string{verb}, verbFields[verb]...), ", "))
	}
}

func (c stepChecker) play() {
	c.said(verbPlay, c.step.Play)
	switch {
	case c.step.Hangup == "":
		c.target("next", c.step.Next)
	case c.step.Next != "":
		c.fault(join(c.path, "next"), "next and hangup in one step", "one of them")
	}
}

func (c stepChecker) ask() {
	c.said(verbAsk, c.step.Ask)
	c.prompts(join(c.path, "wrong"), c.step.Wrong)
	c.prompts(join(c.path, "silent"), c.step.Silent)
	if len(c.step.Keys) == 0 {
		c.fault(join(c.path, "keys"), "an ask without keys", `keys and their steps, such as {"1": sales}`)
	}
	for _, key := range slices.Sorted(maps.Keys(c.step.Keys)) {
		if len(key) != 1 || !strings.Contains("0123456789*#", key) {
			c.wrong(join(c.path, "keys", key), key, "one key: 0 to 9, * or #")
		}
		c.target("keys."+key, c.step.Keys[key])
	}
	if c.step.Tries < 0 || c.step.Tries > maxTries {
		c.fault(join(c.path, "tries"), "out of range", "1 to 10")
	}
	if c.step.Timeout < 0 || c.step.Timeout > maxTimeout {
		c.fault(join(c.path, "timeout"), "out of range", "a time up to 60s")
	}
	c.target("otherwise", c.step.Otherwise)
}

func (c stepChecker) queue() {
	c.oneOf(join(c.path, verbQueue), c.step.Queue, c.env.Queues)
	if c.step.MaxWait < 0 {
		c.fault(join(c.path, "max_wait"), "out of range", "a time such as 10m")
	}
	c.wishes()
	c.target("next", c.step.Next)
	c.target("otherwise", c.step.Otherwise)
}

func (c stepChecker) callback() {
	c.oneOf(join(c.path, verbCallback), c.step.Callback, c.env.Queues)
	c.wishes()
	c.target("otherwise", c.step.Otherwise)
}

// said checks the prompts that the step is about.
func (c stepChecker) said(key string, prompts []string) {
	if len(prompts) == 0 {
		c.fault(join(c.path, key), "a "+key+" without prompts", "one prompt at least")
	}
	c.prompts(join(c.path, key), prompts)
}

// target checks that a step is named, and is there.
func (c stepChecker) target(key, name string) {
	c.oneOf(join(c.path, key), name, c.names)
}

// keys lists the keys that the step has, verbs first.
func (s Step) keys() []string {
	var keys []string
	add := func(key string, is bool) {
		if is {
			keys = append(keys, key)
		}
	}
	add(verbPlay, s.Play != nil)
	add(verbAsk, s.Ask != nil)
	add(verbQueue, s.Queue != "")
	add(verbCallback, s.Callback != "")
	add(verbHangup, s.Hangup != "")
	add("notice", s.Notice != "")
	add("keys", s.Keys != nil)
	add("timeout", s.Timeout != 0)
	add("wrong", s.Wrong != nil)
	add("silent", s.Silent != nil)
	add("tries", s.Tries != 0)
	add("max_wait", s.MaxWait != 0)
	add("priority", s.Priority != 0)
	add("needs", s.Needs != nil)
	add("sticky", s.Sticky != nil)
	add("next", s.Next != "")
	add("otherwise", s.Otherwise != "")
	return keys
}
