-- wrk script: POST /api/v1/statuses, a new text each time, by one account after another. KICAU_TOKENS: file of tokens.
local paths, bodies, n = {}, {}, 0

function init()
	for line in io.lines(os.getenv("KICAU_TOKENS")) do
		paths[#paths + 1] = "Bearer " .. line:match("^(%S+)")
	end
	math.randomseed(os.time())
	n = math.random(1, 1000000) * 1000
end

function request()
	n = n + 1
	local body = string.format('{"status":"Note %d of today: the tide was late, the boats came in one after another, ' ..
		'and somebody had painted the old bench by the harbour blue. More at https://example.org/notes/%d #harbour"}', n, n)
	return wrk.format("POST", nil, {["Authorization"] = paths[n % #paths + 1], ["Content-Type"] = "application/json"}, body)
end
