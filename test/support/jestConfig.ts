interface JestConfig {
  runner: string
  setupFilesAfterEnv: string[]
  collectCoverageFrom: string[]
}

/** What `npm test` is configured with. Not imported by its name: Jest reads plain JavaScript, which has no types. */
const { default: config } = (await import(String(new URL('../../jest.config.mjs', import.meta.url)))) as {
  default: JestConfig
}
export { config as jestConfig }
