import type { UserFilters } from '../queries/userFilters.ts'
import { oneOf, readOptions } from './readOptions.ts'
import { CommandError } from './runCommand.ts'

const usage =
  'Usage: npm run -s export -- [--format ndjson|csv] [--q TERM] [--role user|moderator|admin] [--active true|false] ' +
  '[--verified true|false] [--created-from TIME] [--created-to TIME] [--deleted exclude|include|only] > FILE'

/** The format and the filters of an export, which are those of the list of users. Throws a CommandError. */
export function readExportOptions(args: string[]): { format: 'ndjson' | 'csv'; filters: UserFilters } {
  const text = { type: 'string' } as const
  const options = {
    ...{ format: { ...text, default: 'ndjson' }, q: text, role: text, active: text, verified: text },
    ...{ 'created-from': text, 'created-to': text, deleted: { ...text, default: 'exclude' } },
  }
  const { values } = readOptions({ args, options }, usage)
  return {
    format: oneOf('format', values.format, ['ndjson', 'csv']),
    filters: {
      q: values.q,
      role: values.role === undefined ? undefined : oneOf('role', values.role, ['user', 'moderator', 'admin']),
      is_active: flag('active', values.active),
      email_verified: flag('verified', values.verified),
      created_from: moment('created-from', values['created-from']),
      created_to: moment('created-to', values['created-to']),
      deleted: oneOf('deleted', values.deleted, ['exclude', 'include', 'only']),
    },
  }
}

function flag(option: string, value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : oneOf(option, value, ['true', 'false']) === 'true'
}

/** With its offset, or it would depend on where the command runs. */
function moment(option: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(value)
  if (!isMoment || Number.isNaN(Date.parse(value)))
    throw new CommandError(`--${option} is a time such as 2025-10-12T13:41:12Z.`)
  return value
}
