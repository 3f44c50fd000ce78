import type { components } from '../../generated/openapi.ts'

export type Role = components['schemas']['Role']

/** Who makes a request: the user as they are now, not as the token remembers them. */
export interface Actor {
  id: string
  role: Role
  sessionId: string
}
