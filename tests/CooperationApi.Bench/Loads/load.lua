-- The wrk script of a round. Arguments, if a route has several addresses: a file with one address per line, and the index (from 0) of the first one.
-- Prints one line at the end: requests, duration in microseconds, errors, and the p50 and p99 latency in microseconds.

function init(arguments)
  if #arguments == 0 then
    -- Without a request function, wrk sends the same bytes for every request, which is much faster.
    return
  end
  local requests = {}
  for address in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", address)
  end
  local position = tonumber(arguments[2])
  function request()
    position = position % #requests + 1
    return requests[position]
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("measured %d %d %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status, latency:percentile(50), latency:percentile(99)))
end
