import { registerHooks } from 'node:module'

/** Loaded before a worker of the tests: lets it take its time, by its number, as on a busy machine. */
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith('/jest-light-runner/src/worker-runner.js')) return loaded
    const pause = Number(process.env.TINYPOOL_WORKER_ID) * 300
    const source = `await new Promise((resolve) => setTimeout(resolve, ${pause}))\n${(loaded.source as Buffer).toString()}`
    return { ...loaded, source }
  },
})
