/** Where the next batch of a list begins. */
export interface BatchStart<Row> {
  /** The last row of the batch before; undefined at the start. */
  after: Row | undefined
  limit: number
}

/**
 * Reads a list of any length by its key, each batch when the one before was taken: never more than one of them is in
 * memory, and no connection is held between two.
 */
export async function* inBatches<Row>(
  read: (start: BatchStart<Row>) => Promise<Row[]>,
  limit = 500,
): AsyncGenerator<Row[]> {
  let rows = await read({ after: undefined, limit })
  while (rows.length > 0) {
    yield rows
    rows = rows.length < limit ? [] : await read({ after: rows.at(-1), limit })
  }
}
