import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** When a password began to be hashed (`performance.now()`), and for how long it was; milliseconds. */
export interface Timing {
  began: number
  took: number
}

export interface RefusalTime {
  /** To be told what it cost to verify against a stored hash, or against none. */
  learn(storedHash: string | undefined, timing: Timing): void
  /** Waits until a refusal may be answered. */
  wait(timing: Timing): Promise<void>
  /** What a refusal takes at present. */
  readonly milliseconds: number
}

/** Covers what most hashes imported from other systems cost more than ours (bcrypt of cost 12: some 230 ms). */
const least = 250
/** Nothing that is accepted costs more on an idle core; on a busy one, waiting longer would help nobody. */
const most = 2000
/** Of each kind of hash the slowest of the last so many counts: what a busy machine makes of it is forgotten in time. */
const samples = 20
const mostKinds = 64

/**
 * What a refusal takes, from when its hash began to be computed: as long as the dearest kind of hash that was verified so
 * far took of late, whoever is refused. Else its time would tell that there is an account, and of which origin.
 */
export function createRefusalTime(): RefusalTime {
  const costs = new Map<string, number[]>()
  let time = least

  return {
    learn(storedHash, { took }) {
      const kind = kindOf(storedHash ?? '')
      const latest = costs.get(kind)
      // Most kinds are cheap, and for ever below the least.
      if (!latest && (took <= least || costs.size >= mostKinds)) return
      costs.set(kind, [took, ...(latest ?? [])].slice(0, samples))
      time = Math.min(most, Math.max(least, ...[...costs.values()].flat()))
    },
    async wait({ began }) {
      await sleep(Math.max(0, began + time - performance.now()))
    },
    get milliseconds() {
      return time
    },
  }
}

/** The name of the scheme and its costs, without salt and hash. */
function kindOf(storedHash: string): string {
  const parts = storedHash.split('$')
  return parts.filter((part, index) => index < 2 || /^\d{1,7}$|^[a-z]{1,6}=\w/.test(part)).join('$')
}
