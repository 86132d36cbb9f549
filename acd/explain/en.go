package explain

// english is the words in English.
func english() words {
	return words{between: " ", comma: ", ", hours: " h", minutes: " min", second: " s", sentences: map[string]string{
		"asked":        "Asks for a person in {queue}.",
		"asked.target": "Asks for a person in {queue}, to be heard within {target}.",

		"told.place": "The caller is told to be number {position}.",
		"told.under": "The caller is told to be answered within {under}.",
		"told.both":  "The caller is told to be number {position}, and to be answered within {under}.",

		"told.callback": "The caller is offered to be called back.",

		"asked.callback":                   "Keeps the place in {queue} to be called back.",
		"callback.booked":                  "The caller hangs up and keeps the place, to be called back at {number}.",
		"callback.tried":                   "{number} is called, for the time number {try}.",
		"callback.failed":                  "The customer is not reached: {why}.",
		"callback.failed.busy":             "the line is busy",
		"callback.failed.refused":          "they refuse",
		"callback.failed.unreachable":      "the number cannot be reached",
		"callback.failed.unanswered":       "they do not pick up",
		"callback.failed.not_allowed":      "no trunk lets the call out",
		"callback.failed.agent_gone_again": "{agent} hangs up before they pick up, for the second time",
		"callback.failed.agent_gone":       "{agent} hangs up before they pick up; it counts as no try",

		"offer.turn":     "{agent} is rung: the call is number {rank} of those that wait for {queue}, {slack}.",
		"offer.sticky":   "{agent} is rung: the call waits for this agent alone.",
		"offer.hedge":    "{agent} is rung as well, as phone number {phone}: those that ring are unlikely to be picked up in time, {slack}.",
		"offer.ring_all": "{agent} is rung with everybody else who is free, as {queue} wants it: the call is number {rank} there, {slack}.",
		"offer.taken":    "{agent} is rung: somebody gave the call to this agent.",
		"slack.left":     "with {length} left",
		"slack.late":     "{length} late already",

		"whom":                  "Of {candidates} agents who could be rung, this one {merit}.",
		"whom.only":             "Nobody else could be rung.",
		"merit.untried":         "has not let this call pass before",
		"merit.tier":            "is of an earlier tier ({next}: tier {tier})",
		"merit.longest-idle":    "has been idle longest: {idle} (then {next}, {next_idle})",
		"merit.least-talk-time": "has talked least: {talked} (then {next}, {next_talked})",
		"merit.fewest-calls":    "has taken the fewest calls: {calls} (then {next}, {next_calls})",
		"merit.round-robin":     "was rung longest ago by this queue (then {next})",
		"merit.top-down":        "stands first in the queue's list (then {next})",
		"merit.ring-all":        "is one of all (then {next})",
		"needs":                 "Asked for: {list}.",
		"need":                  "{skill} at level {level} or more",
		"need.tier":             "tier {tier} at most by now",

		"answered":                 "{agent} picks up, {after} after being chosen.",
		"ended":                    "The ringing of {agent} ends after {after}: {why}.",
		"ended.refused":            "{agent} refuses after {after}; the call goes to the next at once.",
		"ended.busy":               "{agent}'s phone is busy; the call goes to the next at once.",
		"ended.unreachable":        "{agent}'s phone cannot be reached ({after}); the call goes to the next.",
		"ended.unanswered":         "{agent} does not pick up for {after}, a missed call; it goes to the next.",
		"ended.caller_gone":        "The caller hangs up while {agent}'s phone rings, after {after}.",
		"ended.answered_elsewhere": "{agent}'s phone is silenced: another agent was first. It counts as no miss.",
		"ended.needed":             "{agent}'s phone is taken back for a call that has nobody. It counts as no miss.",
		"ended.moved":              "{agent}'s phone is silenced: the call was moved.",
		"ended.withdrawn":          "{agent}'s phone is silenced.",

		"heard":         "The caller hears a person {after} after asking for one.",
		"heard.in_time": "The caller hears a person {after} after asking for one: in time.",
		"heard.late":    "The caller hears a person {after} after asking for one: {late} late.",

		"reserved.break":     "{agent} will go on a break after this call.",
		"reserved.offline":   "{agent} will sign off after this call.",
		"reserved.available": "{agent} will stay available after this call.",

		"left":           "Leaves {queue} after {after} without an agent: {why}.",
		"left.other":     "{why}",
		"left.abandoned": "the caller hung up",
		"left.nobody":    "nobody who could take the call is signed on",
		"left.timeout":   "it waited as long as the queue allows",
		"left.on_break":  "everybody who could take the call is on a break",
		"left.full":      "as many wait already as the queue allows",
		"left.too_long":  "the wait would be longer than the queue allows",
		"left.closed":    "the queue is closed",
		"left.unreached": "the caller could not be called back",
		"left.callback":  "they are to be called back",
		"left.resumed":   "the caller has dialled in again and has the place",
		"left.dropped":   "somebody took it off the list",
		"left.command":   "somebody moved the call",
	}}
}
