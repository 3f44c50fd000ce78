import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { matchesGlob, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInstrumenter } from 'istanbul-lib-instrument'
import { jestConfig } from './jestConfig.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const sources = new URL('../../src/', import.meta.url).href
const excluded = jestConfig.collectCoverageFrom.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1))

interface Counts {
  s: Record<string, number>
  f: Record<string, number>
  b: Record<string, number[]>
}
const counted: Record<string, Counts> = {}
const told = new Map<string, number>()

/**
 * Jest counts lines in the modules that it loads itself. The runner of `jest.config.mjs` leaves loading to Node, so that
 * the counters are put in here, in the same form; the runner hands `__coverage__` to Jest, which asks nobody whether a
 * file that was loaded is to be counted.
 */
export default function countLines(): void {
  Object.defineProperties(globalThis, { __counted__: { value: counted }, __coverage__: { get: news } })
  const instrumenter = createInstrumenter({ esModules: true, compact: false, coverageVariable: '__counted__' })
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith(sources) || !url.endsWith('.ts')) return next(url, context)
      const file = fileURLToPath(url)
      if (excluded.some((glob) => matchesGlob(relative(root, file), glob))) return next(url, context)
      const source = stripTypeScriptTypes(readFileSync(file, 'utf8'))
      return { format: 'module', source: instrumenter.instrumentSync(source, file), shortCircuit: true }
    },
  })
}

/** The modules of which something ran that had not when the runner asked before: telling and adding up all takes long. */
function news(): Record<string, Counts> {
  return Object.fromEntries(
    Object.entries(counted).filter(([file, counts]) => {
      const before = told.get(file) ?? -1
      const now = ranIn(counts)
      told.set(file, now)
      return now > before
    }),
  )
}

/** How many statements, functions and branches of a module ran. */
function ranIn({ s, f, b }: Counts): number {
  return [...Object.values(s), ...Object.values(f), ...Object.values(b).flat()].filter((count) => count > 0).length
}
