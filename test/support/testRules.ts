import { setTimeout as sleep } from 'node:timers/promises'
import { loggedErrors } from './loggedErrors.ts'

/** For tests and hooks that name no limit of their own, in milliseconds. */
const usualLimit = 30_000

type Run = (...values: never[]) => unknown

const { extractExpectedAssertionsErrors } = expect as unknown as {
  /** What `expect.assertions` and `expect.hasAssertions` asked for and did not get; and begins to count anew. */
  extractExpectedAssertionsErrors: () => { error: Error }[]
}

/**
 * The runner of `jest.config.mjs` waits for a test as long as it takes and asks nobody for promised assertions; here
 * both are as Jest documents them.
 */
export default function keepTestRules(): void {
  const { test, beforeAll, beforeEach, afterEach, afterAll } = globalThis
  const each =
    (...table: Parameters<typeof test.each>) =>
    (name: string, run: Run, limit?: number): void =>
      void test.each(...table)(name, told(asserted(limited(run, limit))))
  const limitedTest = (name: string, run: Run, limit?: number) => test(name, told(asserted(limited(run, limit))))
  Object.assign(limitedTest, test, { each })
  const hooks = Object.entries({ beforeAll, beforeEach, afterEach, afterAll }).map(([name, hook]) => [
    name,
    (run: Run, limit?: number) => {
      hook(limited(run, limit))
    },
  ])
  Object.assign(globalThis, { test: limitedTest, it: limitedTest }, Object.fromEntries(hooks))
}

function asserted(run: () => Promise<void>): () => Promise<void> {
  return async (...values: []) => {
    // What a hook or a test before, or late, has asserted is not this test's.
    extractExpectedAssertionsErrors()
    await run(...values)
    for (const { error } of extractExpectedAssertionsErrors()) throw error
  }
}

/** A test that fails prints what the service has logged as errors meanwhile: why a 5xx was answered stands nowhere else. */
function told(run: () => Promise<void>): () => Promise<void> {
  return async (...values: []) => {
    try {
      await run(...values)
    } catch (error) {
      for (const line of loggedErrors) process.stderr.write(line)
      throw error
    } finally {
      loggedErrors.length = 0
    }
  }
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
