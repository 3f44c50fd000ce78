import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CommandError, UsageWanted } from './runCommand.ts'

/** The words of a command, by `parseArgs` of Node. Throws a CommandError that ends with `usage`, or that alone for `--help`. */
export function readOptions<Config extends ParseArgsConfig>(config: Config, usage: string) {
  if (config.args?.includes('--help')) throw new UsageWanted(usage)
  try {
    return parseArgs(config)
  } catch (cause) {
    // Node's own first sentence says which option is wrong; the rest is about quoting.
    const [reason = ''] = (cause as Error).message.split(/\.\s|\n/)
    throw new CommandError(`${reason.replace(/\.$/, '')}. ${usage}`, { cause })
  }
}

/** One of the words an option may have. Throws a CommandError. */
export function oneOf<const Word extends string>(option: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found === undefined) throw new CommandError(`--${option} is one of ${words.join(', ')}.`)
  return found
}
