import { setTimeout as sleep } from 'node:timers/promises'

/** For tests and hooks that name no limit of their own, in milliseconds. */
const usualLimit = 30_000

type Run = (...values: never[]) => unknown

/** The runner of `jest.config.mjs` waits for a test as long as it takes; here its time is limited as Jest documents it. */
export default function limitTimes(): void {
  const { test, beforeAll, beforeEach, afterEach, afterAll } = globalThis
  const each =
    (...table: Parameters<typeof test.each>) =>
    (name: string, run: Run, limit?: number): void =>
      void test.each(...table)(name, limited(run, limit))
  const limitedTest = Object.assign((name: string, run: Run, limit?: number) => test(name, limited(run, limit)), {
    each,
    only: test.only,
    skip: test.skip,
  })
  const hooks = Object.entries({ beforeAll, beforeEach, afterEach, afterAll }).map(([name, hook]) => [
    name,
    (run: Run, limit?: number) => {
      hook(limited(run, limit))
    },
  ])
  Object.assign(globalThis, { test: limitedTest, it: limitedTest }, Object.fromEntries(hooks))
}

function limited(run: Run, limit = usualLimit): () => Promise<void> {
  return async (...values: never[]) => {
    const watch = new AbortController()
    const late = sleep(limit, undefined, { signal: watch.signal }).then(() => {
      throw new Error(`not over after ${limit / 1000} s`)
    })
    late.catch(() => undefined)
    try {
      await Promise.race([run(...values), late])
    } finally {
      watch.abort()
    }
  }
}
