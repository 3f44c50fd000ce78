import { readFileSync } from 'node:fs'
import { DockerfileParser, type Instruction } from 'dockerfile-ast'
import { ModifiableInstruction } from 'dockerfile-ast/lib/modifiableInstruction.js'

export interface Step {
  /** In capitals: `COPY`. */
  keyword: string
  /** `--from=dependencies` as `['from', 'dependencies']`. */
  flags: Map<string, string>
  /** The words behind keyword and flags; of the JSON form its strings. */
  words: string[]
  isJson: boolean
  /** All behind keyword and flags as it is written, lines joined. */
  text: string
}

export interface Stage {
  image: string
  name: string | undefined
  steps: Step[]
}

export const dockerfileText = (): string => readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')

/** The stages of a Dockerfile, in order. Throws where something stands before the first FROM. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = []
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const step = toStep(instruction)
    if (step.keyword === 'FROM') {
      const [image = '', , name] = step.words
      stages.push({ image, name, steps: [] })
    } else {
      const stage = stages.at(-1)
      if (!stage) throw new Error(`${step.keyword} stands before FROM`)
      stage.steps.push(step)
    }
  }
  return stages
}

function toStep(instruction: Instruction): Step {
  const written = instruction.getArguments().map((argument) => argument.getValue())
  const text = written.join(' ')
  const [, json] = /^(?:CMD )?(\[.*\])$/.exec(text) ?? []
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags() : []
  return {
    keyword: instruction.getKeyword(),
    flags: new Map(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
    words: json === undefined ? written : (JSON.parse(json) as string[]),
    isJson: json !== undefined,
    text,
  }
}
