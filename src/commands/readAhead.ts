import { setImmediate } from 'node:timers/promises'

/**
 * Pages of rows, each of which is asked for while the one before is worked on. Empty pages without end follow the last
 * row: it is for the reader to stop. Throws what `load` throws where the page that failed would have come.
 */
export async function* readAhead<Row>(load: (last: Row | undefined) => Promise<Row[]>): AsyncGenerator<Row[], never> {
  let loading = load(undefined)
  for (;;) {
    const rows = await loading
    if (rows.length > 0) {
      loading = load(rows.at(-1))
      // Whoever asks for the next page learns of the failure.
      loading.catch(() => undefined)
      // Without a turn of the event loop the question would only be sent once the reader is done with these.
      await setImmediate()
    }
    yield rows
  }
}
