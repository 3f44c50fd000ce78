import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from 'jest'
import { declaredResponses, operationIds } from './contract.ts'

interface RunOptions {
  testPathPatterns?: { patterns: string[] }
  testNamePattern?: string
}

/**
 * A Jest reporter: a whole run fails unless some test got every status that the contract declares, from every
 * operation. Runs of some tests only are not held to that.
 */
export default class DeclaredAnswers {
  readonly #isWholeRun: boolean
  #missing: string[] = []

  constructor(config: Config & RunOptions) {
    this.#isWholeRun = (config.testPathPatterns?.patterns.length ?? 0) === 0 && !config.testNamePattern
  }

  onRunComplete(): void {
    const folder = process.env.TEST_RECORD_FOLDER
    if (!this.#isWholeRun || folder === undefined) return
    const files = readdirSync(folder).filter((name) => name.startsWith('answers-'))
    const seen = new Set(files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n')))
    const declared = operationIds.flatMap((id) => Object.keys(declaredResponses(id)).map((status) => `${id} ${status}`))
    this.#missing = declared.filter((pair) => !seen.has(pair))
    process.stderr.write(`Declared answers seen: ${declared.length - this.#missing.length} of ${declared.length}\n`)
  }

  getLastError(): Error | undefined {
    if (this.#missing.length === 0) return undefined
    return new Error(`No test got these declared answers:\n  ${this.#missing.join('\n  ')}`)
  }
}
