// Words that are no options name the tests to run; only a run of all of them can reach the coverage that is asked for.
const isWholeRun = process.argv.slice(2).every((word) => word.startsWith('-'))

export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testTimeout: 30_000,
  // Jest leaves one core to itself, which of two is half; its tests wait for servers more than they compute.
  maxWorkers: '100%',
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
