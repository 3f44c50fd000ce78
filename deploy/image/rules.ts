import { validate } from 'dockerfile-utils'
import manifest from '../../package.json' with { type: 'json' }
import { parseDockerfile, type Stage } from './dockerfile.ts'

interface Rule {
  demand: string
  holds: (stages: Stage[], final: Stage) => boolean
}

const last = (stage: Stage, keyword: string) => stage.steps.findLast((step) => step.keyword === keyword)
const every = (stages: Stage[], keyword: string) =>
  stages.flatMap(({ steps }) => steps).filter((step) => step.keyword === keyword)

/** The version that `npm ci` brings to a checkout: image and tests run on the same Node. */
const node = manifest.optionalDependencies.node

const rules: readonly Rule[] = [
  { demand: 'has several stages', holds: (stages) => stages.length > 1 },
  {
    demand: `is made from Node ${node}, slim, named by its digest`,
    holds: (stages) =>
      new Set(stages.map(({ image }) => image)).size === 1 &&
      stages.every(({ image }) => new RegExp(`^node:${node}-slim@sha256:[0-9a-f]{64}$`).test(image)),
  },
  {
    demand: 'installs what the lock file names, for production, without running the scripts of packages',
    holds: (stages) =>
      every(stages, 'RUN').some(({ text }) => /\bnpm ci --omit=dev --ignore-scripts\b/.test(text)) &&
      !every(stages, 'RUN').some(({ text }) => /\b(npm (i|install)|apt-get|curl|wget)\b/.test(text)),
  },
  { demand: 'runs nothing in the last stage', holds: (_stages, final) => every([final], 'RUN').length === 0 },
  { demand: 'copies with COPY', holds: (stages) => every(stages, 'ADD').length === 0 },
  {
    demand: 'copies named files, not all there are',
    holds: (stages) =>
      !every(stages, 'COPY').some(({ words }) => words.slice(0, -1).some((source) => /^\.?\/?$/.test(source))),
  },
  {
    demand: 'ends as a user with a number that is not root',
    holds: (_stages, final) => /^[1-9]\d*:[1-9]\d*$/.test(last(final, 'USER')?.text ?? ''),
  },
  {
    demand: 'runs in production',
    holds: (_stages, final) =>
      ['ENVIRONMENT=production', 'NODE_ENV=production'].every((each) => last(final, 'ENV')?.words.includes(each)),
  },
  {
    demand: 'has no secret in it',
    holds: (stages) =>
      every(stages, 'ARG').length === 0 &&
      !every(stages, 'ENV').some(({ text }) => /secret|password|token|_url/i.test(text)),
  },
  {
    demand: 'starts node itself, without npm or a shell, so that signals reach it',
    holds: (_stages, final) => last(final, 'CMD')?.isJson === true && last(final, 'CMD')?.words[0] === 'node',
  },
  {
    demand: 'has no entry point beside it',
    holds: (stages) => every(stages, 'ENTRYPOINT').length === 0,
  },
  {
    demand: 'asks for its own health without a shell',
    holds: (_stages, final) => last(final, 'HEALTHCHECK')?.isJson === true,
  },
]

/** What is wrong with the text of a Dockerfile: its syntax, as the linter sees it, and the rules of this house. */
export function faultsOf(text: string): string[] {
  const syntax = validate(text).map(({ message, range }) => {
    const words = typeof message === 'string' ? message : message.value
    return `line ${range.start.line + 1}: ${words}`
  })
  if (syntax.length > 0) return syntax
  const stages = parseDockerfile(text)
  const final = stages.at(-1)
  if (!final) return ['has no stage']
  return rules.filter(({ holds }) => !holds(stages, final)).map(({ demand }) => `it no longer ${demand}`)
}
