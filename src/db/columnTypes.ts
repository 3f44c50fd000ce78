import type { ColumnType } from 'kysely'

/** RFC 3339 in UTC with six fractional digits when read (`src/db/valueParsers.ts`); any RFC 3339 text when written. */
export type Timestamp = string
/** Chosen by the database alone: neither inserted nor updated. */
export type Stamped = ColumnType<Timestamp, never, never>
