import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { createInstrumenter } from 'istanbul-lib-instrument'

const sources = new URL('../../src/', import.meta.url).href
// As `collectCoverageFrom` of `jest.config.mjs`, which Jest asks only about files that nobody loaded.
const programs = /^(main\.ts|commands\/.*|(.*\/)?[^/]*Worker\.ts|(.*\/)?build[^/]*\.ts)$/

/**
 * Jest counts lines in the modules that it loads itself. The runner of `jest.config.mjs` leaves loading to Node, so that
 * the counters are put in here, in the same form; the runner hands `__coverage__` to Jest.
 */
export default function countLines(): void {
  const instrumenter = createInstrumenter({ esModules: true, compact: false })
  registerHooks({
    load(url, context, next) {
      const path = url.slice(sources.length)
      if (!url.startsWith(sources) || !url.endsWith('.ts') || programs.test(path)) return next(url, context)
      const file = fileURLToPath(url)
      const source = stripTypeScriptTypes(readFileSync(file, 'utf8'))
      return { format: 'module', source: instrumenter.instrumentSync(source, file), shortCircuit: true }
    },
  })
}
