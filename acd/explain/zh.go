package explain

// chinese is the words in Chinese.
func chinese() words {
	return words{comma: "，", hours: " 小时", minutes: " 分", second: " 秒", sentences: map[string]string{
		"asked":        "请求人工，进入队列“{queue}”。",
		"asked.target": "请求人工，进入队列“{queue}”，应在 {target}内听到坐席。",

		"told.place": "告知来电者排在第 {position} 位。",
		"told.under": "告知来电者 {under}之内接通。",
		"told.both":  "告知来电者排在第 {position} 位，{under}之内接通。",

		"told.callback": "向来电者提供回电。",

		"asked.callback":                   "保留在队列“{queue}”中的位置，等待回电。",
		"callback.booked":                  "来电者挂断并保留位置，将回拨 {number}。",
		"callback.tried":                   "第 {try} 次回拨 {number}。",
		"callback.failed":                  "未能联系到客户：{why}。",
		"callback.failed.busy":             "线路忙",
		"callback.failed.refused":          "对方拒接",
		"callback.failed.unreachable":      "号码无法接通",
		"callback.failed.unanswered":       "对方未接听",
		"callback.failed.not_allowed":      "没有中继允许外呼",
		"callback.failed.agent_gone_again": "{agent} 再次在对方接听前挂断",
		"callback.failed.agent_gone":       "{agent} 在对方接听前挂断，不计次数",

		"offer.turn":     "呼叫 {agent}：来电在队列“{queue}”中排第 {rank} 位，{slack}。",
		"offer.sticky":   "呼叫 {agent}：此来电只等这位坐席。",
		"offer.hedge":    "同时呼叫 {agent}（第 {phone} 部话机）：正在振铃的坐席多半来不及接听，{slack}。",
		"offer.ring_all": "呼叫 {agent}：队列“{queue}”同时呼叫所有空闲坐席，来电排第 {rank} 位，{slack}。",
		"offer.taken":    "呼叫 {agent}：来电被指定给这位坐席。",
		"slack.left":     "距时限还有 {length}",
		"slack.late":     "已超时 {length}",

		"whom":                  "可呼叫的 {candidates} 位坐席中，此坐席{merit}。",
		"whom.only":             "没有其他可呼叫的坐席。",
		"merit.untried":         "尚未错过此来电",
		"merit.tier":            "梯队靠前（{next} 属第 {tier} 梯队）",
		"merit.longest-idle":    "空闲最久：{idle}（其次 {next}，{next_idle}）",
		"merit.least-talk-time": "通话时长最短：{talked}（其次 {next}，{next_talked}）",
		"merit.fewest-calls":    "接听最少：{calls} 通（其次 {next}，{next_calls} 通）",
		"merit.round-robin":     "距上次被本队列呼叫最久（其次 {next}）",
		"merit.top-down":        "在队列名单中排在最前（其次 {next}）",
		"merit.ring-all":        "与其他坐席同时被呼叫（其次 {next}）",
		"needs":                 "要求：{list}。",
		"need":                  "{skill} 不低于 {level} 级",
		"need.tier":             "目前至第 {tier} 梯队",

		"answered":                 "{agent} 接听，距选中 {after}。",
		"ended":                    "对 {agent} 的呼叫在 {after}后结束：{why}。",
		"ended.refused":            "{agent} 在 {after}后拒接，立即转呼下一位。",
		"ended.busy":               "{agent} 的话机占线，立即转呼下一位。",
		"ended.unreachable":        "{agent} 的话机无法接通（{after}），转呼下一位。",
		"ended.unanswered":         "{agent} 在 {after}内未接听，记为未接，转呼下一位。",
		"ended.caller_gone":        "{agent} 的话机振铃 {after}时，来电者挂断。",
		"ended.answered_elsewhere": "{agent} 的话机停止振铃：其他坐席先接听，不记未接。",
		"ended.needed":             "{agent} 的话机停止振铃：让给另一通无人可接的来电，不记未接。",
		"ended.moved":              "{agent} 的话机停止振铃：来电已被转移。",
		"ended.withdrawn":          "{agent} 的话机停止振铃。",

		"heard":         "请求人工 {after}后，来电者听到坐席。",
		"heard.in_time": "请求人工 {after}后，来电者听到坐席：及时。",
		"heard.late":    "请求人工 {after}后，来电者听到坐席：晚了 {late}。",

		"reserved.break":     "{agent} 将在本次通话后小休。",
		"reserved.offline":   "{agent} 将在本次通话后签出。",
		"reserved.available": "{agent} 在本次通话后仍保持空闲。",

		"left":           "等待 {after}后离开队列“{queue}”，未接通坐席：{why}。",
		"left.other":     "{why}",
		"left.abandoned": "来电者挂断",
		"left.nobody":    "能接此来电的坐席均未签入",
		"left.timeout":   "已达队列允许的最长等待",
		"left.on_break":  "能接此来电的坐席均在小休",
		"left.full":      "等待人数已达队列上限",
		"left.too_long":  "预计等待超过队列允许的时长",
		"left.closed":    "队列已关闭",
		"left.unreached": "回拨未能接通",
		"left.callback":  "将为其回电",
		"left.resumed":   "来电者再次来电，沿用原位置",
		"left.dropped":   "已被人工取消",
		"left.command":   "来电被人转移",
	}}
}
