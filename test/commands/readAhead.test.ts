import { setTimeout as sleep } from 'node:timers/promises'
import { readAhead } from '../../src/commands/readAhead.ts'

const pages = [[1, 2], [3], []]

describe('readAhead', () => {
  test('asks for the next page before the reader has this one, and for none behind the last', async () => {
    const asked: (number | undefined)[] = []
    const load = (last: number | undefined): Promise<number[]> => Promise.resolve(pages[asked.push(last) - 1] ?? [])
    const seen: unknown[] = []
    for await (const rows of readAhead(load)) {
      seen.push({ rows, asked: [...asked] })
      if (seen.length === 4) break
    }
    expect(seen).toEqual([
      { rows: [1, 2], asked: [undefined, 2] },
      { rows: [3], asked: [undefined, 2, 3] },
      { rows: [], asked: [undefined, 2, 3] },
      { rows: [], asked: [undefined, 2, 3] },
    ])
  })

  test('a page that fails while the one before is worked on ends nothing but the reading', async () => {
    const load = (last: number | undefined): Promise<number[]> =>
      last === undefined ? Promise.resolve([1]) : Promise.reject(new Error('gone'))
    const reading = readAhead(load)
    expect((await reading.next()).value).toEqual([1])
    // Long enough for a promise that nobody watches to end the process.
    await sleep(20)
    await expect(reading.next()).rejects.toThrow('gone')
  })
})
