package brain

import "time"

const (
	pickupStep  = 500 * time.Millisecond
	pickupSteps = 40  // twenty seconds
	pickupMost  = 200 // observations, before the older ones count half
	ownPickups  = 20  // observations from which on an agent's own count, and not those of all
	allPickups  = 50  // from which on those of all count, and not the queue's fixed times
	likely      = 60  // percent
)

// history is how long an agent's phone rang before it was picked up. It forgets slowly.
type history struct {
	picked [pickupSteps]uint16 // picked up after so many steps
	lasted [pickupSteps]uint16 // not picked up when it stopped after so many steps
	n      int
}

func (h *history) add(rang time.Duration, picked bool) {
	if h.n >= pickupMost {
		h.n = 0
		for i := range h.picked {
			h.picked[i] /= 2
			h.lasted[i] /= 2
			h.n += int(h.picked[i] + h.lasted[i])
		}
	}
	i := min(int(rang/pickupStep), pickupSteps-1)
	if picked {
		h.picked[i]++
	} else {
		h.lasted[i]++
	}
	h.n++
}

// unlikely is after how much ringing it is less likely than likely that the phone is still picked up before the horizon.
func (h *history) unlikely(horizon time.Duration) time.Duration {
	end := min(max(int(horizon/pickupStep), 0), pickupSteps)
	late := 0
	for i := end; i < pickupSteps; i++ {
		late += int(h.picked[i]) + int(h.lasted[i])
	}
	at, intime := end, 0
	for i := end - 1; i >= 0; i-- { // from the horizon back, to where it is likely still
		intime += int(h.picked[i])
		if intime > 0 && intime*100 >= (intime+late)*likely {
			break
		}
		at = i
	}
	return time.Duration(at) * pickupStep
}

// learn keeps how long a phone has rung. What was stopped counts for as long as it rang.
func (b *Brain) learn(o *offer, now Instant, picked bool) {
	if o.rang == 0 || o.agent.auto {
		return
	}
	o.agent.pickups.add(now.Sub(o.rang), picked)
	b.pickups.add(now.Sub(o.rang), picked)
}
