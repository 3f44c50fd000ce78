// Made from openapi/ by `npm run generate`. Do not edit.

import type { Handlers } from '../src/http/operation.ts'
import { login } from '../src/operations/auth/login.ts'
import { refreshTokens } from '../src/operations/auth/refreshTokens.ts'
import { logout } from '../src/operations/auth/logout.ts'
import { getCurrentUser } from '../src/operations/auth/getCurrentUser.ts'
import { listUsers } from '../src/operations/users/listUsers.ts'
import { createUser } from '../src/operations/users/createUser.ts'
import { getUser } from '../src/operations/users/getUser.ts'
import { replaceUser } from '../src/operations/users/replaceUser.ts'
import { deleteUser } from '../src/operations/users/deleteUser.ts'
import { updateUser } from '../src/operations/users/updateUser.ts'
import { getHealth } from '../src/operations/health/getHealth.ts'
import { getReadiness } from '../src/operations/health/getReadiness.ts'

export const handlers = {
  login,
  refreshTokens,
  logout,
  getCurrentUser,
  listUsers,
  createUser,
  getUser,
  replaceUser,
  deleteUser,
  updateUser,
  getHealth,
  getReadiness,
} satisfies Handlers
