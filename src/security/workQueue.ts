/** How many works run and how many wait, for the metrics. */
export interface WorkQueueStats {
  active: number
  queued: number
}

export interface WorkQueue {
  run<T>(work: () => Promise<T>): Promise<T>
  readonly stats: WorkQueueStats
}

/**
 * Runs at most `concurrency` works at a time, in order of arrival; with `limit` works waiting it throws `overflow()`.
 * `onBegin` is told how many milliseconds each one waited.
 */
export function createWorkQueue(
  concurrency: number,
  limit: number,
  overflow: () => Error,
  onBegin: (waited: number) => void = () => undefined,
): WorkQueue {
  const waiting: (() => void)[] = []
  let active = 0

  return {
    async run(work) {
      if (active < concurrency) {
        active++
        onBegin(0)
      } else {
        if (waiting.length >= limit) throw overflow()
        // Whoever ends hands its place over, so `active` stays as it is.
        const began = performance.now()
        await new Promise<void>((resolve) => waiting.push(resolve))
        onBegin(performance.now() - began)
      }
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else active--
      }
    },
    get stats() {
      return { active, queued: waiting.length }
    },
  }
}
