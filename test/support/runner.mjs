import ChildProcessRunner from 'jest-light-runner/child-process'

// A process that is forked gets the words that Node itself was started with.
process.execArgv.push('--import', new URL('worker.ts', import.meta.url).href)

export default ChildProcessRunner
