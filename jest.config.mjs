export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testTimeout: 30_000,
  globalSetup: '<rootDir>/test/support/environment.ts',
  globalTeardown: '<rootDir>/test/support/environmentEnd.ts',
  reporters: ['default', '<rootDir>/test/support/declaredAnswers.ts'],
  collectCoverageFrom: ['src/**/*.ts'],
  coverageProvider: 'babel',
  coverageThreshold: { global: { lines: 90, branches: 80 } },
}
