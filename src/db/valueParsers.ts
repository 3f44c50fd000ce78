import pg from 'pg'

type Parser = (value: string) => unknown

const timestamptz: number = pg.types.builtins.TIMESTAMPTZ
// PostgreSQL's ISO output under TimeZone=UTC: "2025-10-12 13:41:12.26+00", trailing zeros of the fraction left out.
const isoOutput = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/

/** RFC 3339 with all six digits PostgreSQL keeps; a Date would drop the microseconds that keyset cursors compare. */
export function toTimestamp(text: string): string {
  const [, date, time, fraction = ''] = isoOutput.exec(text) ?? []
  // Years beyond 9999, BC and "infinity" have no RFC 3339 form.
  if (!date || !time) throw new RangeError('A timestamp in the database has no RFC 3339 form')
  return `${date}T${time}.${fraction.padEnd(6, '0')}Z`
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): Parser {
  if (oid === timestamptz && format !== 'binary') return toTimestamp
  return pg.types.getTypeParser(oid, format) as Parser
}

/** For one pool; pg's own table of parsers belongs to the whole process and stays as it is. */
export const valueParsers: pg.CustomTypesConfig = { getTypeParser }
