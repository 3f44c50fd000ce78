import { createLogSink } from '../../src/platform/logSink.ts'

type Done = (error?: Error | null) => void

/** An output that takes what it is given when the test says so. */
function held() {
  const taken: { text: string; done: Done }[] = []
  const sink = createLogSink((text, done) => void taken.push({ text, done }))
  return { sink, taken }
}

test('lines are written in their order, those that waited together', () => {
  const { sink, taken } = held()
  for (const line of ['a\n', 'b\n', 'c\n']) sink.write(line)
  expect(taken.map(({ text }) => text)).toEqual(['a\n'])
  taken[0]!.done()
  expect(taken.map(({ text }) => text)).toEqual(['a\n', 'b\nc\n'])
  expect(sink.dropped()).toBe(0)
})

test('LOG-05! an output that takes nothing costs bounded memory, and what is lost is counted', () => {
  const { sink, taken } = held()
  const line = `${'x'.repeat(1023)}\n`
  for (let count = 0; count < 10_000; count += 1) sink.write(line)
  expect(sink.dropped()).toBe(10_000 - 8192)
  taken[0]!.done()
  expect(taken[1]!.text).toHaveLength(8191 * 1024)
  taken[1]!.done()
  sink.write(line)
  expect(taken[2]!.text).toBe(line)
})

test('LOG-05! what cannot be written is lost, counted, and followed by a new line once it can', async () => {
  const { sink, taken } = held()
  sink.write('a\n')
  sink.write('b\n')
  taken[0]!.done(new Error('ENOSPC'))
  expect(sink.dropped()).toBe(1)
  while (taken.length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(taken[1]!.text).toBe('\nb\n')
  taken[1]!.done()
  expect(sink.dropped()).toBe(1)
})

test('whoever ends waits for the rest, but not for ever', async () => {
  const { sink, taken } = held()
  await sink.flush(10)
  sink.write('a\n')
  await sink.flush(10)
  const flushed = sink.flush(60_000)
  taken[0]!.done()
  await flushed
})
