import document from '../../generated/openapi.json' with { type: 'json' }
import { CommandError } from './runCommand.ts'

const { Username, Email, NewPassword } = document.components.schemas
const schemas = { Username, Email, NewPassword }

/** Holds a value against its schema in the contract, as the API does. Throws a CommandError that begins with `what`. */
export function demandFit(what: string, value: string, schema: keyof typeof schemas): void {
  const { minLength, maxLength, pattern, 'x-rule': rule } = schemas[schema]
  // JSON Schema counts code points.
  const { length } = [...value]
  if (length >= minLength && length <= maxLength && new RegExp(pattern, 'u').test(value)) return
  throw new CommandError(`${what} ${rule}; ${minLength} to ${maxLength} characters.`)
}
