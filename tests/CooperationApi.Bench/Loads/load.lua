-- wrk's part of a round. Arguments, where a route has several addresses: a file of them, and the place (from 0) of the first.
-- Writes one line at the end: requests, microseconds, errors, and the latency's p50 and p99 in microseconds.

function init(arguments)
  if #arguments == 0 then
    -- Without a function of ours wrk sends the same bytes again and again, and is far faster at it.
    return
  end
  local requests = {}
  for address in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", address)
  end
  local place = tonumber(arguments[2])
  function request()
    place = place % #requests + 1
    return requests[place]
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("measured %d %d %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status, latency:percentile(50), latency:percentile(99)))
end
