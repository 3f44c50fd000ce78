import { availableParallelism } from 'node:os'

// Words that are no options name the tests to run; only a run of all of them can reach the coverage that is asked for.
const isWholeRun = process.argv.slice(2).every((word) => word.startsWith('-'))

export default {
  // Runs test files in plain Node, one after the other in a few processes that load the service once: Jest's own runner
  // loads it anew for each file, which was half of the whole run.
  runner: 'jest-light-runner/child-process',
  setupFiles: isWholeRun ? ['<rootDir>/test/support/countLines.ts'] : [],
  setupFilesAfterEnv: ['<rootDir>/test/support/timeLimits.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testTimeout: 30_000,
  // Tests wait for servers as long as they compute: with as many workers as cores a quarter of the time would be idle.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // A worker keeps what each file of tests has loaded, and in the end collects garbage for as long as it works.
  workerIdleMemoryLimit: '400MB',
  globalSetup: '<rootDir>/test/support/environment.ts',
  globalTeardown: '<rootDir>/test/support/environmentEnd.ts',
  reporters: ['default', '<rootDir>/test/support/declaredAnswers.ts'],
  collectCoverage: isWholeRun,
  // Programs of their own are tested as such, in processes that nobody counts the lines of.
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts', '!src/commands/*.ts', '!src/**/*Worker.ts', '!src/**/build*.ts'],
  coverageProvider: 'babel',
  coverageReporters: ['text-summary', 'lcov'],
  coverageThreshold: { global: { lines: 90, branches: 80 } },
}
