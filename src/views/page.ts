import type { components } from '../../generated/openapi.ts'
import type { UserTotal } from '../queries/userTotal.ts'

type Page = components['schemas']['Page']

/** The `Link` field of a page (RFC 8288): the same list from its start, and the neighbours there are. */
export function pageLinks(path: string, query: Record<string, unknown>, page: Page): string {
  const link = (relation: string, cursor?: string | null): string[] => {
    if (cursor === null) return []
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...query, cursor })) {
      if (value !== undefined) search.set(name, String(value))
    }
    return [`<${path}?${search.toString()}>; rel="${relation}"`]
  }
  return [...link('first'), ...link('prev', page.previous_cursor), ...link('next', page.next_cursor)].join(', ')
}

/** How many entries the whole list has. */
export function toTotal({ total, isEstimate }: UserTotal): Pick<Page, 'total' | 'total_is_estimate'> {
  return { total, total_is_estimate: isEstimate }
}
