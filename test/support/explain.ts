import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely'
import pg from 'pg'
import type { Db } from '../../src/db/database.ts'
import type { Tables } from '../../src/db/tables.ts'
import { valueParsers } from '../../src/db/valueParsers.ts'

interface Node {
  'Node Type': string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Node[]
}

/** What a query did to find its answer. */
export interface Plan {
  /** Rows that scans of tables and indexes came upon, those they passed over included. */
  rowsRead: number
  isSequential: boolean
  indexes: string[]
  /** Pages, of the table and the indexes, in memory or not. */
  pages: number
}

export interface Watch extends AsyncDisposable {
  db: Db
  /** Runs `work` and then each of its queries once more, explained; but not those that only ask for a plan. */
  plansOf(work: () => Promise<unknown>): Promise<Plan[]>
}

/** A connection whose queries can be seen. */
export function watch(databaseUrl: string): Watch {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, types: valueParsers })
  let seen: CompiledQuery[] = []
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log: ({ query }) => void seen.push(query) })
  return {
    db,
    async plansOf(work) {
      seen = []
      await work()
      const plans: Plan[] = []
      for (const { sql, parameters } of seen.filter((query) => /^\s*(select|with)\b/i.test(query.sql))) {
        const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
          `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
          [...parameters],
        )
        plans.push(toPlan(rows[0]!['QUERY PLAN'][0].Plan))
      }
      return plans
    },
    [Symbol.asyncDispose]: () => db.destroy(),
  }
}

function toPlan(root: Node): Plan {
  const nodes = flatten(root)
  const scans = nodes.filter((node) => node['Node Type'].endsWith('Scan') && (node.Plans ?? []).every(isBitmap))
  const rowsOf = (node: Node) =>
    (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
    node['Actual Loops']
  return {
    rowsRead: scans.filter((node) => !isBitmap(node)).reduce((sum, node) => sum + rowsOf(node), 0),
    isSequential: nodes.some((node) => node['Node Type'].includes('Seq Scan')),
    indexes: [...new Set(nodes.flatMap((node) => node['Index Name'] ?? []))].sort(),
    pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
  }
}

const flatten = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(flatten)]
const isBitmap = (node: Node): boolean => ['Bitmap Index Scan', 'BitmapAnd', 'BitmapOr'].includes(node['Node Type'])
