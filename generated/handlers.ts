// Made from openapi/ by `npm run generate`. Do not edit.

import type { Handlers } from '../src/http/operation.ts'
import { login } from '../src/operations/auth/login.ts'
import { refreshTokens } from '../src/operations/auth/refreshTokens.ts'
import { logout } from '../src/operations/auth/logout.ts'
import { getCurrentUser } from '../src/operations/auth/getCurrentUser.ts'
import { registerUser } from '../src/operations/account/registerUser.ts'
import { verifyEmail } from '../src/operations/account/verifyEmail.ts'
import { resendEmailVerification } from '../src/operations/account/resendEmailVerification.ts'
import { changePassword } from '../src/operations/account/changePassword.ts'
import { requestPasswordReset } from '../src/operations/account/requestPasswordReset.ts'
import { resetPassword } from '../src/operations/account/resetPassword.ts'
import { listMySessions } from '../src/operations/sessions/listMySessions.ts'
import { endMyOtherSessions } from '../src/operations/sessions/endMyOtherSessions.ts'
import { endMySession } from '../src/operations/sessions/endMySession.ts'
import { listUsers } from '../src/operations/users/listUsers.ts'
import { createUser } from '../src/operations/users/createUser.ts'
import { getUser } from '../src/operations/users/getUser.ts'
import { replaceUser } from '../src/operations/users/replaceUser.ts'
import { deleteUser } from '../src/operations/users/deleteUser.ts'
import { updateUser } from '../src/operations/users/updateUser.ts'
import { setUserPassword } from '../src/operations/account/setUserPassword.ts'
import { listUserSessions } from '../src/operations/sessions/listUserSessions.ts'
import { endUserSessions } from '../src/operations/sessions/endUserSessions.ts'
import { listUserAuditEvents } from '../src/operations/audit/listUserAuditEvents.ts'
import { listAuditEvents } from '../src/operations/audit/listAuditEvents.ts'
import { getAuditEvent } from '../src/operations/audit/getAuditEvent.ts'
import { getAuditEventProof } from '../src/operations/audit/getAuditEventProof.ts'
import { restoreUser } from '../src/operations/users/restoreUser.ts'
import { eraseUser } from '../src/operations/users/eraseUser.ts'
import { exportUserData } from '../src/operations/users/exportUserData.ts'
import { listUserImports } from '../src/operations/imports/listUserImports.ts'
import { createUserImport } from '../src/operations/imports/createUserImport.ts'
import { getUserImport } from '../src/operations/imports/getUserImport.ts'
import { listUserImportResults } from '../src/operations/imports/listUserImportResults.ts'
import { cancelUserImport } from '../src/operations/imports/cancelUserImport.ts'
import { exportUsers } from '../src/operations/imports/exportUsers.ts'
import { getJwks } from '../src/operations/auth/getJwks.ts'
import { getHealth } from '../src/operations/health/getHealth.ts'
import { getReadiness } from '../src/operations/health/getReadiness.ts'

export const handlers = {
  login,
  refreshTokens,
  logout,
  getCurrentUser,
  registerUser,
  verifyEmail,
  resendEmailVerification,
  changePassword,
  requestPasswordReset,
  resetPassword,
  listMySessions,
  endMyOtherSessions,
  endMySession,
  listUsers,
  createUser,
  getUser,
  replaceUser,
  deleteUser,
  updateUser,
  setUserPassword,
  listUserSessions,
  endUserSessions,
  listUserAuditEvents,
  listAuditEvents,
  getAuditEvent,
  getAuditEventProof,
  restoreUser,
  eraseUser,
  exportUserData,
  listUserImports,
  createUserImport,
  getUserImport,
  listUserImportResults,
  cancelUserImport,
  exportUsers,
  getJwks,
  getHealth,
  getReadiness,
} satisfies Handlers
