/** How far the verification has come, on standard error: a bar on a terminal, now and then a line elsewhere. */
export interface Progress {
  show(fraction: number, checked: number): void
  end(): void
}

/** Milliseconds from one sign of life to the next. */
const pauses = { terminal: 200, file: 10_000 }
const width = 30

export function startProgress(output: { write(text: string): unknown; isTTY?: boolean }): Progress {
  const started = performance.now()
  const pause = output.isTTY ? pauses.terminal : pauses.file
  let shown = started
  const text = (fraction: number, checked: number): string => {
    const seconds = Math.max(0.001, (performance.now() - started) / 1000)
    const speed = Math.round(checked / seconds).toLocaleString('en')
    return `${Math.floor(fraction * 100)} %  ${checked.toLocaleString('en')} events  ${speed}/s`
  }
  return {
    show(fraction, checked) {
      const now = performance.now()
      if (now - shown < pause) return
      shown = now
      const filled = Math.round(fraction * width)
      const bar = `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] `
      output.write(output.isTTY ? `\r\u001b[K${bar}${text(fraction, checked)}` : `${text(fraction, checked)}\n`)
    },
    end() {
      if (output.isTTY) output.write('\r\u001b[K')
    },
  }
}
