import type { components } from '../../generated/openapi.ts'
import type { Api } from './api.ts'
import type { Answer } from './checkAnswer.ts'

export type UserPage = components['schemas']['UserPage']
export type ListQuery = Record<string, string | number | boolean>

export interface UserLists {
  list(query?: ListQuery | string): Promise<Answer>
  pageOf(query?: ListQuery): Promise<UserPage>
  /** The usernames of every page, from the first to the last. */
  walk(query?: ListQuery): Promise<string[]>
  /** The same from the last page back to the first, page by page in the order of the list. */
  walkBack(query?: ListQuery): Promise<string[]>
}

/** Lists of users as the bearer of the token sees them. */
export function userLists(api: Api, token: string): UserLists {
  const list = (query: ListQuery | string = {}) => api.send('GET', '/v1/users', { token, query })
  const pageOf = async (query: ListQuery = {}): Promise<UserPage> => {
    const answer = await list(query)
    if (answer.status !== 200) throw new Error(`${JSON.stringify(query)} was answered ${answer.text}`)
    return answer.body
  }
  const pagesOf = async (query: ListQuery): Promise<UserPage[]> => {
    const pages = [await pageOf(query)]
    for (let cursor = pages[0]!.page.next_cursor; cursor !== null; cursor = pages.at(-1)!.page.next_cursor) {
      pages.push(await pageOf({ ...query, cursor }))
    }
    return pages
  }
  return {
    list,
    pageOf,
    walk: async (query = {}) => (await pagesOf(query)).flatMap(namesOf),
    async walkBack(query = {}) {
      const pages = [(await pagesOf(query)).at(-1)!]
      for (let cursor = pages[0]!.page.previous_cursor; cursor !== null; cursor = pages[0]!.page.previous_cursor) {
        pages.unshift(await pageOf({ ...query, cursor }))
      }
      return pages.flatMap(namesOf)
    },
  }
}

export const namesOf = ({ data }: UserPage): string[] => data.map(({ username }) => username)
