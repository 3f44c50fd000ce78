// Made from openapi/ by `npm run generate`. Do not edit.

export const contract = {
  login: {
    method: 'post',
    path: '/v1/auth/login',
    permissions: [],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'auth',
    audit: ['session.started', 'login.failed'],
    requestMediaTypes: ['application/json'],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
  refreshTokens: {
    method: 'post',
    path: '/v1/auth/refresh',
    permissions: [],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'refresh',
    audit: ['session.refreshed', 'session.token-reused'],
    requestMediaTypes: ['application/json'],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
  logout: {
    method: 'post',
    path: '/v1/auth/logout',
    permissions: [['sessions:end:own']],
    acceptsEndedSessions: true,
    answersWhileStarting: false,
    rateLimit: 'none',
    audit: ['session.ended'],
    requestMediaTypes: [],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
  getCurrentUser: {
    method: 'get',
    path: '/v1/auth/me',
    permissions: [['users:read:own']],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'read',
    audit: [],
    requestMediaTypes: [],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
  listUsers: {
    method: 'get',
    path: '/v1/users',
    permissions: [['users:read']],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'read',
    audit: [],
    requestMediaTypes: [],
    query: { limit: 'integer', cursor: 'string', sort: 'string', role: 'string', is_active: 'boolean' },
    queryDefaults: { limit: 20, sort: '-created_at' },
    propertyPermissions: {},
  },
  createUser: {
    method: 'post',
    path: '/v1/users',
    permissions: [['users:create']],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'write',
    audit: ['user.created'],
    requestMediaTypes: ['application/json'],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
  getUser: {
    method: 'get',
    path: '/v1/users/{user_id}',
    permissions: [['users:read'], ['users:read:own']],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'read',
    audit: [],
    requestMediaTypes: [],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
  replaceUser: {
    method: 'put',
    path: '/v1/users/{user_id}',
    permissions: [['users:update'], ['users:update:own']],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'write',
    audit: ['user.updated', 'session.ended'],
    requestMediaTypes: ['application/json'],
    query: {},
    queryDefaults: {},
    propertyPermissions: { role: 'users:set-role', is_active: 'users:set-active' },
  },
  deleteUser: {
    method: 'delete',
    path: '/v1/users/{user_id}',
    permissions: [['users:delete']],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'write',
    audit: ['user.deleted', 'session.ended'],
    requestMediaTypes: [],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
  updateUser: {
    method: 'patch',
    path: '/v1/users/{user_id}',
    permissions: [['users:update'], ['users:update:own']],
    acceptsEndedSessions: false,
    answersWhileStarting: false,
    rateLimit: 'write',
    audit: ['user.updated', 'session.ended'],
    requestMediaTypes: ['application/json', 'application/merge-patch+json'],
    query: {},
    queryDefaults: {},
    propertyPermissions: { role: 'users:set-role', is_active: 'users:set-active' },
  },
  getHealth: {
    method: 'get',
    path: '/health',
    permissions: [],
    acceptsEndedSessions: false,
    answersWhileStarting: true,
    rateLimit: 'none',
    audit: [],
    requestMediaTypes: [],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
  getReadiness: {
    method: 'get',
    path: '/ready',
    permissions: [],
    acceptsEndedSessions: false,
    answersWhileStarting: true,
    rateLimit: 'none',
    audit: [],
    requestMediaTypes: [],
    query: {},
    queryDefaults: {},
    propertyPermissions: {},
  },
} as const
/** What each pattern of the contract wants, in words. */
export const patternRules = {
  '^[^\\u0000-\\u001F\\u007F-\\u009F]+$': 'may not have control characters',
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$': 'must be a UUID in lower case, with hyphens',
  '^[A-Za-z0-9._-]+$': 'may have letters (a–z, A–Z), digits, ".", "_" and "-" only',
  "^(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$":
    'must be an e-mail address such as name@example.com, in ASCII',
  '^[^\\s\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]([^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]*[^\\s\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}])?$':
    'may not begin or end with a space, nor have control, zero-width or text-direction characters',
  '^[\\x21-\\x7E]+$': 'may have printable ASCII characters without spaces only',
} as const
export const problemTypes = {
  'validation-failed': {
    status: 400,
    title: 'The request does not fit the contract',
    description:
      'A body, parameter or header breaks a rule of this document. `errors` lists every fault with its place; mend them all and send the request again.',
  },
  'malformed-json': {
    status: 400,
    title: 'The body is not valid JSON',
    description:
      'The body could not be read as JSON in UTF-8. A name given twice, a number no double can hold, half of a surrogate pair and nesting deeper than 20 are refused too. `detail` says where.',
  },
  'malformed-request': {
    status: 400,
    title: 'The request is not valid HTTP',
    description:
      'Two `Host` or two `Authorization` fields, a broken chunk, a control character in a header: the request was not read any further and the connection is closed.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor does not belong to this list',
    description:
      'A cursor only continues the very list it came from: the same sort and the same filters. Start again without a cursor.',
  },
  unauthenticated: {
    status: 401,
    title: 'Authentication is required',
    description: 'The request carries no access token. Sign in and send it as `Authorization: Bearer …`.',
  },
  'invalid-credentials': {
    status: 401,
    title: 'The name or the password is wrong',
    description:
      'Sign-in was refused. The answer is the same whatever the reason: an unknown name, a wrong password, an account that is disabled or deleted.',
  },
  'invalid-token': {
    status: 401,
    title: 'The token is not valid',
    description: 'The token is expired, revoked, or was never valid. Refresh it, or sign in again.',
  },
  'token-reused': {
    status: 401,
    title: 'The refresh token was used before',
    description:
      'A refresh token works once. It came back after its successor was given out, which means that somebody else may hold a copy: the whole session was ended. Sign in again.',
  },
  forbidden: {
    status: 403,
    title: 'You may not do this',
    description:
      'The caller lacks the permission. The answer is the same whether or not the thing exists. Where only a property is at fault, `errors` names it.',
  },
  'account-disabled': {
    status: 403,
    title: 'The account is disabled',
    description:
      'An administrator has deactivated the account. Sign-in never says so; it answers `invalid-credentials`.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing',
    description: 'Nothing lives at this address, or it was deleted.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    description: 'The address exists, the method does not. `Allow` lists those that do.',
  },
  'not-acceptable': {
    status: 406,
    title: 'No acceptable representation',
    description: 'The `Accept` field rules out what the operation can answer, `application/json`.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    description: 'Headers must arrive within 10 seconds, the whole request within 30.',
  },
  conflict: {
    status: 409,
    title: 'The value is taken',
    description: 'Another account has this value, or it is reserved. `errors` points at the property.',
  },
  'last-admin': {
    status: 409,
    title: 'The last active administrator must stay',
    description:
      'The change would leave nobody who can administer the service. Make somebody else an administrator first.',
  },
  'precondition-failed': {
    status: 412,
    title: 'The resource has changed',
    description: '`If-Match` names a version that is no longer the current one. Read it again and repeat the change.',
  },
  'payload-too-large': { status: 413, title: 'The body is too large', description: 'A request body may have 100 kB.' },
  'uri-too-long': { status: 414, title: 'The address is too long', description: 'An address may have 8 KiB.' },
  'unsupported-media-type': {
    status: 415,
    title: 'The media type is not supported',
    description:
      'The body must be `application/json` in UTF-8, uncompressed (for `PATCH` also `application/merge-patch+json`).',
  },
  'expectation-failed': {
    status: 417,
    title: 'The expectation cannot be met',
    description: 'The only `Expect` that is understood is `100-continue`.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The idempotency key was used for another request',
    description: 'The same `Idempotency-Key` came with another body. Use a fresh key for each new request.',
  },
  'weak-password': {
    status: 422,
    title: 'The password is too weak',
    description:
      "The password is in a list of common and breached ones, is made of the account's own name, or is shorter than this server demands. `errors` says which.",
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    description: 'The limit is used up. Wait for the seconds in `Retry-After`.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The header fields are too large',
    description: 'All header fields together may have 16 KiB and there may be 100 of them.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    description: 'Nothing was changed. Give the `request_id` to whoever runs the service: the log has the rest.',
  },
  unavailable: {
    status: 503,
    title: 'The service is not available right now',
    description:
      'A dependency does not answer, or the service is starting, stopping or overloaded. Nothing was changed, save where an answer was lost on the way. Try again after `Retry-After` seconds.',
  },
} as const

export type Contract = typeof contract
export type OperationId = keyof Contract
export type ProblemType = keyof typeof problemTypes
export type Permission =
  Contract[OperationId]['permissions'][number][number] | Values<Contract[OperationId]['propertyPermissions']>
export type AuditAction = Contract[OperationId]['audit'][number]
export type RateLimitClass = Contract[OperationId]['rateLimit']
type Values<T> = T extends Record<string, never> ? never : T[keyof T]
