import { availableParallelism } from 'node:os'

// Words that are no options name the tests to run; only a run of all of them can reach the coverage that is asked for.
const isWholeRun = process.argv.slice(2).every((word) => word.startsWith('-'))
const countsLines = isWholeRun || process.argv.includes('--coverage')

export default {
  // Runs test files in plain Node, one after the other in a few processes that load the service once: Jest's own runner
  // loads it anew for each file, which was half of the whole run (docs/adr/0023-tests-in-plain-node.md).
  runner: '<rootDir>/test/support/runner.mjs',
  setupFiles: countsLines ? ['<rootDir>/test/support/countLines.ts'] : [],
  setupFilesAfterEnv: ['<rootDir>/test/support/testRules.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  // Tests wait for servers as long as they compute: with as many workers as cores a quarter of the time would be idle.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  globalSetup: '<rootDir>/test/support/environment.ts',
  globalTeardown: '<rootDir>/test/support/environmentEnd.ts',
  reporters: ['default', '<rootDir>/test/support/declaredAnswers.ts'],
  collectCoverage: countsLines,
  // Programs of their own are tested as such, in processes that nobody counts the lines of.
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts', '!src/commands/*.ts', '!src/**/*Worker.ts', '!src/**/build*.ts'],
  coverageProvider: 'babel',
  coverageReporters: ['text-summary', 'lcov'],
  coverageThreshold: { global: { lines: 90, branches: 80 } },
}
