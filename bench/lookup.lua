-- wrk script: GET the paths of a file (KICAU_PATHS), one after the other, again and again.
local requests, n = {}, 0

function init()
	for line in io.lines(os.getenv("KICAU_PATHS")) do
		requests[#requests + 1] = wrk.format("GET", line)
	end
end

function request()
	n = n + 1
	return requests[n % #requests + 1]
end
