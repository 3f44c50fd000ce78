import { oneOf, readOptions } from './readOptions.ts'
import { CommandError } from './runCommand.ts'

export interface ImportOptions {
  /** A path; `-` is the standard input. */
  file: string
  format: 'ndjson' | 'csv'
  isDryRun: boolean
  onConflict: 'fail' | 'skip' | 'update'
}

const usage = `Usage: npm run import -- FILE [--format ndjson|csv] [--dry-run] [--on-conflict fail|skip|update]
       npm run import -- --resume ID`

/** Reads the words after `npm run import --`: a new import, or the id of one to go on with. Throws a CommandError. */
export function readImportOptions(args: string[]): ImportOptions | { resume: string } {
  const { values, positionals } = readOptions(
    {
      args,
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        'on-conflict': { type: 'string', default: 'fail' },
        resume: { type: 'string' },
      },
    },
    usage,
  )
  const [file, ...more] = positionals
  if (values.resume !== undefined && file === undefined) return { resume: values.resume }
  if (file === undefined || more.length > 0 || values.resume !== undefined) throw new CommandError(usage)
  const format = values.format ?? (file.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson')
  return {
    file,
    format: oneOf('format', format, ['ndjson', 'csv']),
    isDryRun: values['dry-run'],
    onConflict: oneOf('on-conflict', values['on-conflict'], ['fail', 'skip', 'update']),
  }
}
