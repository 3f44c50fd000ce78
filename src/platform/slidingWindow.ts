/** So many requests in any span of `length` milliseconds, however it is laid. */
export interface Span {
  quota: number
  length: number
}

export interface Taken {
  isAllowed: boolean
  /** Counted in the span that ends now. */
  used: number
  /** Milliseconds: where refused until one more is allowed, else until the quota is whole. */
  wait: number
}

/** Entries of a log at most, whatever the quota. */
const most = 60

/**
 * Milliseconds within which requests share an entry of the log. A shared entry counts whole until its last request
 * leaves the span, so the limit errs to the strict side by that much, and not at all up to a quota of 60.
 */
export function grainOf({ quota, length }: Span): number {
  return quota <= most ? 1 : length / most
}

/**
 * Counts a request, where the span allows one more. The log is flat, the oldest first: the time of an entry's last
 * request in whole milliseconds, the number of its requests, and so on. `takeBody` below does the same in Redis.
 */
export function take(log: readonly number[], now: number, span: Span): Taken & { log: number[] } {
  const live: number[] = []
  let used = 0
  for (let at = 0; at < log.length; at += 2) {
    // A clock that was put back must not make an entry live longer.
    const last = Math.min(log[at]!, now)
    if (last <= now - span.length) continue
    live.push(last, log[at + 1]!)
    used += log[at + 1]!
  }
  if (used >= span.quota) return { isAllowed: false, used, wait: waitFor(live, used, now, span), log: live }
  const newest = live.length - 2
  const grain = grainOf(span)
  if (newest >= 0 && Math.floor(live[newest]! / grain) === Math.floor(now / grain)) {
    live[newest] = now
    live[newest + 1]! += 1
  } else {
    live.push(now, 1)
  }
  return { isAllowed: true, used: used + 1, wait: span.length, log: live }
}

function waitFor(live: number[], used: number, now: number, { quota, length }: Span): number {
  let at = 0
  for (let surplus = used - quota + 1; surplus > live[at + 1]!; at += 2) surplus -= live[at + 1]!
  return live[at]! + length - now
}

/** Takes back one request that was counted at this time. */
export function giveBack(log: readonly number[], time: number): number[] {
  const at = log.findIndex((last, index) => index % 2 === 0 && last >= time)
  if (at < 0) return [...log]
  const count = log[at + 1]! - 1
  return count > 0 ? log.with(at + 1, count) : log.toSpliced(at, 2)
}

/** `take` in Lua; ARGV: quota, length, grain. Answers whether it is allowed (0, 1), used, wait. */
export const takeBody = `
local quota, length, grain = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('GET', KEYS[1])
local log, live, used = kept and cmsgpack.unpack(kept) or {}, {}, 0
for at = 1, #log, 2 do
  local last = math.min(log[at], now)
  if last > now - length then
    live[#live + 1] = last
    live[#live + 1] = log[at + 1]
    used = used + log[at + 1]
  end
end
if used >= quota then
  local at, surplus = 1, used - quota + 1
  while surplus > live[at + 1] do
    surplus = surplus - live[at + 1]
    at = at + 2
  end
  return {0, used, live[at] + length - now}
end
local newest = #live - 1
if newest > 0 and math.floor(live[newest] / grain) == math.floor(now / grain) then
  live[newest] = now
  live[newest + 1] = live[newest + 1] + 1
else
  live[#live + 1] = now
  live[#live + 1] = 1
end
redis.call('SET', KEYS[1], cmsgpack.pack(live), 'PX', length)
return {1, used + 1, length}
`
