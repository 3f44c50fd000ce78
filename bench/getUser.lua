-- For wrk: asks for people at random (people.ts gives them their identifiers), prints one JSON object at the end.
math.randomseed(1)

local people = tonumber(os.getenv("PEOPLE"))

function request()
  return wrk.format("GET", string.format("/v1/users/00000000-0000-7000-8000-%012x", math.random(people)))
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"failures":%d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
