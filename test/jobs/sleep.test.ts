import { getEventListeners } from 'node:events'
import { sleep } from '../../src/jobs/sleep.ts'

describe('sleep', () => {
  test('leaves no listener on a signal that outlives it', async () => {
    const { signal } = new AbortController()
    for (let run = 0; run < 3; run += 1) await sleep(1, signal)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test.each([
    ['aborts', (stopping: AbortController) => setImmediate(() => stopping.abort())],
    ['has aborted before', (stopping: AbortController) => stopping.abort()],
  ])('ends early where the signal %s', async (_when, abort) => {
    const stopping = new AbortController()
    abort(stopping)
    await expect(sleep(600_000, stopping.signal)).resolves.toBeUndefined()
  })
})
