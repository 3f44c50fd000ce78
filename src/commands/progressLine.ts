interface Step {
  what: string
  /** From 0 to 1; undefined where nobody knows. */
  share: number | undefined
  /** Things done. */
  count: number
}

const width = 30
/** Where nobody watches a line is enough now and then. Milliseconds. */
const plainInterval = 5000

/** Shows how far a long work is: a bar that is drawn again and again on a terminal, a line now and then elsewhere. */
export function createProgressLine(output: NodeJS.WriteStream | (NodeJS.WritableStream & { isTTY?: false })) {
  const start = Date.now()
  let last = 0
  return {
    show({ what, share, count }: Step): void {
      if (!output.isTTY && Date.now() - last < plainInterval) return
      last = Date.now()
      const perSecond = Math.round((count * 1000) / Math.max(1, Date.now() - start))
      const percent = share === undefined ? '' : `${Math.floor(share * 100)} %`.padStart(5)
      const text = `${what}: ${percent} ${count} rows, ${perSecond} a second`.replace(/ +/g, ' ')
      if (!output.isTTY) output.write(`${text}\n`)
      else output.write(`\r\u001b[K${bar(share ?? 0)} ${text}`)
    },
    /** Makes room for what comes below. */
    end(): void {
      if (output.isTTY) output.write('\r\u001b[K')
    },
  }
}

function bar(share: number): string {
  const full = Math.round(share * width)
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`
}
