import { sortKeys, type UserFilters, type UserSort } from '../src/queries/userFilters.ts'

export type Place = 'first' | 'deep' | 'last'

/** One kind of request; the requests of a case differ in where they are in the list, and in what they look for. */
export interface Case {
  name: string
  sorts: UserSort[]
  place: Place
  filters: (person: SamplePerson) => UserFilters
  /** Measured is counting instead of reading a page. */
  isCount?: true
  /** The same question has more answers the more users there are, and these have to be sorted: its ratio has no limit. */
  hasMoreAnswers?: true
  /** How many rows may be read; undefined where an index has not all of the question. */
  mostRows?: number
}

/** Somebody in the database, so that a search looks for what is there. */
export interface SamplePerson {
  username: string
  email: string
  created_at: string
}

export interface Part {
  name: string
  /** How much longer a case may take with most users than with 100,000. */
  mostRatio: number
  cases: Case[]
}

const sorts = Object.keys(sortKeys) as UserSort[]
const places: Place[] = ['first', 'deep', 'last']
export const pageSize = 20
const pageRows = 3 * pageSize

const pages = sorts.flatMap((sort) =>
  places.map((place): Case => ({
    name: `${sort}, ${place} page`,
    sorts: [sort],
    place,
    filters: () => ({}),
    mostRows: pageRows,
  })),
)

const day = (moment: string, days: number) => new Date(Date.parse(moment) + days * 86_400_000).toISOString()

const filtersByName: Record<string, (person: SamplePerson) => UserFilters> = {
  'role=user': () => ({ role: 'user' }),
  'role=moderator': () => ({ role: 'moderator' }),
  'role=admin': () => ({ role: 'admin' }),
  'is_active=true': () => ({ is_active: true }),
  'is_active=false': () => ({ is_active: false }),
  'email_verified=true': () => ({ email_verified: true }),
  'email_verified=false': () => ({ email_verified: false }),
  'deleted=include': () => ({ deleted: 'include' }),
  'deleted=only': () => ({ deleted: 'only' }),
  'role=user, inactive, unverified': () => ({ role: 'user', is_active: false, email_verified: false }),
  'staff inactive, deleted=include': () => ({ role: 'moderator', is_active: false, deleted: 'include' }),
}
const filtered = Object.entries(filtersByName).flatMap(([name, filters]) =>
  (['first', 'deep'] as const).map((place): Case => ({
    name: `${name}, ${place} page`,
    sorts,
    place,
    filters,
    mostRows: pageRows,
  })),
)
const spans: Case[] = [
  {
    ...{ name: 'created within a day, by created_at', sorts: ['created_at'], place: 'first', mostRows: pageRows },
    filters: ({ created_at }) => ({ created_from: created_at, created_to: day(created_at, 1) }),
  },
  {
    ...{
      name: 'created within a day, by another order',
      sorts: ['username', 'email', 'updated_at'],
      place: 'first',
      hasMoreAnswers: true,
    },
    filters: ({ created_at }) => ({ created_from: created_at, created_to: day(created_at, 1) }),
  },
  {
    ...{ name: 'created since, by another order', sorts: ['username', 'email'], place: 'first' },
    filters: () => ({ created_from: '2020-01-10T00:00:00Z' }),
  },
]

const terms: Record<string, (person: SamplePerson) => string> = {
  'one username': ({ username }) => username,
  'the end of an address': ({ email }) => email.slice(-24),
  'eight characters of a username': ({ username }) => username.slice(-8),
  'nobody (`zzqxv`)': () => 'zzqxv',
  'one in 200 (`fitzgerald`)': () => 'fitzgerald',
  'one in 30 (`garcía`)': () => 'garcía',
  'a domain (`example.org`)': () => 'example.org',
  'nearly all (`example`)': () => 'example',
}
const shortTerms: Record<string, (person: SamplePerson) => string> = {
  'common letter (`a`)': () => 'a',
  'common pair (`an`)': () => 'an',
  'rare pair (`qx`)': () => 'qx',
  'pair of digits (`77`)': () => '77',
  'wildcard (`%`)': () => '%',
  'one sign (`王`)': () => '王',
  'Cyrillic pair (`ки`)': () => 'ки',
}
const searched = Object.entries({ ...terms, ...shortTerms }).map(([name, term]): Case => ({
  name,
  sorts: ['created_at', 'username'],
  place: 'first',
  filters: (person) => ({ q: term(person) }),
}))
searched.push({
  ...{ name: 'one username among verified users, by last_login_at', sorts: ['last_login_at'], place: 'first' },
  filters: ({ username }) => ({ q: username, email_verified: true }),
})

const counted: Case[] = Object.entries({
  'all users': () => ({}),
  'role=moderator': () => ({ role: 'moderator' }) as const,
  'deleted=only': () => ({ deleted: 'only' }) as const,
  'one username': ({ username }: SamplePerson) => ({ q: username }),
  '`fitzgerald`': () => ({ q: 'fitzgerald' }),
  '`example`': () => ({ q: 'example' }),
}).map(([name, filters]): Case => ({ name, sorts: ['created_at'], place: 'first', filters, isCount: true }))

export const parts: Part[] = [
  { name: 'scale-pages', mostRatio: 1.5, cases: pages },
  { name: 'scale-filters', mostRatio: 1.5, cases: [...filtered, ...spans] },
  { name: 'scale-search', mostRatio: 3, cases: searched },
  { name: 'scale-totals', mostRatio: Infinity, cases: counted },
]
