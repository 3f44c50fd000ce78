import { fstatSync, write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Takes lines and never makes their writer wait or fail: what finds no room, or cannot be written, is dropped and counted. */
export interface LogSink {
  write(line: string): void
  /** Lines lost so far. */
  dropped(): number
  /** Waits until everything is written, or so many milliseconds. */
  flush(patience: number): Promise<void>
}

/** Writes all of the text, or says why not. */
type Output = (text: string, done: (error?: Error | null) => void) => void

/** Characters that may wait: some 20,000 requests while the reader has stopped. */
const room = 8 * 1024 * 1024
/** Milliseconds until a failed output is tried again. */
const pause = 1000

export function createLogSink(output: Output = standardOutput()): LogSink {
  let waiting: string[] = []
  let held = 0
  let lost = 0
  let isBusy = false
  let isTorn = false

  function next(): void {
    isBusy = waiting.length > 0
    if (!isBusy) return
    const lines = waiting
    waiting = []
    const text = lines.join('')
    // What failed may have left half a line behind.
    output(isTorn ? `\n${text}` : text, (error) => {
      held -= text.length
      isTorn = Boolean(error)
      if (!error) return next()
      lost += lines.length
      setTimeout(next, pause).unref()
    })
  }

  return {
    write(line) {
      if (held + line.length > room) {
        lost += 1
        return
      }
      held += line.length
      waiting.push(line)
      if (!isBusy) next()
    },
    dropped: () => lost,
    async flush(patience) {
      const deadline = performance.now() + patience
      while (held > 0 && performance.now() < deadline) await sleep(10)
    },
  }
}

/**
 * Pipes and sockets by the stream of Node, which waits for their reader without blocking anything: a write that a thread
 * of the pool is stuck in would keep the process from ending. Files by that pool, since the stream would block for them.
 */
function standardOutput(): Output {
  const stdout = fstatSync(1)
  if (!(stdout.isFIFO() || stdout.isSocket() || process.stdout.isTTY)) {
    return (text, done) => writeWhole(Buffer.from(text), done)
  }
  // Whose reader is gone tells each writer so by `done` as well.
  process.stdout.on('error', () => undefined)
  return (text, done) => void process.stdout.write(text, done)
}

function writeWhole(bytes: Buffer, done: (error?: Error | null) => void): void {
  write(1, bytes, (error, written) => {
    if (error || written === bytes.length) done(error)
    else writeWhole(bytes.subarray(written), done)
  })
}
