// Made from openapi/ by `npm run generate`. Do not edit.
export interface paths {
  '/v1/auth/login': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Sign in
     * @description Exchanges a username or e-mail address and a password for a token pair and opens a session.
     *
     *     Whatever the reason (an unknown name, a wrong password, an account that is disabled or deleted), a refusal is the
     *     same `invalid-credentials`, after the same time. Attempts are limited by the address they come from; after ten
     *     failures in a row on one account, from wherever, further ones have to wait, longer and longer. Devices that the
     *     account signed in from before are counted apart.
     */
    post: operations['login']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/refresh': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Get the next token pair
     * @description Exchanges a refresh token for a new pair. The old refresh token is spent by that; a lost answer may be asked for again
     *     within 10 seconds and is the same then. A spent token that comes back later ends the session (`token-reused`).
     */
    post: operations['refreshTokens']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/logout': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Sign out
     * @description Ends the session of the access token, on every instance and at once. May be repeated: a token that has expired or whose
     *     session has ended is good enough to sign out.
     */
    post: operations['logout']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/me': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * See who is signed in
     * @description The user whose access token this is.
     */
    get: operations['getCurrentUser']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/register': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Register
     * @description Self sign-up, where the operator allows it (else 404). The answer is the same whether or not the address or the username
     *     is known; the mail that is sent says the rest. The account comes to be, and may sign in, once the address is verified.
     *     Of several registrations of one address the last alone can be completed. An address gets one such mail a minute and five
     *     an hour at most; a further one waits.
     */
    post: operations['registerUser']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/email/verify': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Verify an e-mail address
     * @description Redeems the token of a mail, once: it completes a registration, verifies the address of an account, or makes a new
     *     address the account's own. Valid for 24 hours, and until a newer mail of the kind goes out.
     *     Registering anew with the same address, or asking for another new address, voids it as well. A name or an address that
     *     somebody else has got meanwhile is a 409.
     */
    post: operations['verifyEmail']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/email/verify/resend': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Ask for another verification mail
     * @description Sends a mail with a new token to the caller's address; older ones are void. Nothing is sent where the address is verified
     *     already. An address gets one such mail a minute and five an hour: beyond that nothing is sent while the token of before
     *     is good, and the mail waits where it is not.
     */
    post: operations['resendEmailVerification']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/password': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /**
     * Change the own password
     * @description Wants the current password, and ends every other session of the caller.
     */
    put: operations['changePassword']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/password/forgot': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Ask for a password reset
     * @description Sends a mail with a token to the address, if an active account has it. The answer is the same, in the same time, whether
     *     or not one has. Nothing about the account changes until the token is used. An address gets one such mail a minute and five
     *     an hour: beyond that nothing is sent while the token of before is good, and the mail waits where it is not.
     */
    post: operations['requestPasswordReset']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/password/reset': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Set a new password with a token
     * @description Redeems the token of the mail, once, within 30 minutes, and ends every session of the account. Does not sign in.
     */
    post: operations['resetPassword']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/sessions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List the own sessions
     * @description Every place where the caller is signed in, the newest first.
     */
    get: operations['listMySessions']
    put?: never
    post?: never
    /**
     * Sign out everywhere else
     * @description Ends every session of the caller but the one that asks, and cancels a change of their e-mail address that is pending.
     */
    delete: operations['endMyOtherSessions']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/auth/sessions/{session_id}': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The session's id, in lower case.
         * @example 0199d8b2-7c11-7aa0-b3c4-5d6e7f809a1b
         */
        session_id: components['parameters']['SessionId']
      }
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /**
     * End one of the own sessions
     * @description Signs out one place, the current one included. Sessions of others are not found.
     */
    delete: operations['endMySession']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/users': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List users
     * @description Users page by page, in any order and by any filters together; those who are not deleted, newest first, where nothing
     *     else is asked for. What was written before a request is in its answer. A user who was there, and did not change place
     *     in the order, during a whole walk appears exactly once in it, whoever else is created or deleted meanwhile.
     */
    get: operations['listUsers']
    put?: never
    /**
     * Create a user
     * @description Makes a user who can sign in at once. Username and e-mail address must not belong to another user; those of deleted
     *     users are free again.
     */
    post: operations['createUser']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/users/{user_id}': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    /**
     * Read a user
     * @description One user. Whoever lacks `users:read` sees only their own account.
     */
    get: operations['getUser']
    /**
     * Replace a user
     * @description Sets every property the caller may write. Moderators reach accounts with the role `user` and their own. Deactivating
     *     a user ends all their sessions, and voids for good what was mailed to them.
     *
     *     The own e-mail address does not change at once: the answer has the old one, a mail goes to the new one and a notice to
     *     the old one, and the change takes effect when the new one is confirmed with `verifyEmail`. Whether somebody has the new
     *     address is not told. Sending the current address cancels a change that is pending.
     */
    put: operations['replaceUser']
    post?: never
    /**
     * Delete a user
     * @description Deletes the user softly: the account vanishes everywhere, its sessions end at once, and its username and e-mail address
     *     are free again. The record itself is kept.
     */
    delete: operations['deleteUser']
    options?: never
    head?: never
    /**
     * Change a user
     * @description Changes what the merge patch (RFC 7396) names and leaves the rest. A patch that changes nothing is answered with the
     *     user as it is, and is no audit event. Moderators reach accounts with the role `user` and their own. Deactivating a user
     *     ends all their sessions, and voids for good what was mailed to them; a new role counts from the next request on.
     *
     *     The own e-mail address does not change at once: the answer has the old one, a mail goes to the new one and a notice to
     *     the old one, and the change takes effect when the new one is confirmed with `verifyEmail`. Whether somebody has the new
     *     address is not told. Sending the current address cancels a change that is pending.
     */
    patch: operations['updateUser']
    trace?: never
  }
  '/v1/users/{user_id}/password': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    get?: never
    /**
     * Set the password of a user
     * @description For administrators. Ends every session of the user; nobody is told the password.
     */
    put: operations['setUserPassword']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/users/{user_id}/sessions': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    /**
     * List the sessions of a user
     * @description Every place where the user is signed in, the newest first. Whoever lacks `sessions:read` sees only their own.
     */
    get: operations['listUserSessions']
    put?: never
    post?: never
    /**
     * Sign a user out everywhere
     * @description Ends every session of the user, at once, and cancels a change of their e-mail address that is pending. Moderators reach
     *     accounts with the role `user`.
     */
    delete: operations['endUserSessions']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/users/{user_id}/audit-events': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    /**
     * List the audit events of a user
     * @description Everything that was done to a user, page by page, newest first, as in `listAuditEvents`.
     */
    get: operations['listUserAuditEvents']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/audit-events': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List audit events
     * @description Every change, every sign-in and every denied request, page by page, newest first; filters can be combined. A walk has every event that was
     *     committed when it began exactly once, whatever is written meanwhile. An event of a transaction that was still open may
     *     appear behind the cursor of a walk that goes towards the newest: whoever follows the trail goes back to the oldest event
     *     whose `sealed` was `null`.
     */
    get: operations['listAuditEvents']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/audit-events/{event_id}': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The event's id, in lower case.
         * @example 0199d8b2-6a01-7c55-9e0f-1a2b3c4d5e6f
         */
        event_id: components['parameters']['EventId']
      }
      cookie?: never
    }
    /**
     * Read an audit event
     * @description One event. Personal values of somebody who was erased are `null`, and `erased` is true.
     */
    get: operations['getAuditEvent']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/audit-events/{event_id}/proof': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The event's id, in lower case.
         * @example 0199d8b2-6a01-7c55-9e0f-1a2b3c4d5e6f
         */
        event_id: components['parameters']['EventId']
      }
      cookie?: never
    }
    /**
     * Prove an audit event
     * @description What it takes to check, by hand and without trusting this service, that the event is the one that was sealed: see
     *     `docs/AUDIT_PROOF.md`. An event is sealed within some seconds.
     */
    get: operations['getAuditEventProof']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/users/{user_id}/restore': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Restore a deleted user
     * @description Undoes a deletion. The user is back as before, with the role, the password and the state (`is_active`) of then, but signed
     *     in nowhere, and no mail of before can be redeemed. Where another account has got the username or the e-mail address since,
     *     nothing changes. Users who were erased, or deleted longer ago than `DELETED_USER_RETENTION_DAYS`, are gone for good.
     */
    post: operations['restoreUser']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/users/{user_id}/erase': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Erase a user for good
     * @description Destroys what is held about a person, at once and in one transaction, whether or not the user was deleted before: the
     *     record, sessions, tokens, mails that wait, the mention of them in imports, and the key under which the audit trail keeps their personal values. The trail
     *     itself stays, and says nothing of the person any more. This cannot be undone.
     *
     *     Imports that the person began and that have not ended are cancelled. A file that is still being worked through is not
     *     searched: it is deleted as its rows are done, an upload that broke off a day later. Where it has a row about the person,
     *     the row is done like any other; so erase once it has ended, or cancel it.
     *
     *     The answer is a receipt. Asking again answers the same receipt.
     */
    post: operations['eraseUser']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/users/{user_id}/data': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    /**
     * Export everything held about a user
     * @description Everything that is held about one person, deleted or not, in one document (GDPR articles 15 and 20). People may ask for their
     *     own. There is nothing of anybody else in it. The document has no limit of size and is sent as it is read; one that was cut
     *     off is no JSON. That it was asked for is an event of the audit trail, and in the document.
     */
    get: operations['exportUserData']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/user-imports': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List imports
     * @description All imports of the last 30 days, whoever began them, the newest first.
     */
    get: operations['listUserImports']
    put?: never
    /**
     * Import users from a file
     * @description Takes a file of users of any size: one JSON object a line (`application/x-ndjson`), or `text/csv` with a header whose
     *     columns are those of a row. UTF-8, with or without a byte order mark; a line has 64 KiB at most. The answer comes once the
     *     file is complete; its rows are then worked through in the background. What went well stays, row by row: one that
     *     fails stops no other. Every row passes the rules of `createUser` and gets a result.
     *
     *     An upload that was cut can be repeated with the same `Idempotency-Key`. Once it was complete, the same file under the same
     *     key answers the import there is, for as long as that is kept: 30 days after its end.
     *
     *     In CSV an empty cell is a value left out, quotes close on their own line, and the `'` that an export puts before `=`,
     *     `+`, `-` and `@` is taken off again.
     */
    post: operations['createUserImport']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/user-imports/{import_id}': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The import's id, in lower case.
         * @example 0199d8b2-9a10-7c44-8e5f-3a4b5c6d7e8f
         */
        import_id: components['parameters']['ImportId']
      }
      cookie?: never
    }
    /**
     * Read the progress of an import
     * @description What the import is doing, how far it is, and how many rows went well.
     */
    get: operations['getUserImport']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/user-imports/{import_id}/results': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The import's id, in lower case.
         * @example 0199d8b2-9a10-7c44-8e5f-3a4b5c6d7e8f
         */
        import_id: components['parameters']['ImportId']
      }
      cookie?: never
    }
    /**
     * List what became of each row
     * @description The results of an import in the order of the file, page by page, while it runs as well as afterwards.
     */
    get: operations['listUserImportResults']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/user-imports/{import_id}/cancel': {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The import's id, in lower case.
         * @example 0199d8b2-9a10-7c44-8e5f-3a4b5c6d7e8f
         */
        import_id: components['parameters']['ImportId']
      }
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Cancel an import
     * @description No further row is worked on; users whose rows are done stay. Of an import that has ended already this is a 409.
     */
    post: operations['cancelUserImport']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/v1/user-exports': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Export users
     * @description Every user who passes the filters (without any: all who are not deleted), as a stream: one JSON object a line, or CSV where `Accept` asks for
     *     `text/csv`. In the order of their ids, read piece by piece: a user who exists and fits from beginning to end is in it exactly
     *     once, as they were at some moment meanwhile. An answer that breaks off is not complete; one does when whoever
     *     asked for it is signed out, or may not export any more. No password and nothing made from one is ever in it.
     *
     *     In CSV a value that a spreadsheet would take for a formula, because it begins with `=`, `+`, `-`, `@`, a tab or a carriage
     *     return, has a `'` before it.
     */
    get: operations['exportUsers']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/.well-known/jwks.json': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get the public keys
     * @description The keys with which others can verify access tokens (RFC 7517). A new key is listed well before it signs, so a copy
     *     may be kept for as long as `Cache-Control` says. A signature alone does not tell whether a session was ended since.
     */
    get: operations['getJwks']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/health': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Is the process alive?
     * @description Touches no other part. Use it for liveness probes.
     */
    get: operations['getHealth']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/ready': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Can the service do its work?
     * @description Answers 503 while the database does not answer, migrations are pending or the process is stopping, and says which. Use
     *     it for readiness probes.
     */
    get: operations['getReadiness']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    /** @description The username or the e-mail address, in any case. */
    Identifier: string
    /** @description Exactly one of `identifier`, `username` and `email`, and the password. */
    LoginRequest: {
      identifier?: components['schemas']['Identifier']
      username?: components['schemas']['Identifier']
      email?: components['schemas']['Identifier']
      /** @description As it was set; nothing is trimmed. */
      password: string
    }
    /**
     * Format: uuid
     * @description UUIDv7 in lower case, made by the server.
     */
    UserId: string
    /** @description Letters, digits, `.`, `_` and `-`. Unique without regard to case among the users who are not deleted; kept as typed. */
    Username: string
    /**
     * Format: email
     * @description An address in ASCII (an international domain in its `xn--` form), 64 characters at most before the `@` and 63 in each part of the domain. Unique without regard to case among the users who are not deleted; kept as typed.
     */
    Email: string
    /**
     * @description Any script, normalised to NFC; no control, zero-width, invisible, unassigned or bidirectional formatting characters, no
     *     space at either end and no combining mark at the beginning. `null` where the person has none.
     */
    PersonName: string | null
    /**
     * @description `user` sees and edits the own profile. `moderator` reads everybody and edits, activates and deactivates accounts with
     *     the role `user`. `admin` may do everything.
     * @enum {string}
     */
    Role: 'user' | 'moderator' | 'admin'
    /** @description A person of the organisation. Never carries the password or anything made from it. */
    User: {
      id: components['schemas']['UserId']
      username: components['schemas']['Username']
      email: components['schemas']['Email']
      first_name: components['schemas']['PersonName']
      last_name: components['schemas']['PersonName']
      role: components['schemas']['Role']
      /** @description Whether the account may be used. A deactivated one is signed out everywhere, at once. */
      is_active: boolean
      /** @description Whether the person has shown that the address is theirs. `false` again where somebody else sets another address, or the own one is sent in other letter case; a new address that people give themselves is theirs by then, and verified. */
      email_verified: boolean
      /**
       * Format: date-time
       * @description The last successful sign-in, UTC; `null` before the first.
       */
      last_login_at: string | null
      /**
       * Format: date-time
       * @description UTC with microseconds.
       */
      created_at: string
      /**
       * Format: date-time
       * @description UTC with microseconds.
       */
      updated_at: string
      /**
       * Format: date-time
       * @description When the user was deleted, UTC; `null` for one who was not. Only where an administrator asks for deleted users.
       */
      deleted_at?: string | null
    }
    /** @description A token pair and the user who signed in. */
    LoginResult: {
      /** @description A JWT (RFC 9068) for the `Authorization` field. */
      access_token: string
      /**
       * @description How the access token is sent.
       * @constant
       */
      token_type: 'Bearer'
      /** @description Seconds until the access token expires. */
      expires_in: number
      /** @description Opaque; works once. */
      refresh_token: string
      /** @description Seconds until the refresh token expires unused. */
      refresh_expires_in: number
      user: components['schemas']['User']
    }
    /** @description One fault of a request. */
    Fault: {
      /**
       * @description Which part of the request.
       * @enum {string}
       */
      in: 'body' | 'query' | 'path' | 'header'
      /** @description In a body: the JSON Pointer (RFC 6901) of the value; empty for the body itself. */
      pointer?: string
      /** @description The name of the parameter or header. */
      name?: string
      /** @description Stable name of the rule that was broken. */
      code: string
      /** @description The rule in words. The value is never repeated. */
      detail: string
    }
    /** @description What went wrong, where, and what to do about it (RFC 9457). */
    Problem: {
      /**
       * @description Stable name of the kind of problem; also the address of a page that explains it.
       * @enum {string}
       */
      type:
        | '/problems/validation-failed'
        | '/problems/malformed-json'
        | '/problems/malformed-request'
        | '/problems/invalid-cursor'
        | '/problems/unauthenticated'
        | '/problems/invalid-credentials'
        | '/problems/invalid-token'
        | '/problems/token-reused'
        | '/problems/forbidden'
        | '/problems/account-disabled'
        | '/problems/not-found'
        | '/problems/method-not-allowed'
        | '/problems/not-acceptable'
        | '/problems/request-timeout'
        | '/problems/conflict'
        | '/problems/last-admin'
        | '/problems/precondition-failed'
        | '/problems/payload-too-large'
        | '/problems/uri-too-long'
        | '/problems/unsupported-media-type'
        | '/problems/expectation-failed'
        | '/problems/idempotency-key-reused'
        | '/problems/weak-password'
        | '/problems/rate-limited'
        | '/problems/headers-too-large'
        | '/problems/internal'
        | '/problems/unavailable'
      /** @description The kind of problem in a few words. */
      title: string
      /** @description The HTTP status. */
      status: number
      /** @description What is wrong with this very request. */
      detail?: string
      /** @description The path of the request. */
      instance: string
      /** @description The id of the request as in the log. */
      request_id: string
      /** @description Every fault of the request, 50 at most. */
      errors?: components['schemas']['Fault'][]
    }
    /** @description The refresh token of the last answer. */
    RefreshRequest: {
      /** @description Opaque. Works once. */
      refresh_token: string
    }
    /** @description An access token and the refresh token that will be exchanged for the next pair. */
    TokenPair: {
      /** @description A JWT (RFC 9068) for the `Authorization` field. */
      access_token: string
      /**
       * @description How the access token is sent.
       * @constant
       */
      token_type: 'Bearer'
      /** @description Seconds until the access token expires. */
      expires_in: number
      /** @description Opaque; works once. */
      refresh_token: string
      /** @description Seconds until the refresh token expires unused. */
      refresh_expires_in: number
    }
    /**
     * @description 12 to 128 characters of any kind, spaces included; never trimmed or cut. No rules on what it is made of, but common
     *     and breached passwords are refused, and so are those made of the username or the e-mail address.
     */
    NewPassword: string
    /** @description A new account of one's own. */
    RegisterRequest: {
      username: components['schemas']['Username']
      email: components['schemas']['Email']
      password: components['schemas']['NewPassword']
      first_name?: components['schemas']['PersonName']
      last_name?: components['schemas']['PersonName']
    }
    /** @description The request was taken; what comes of it arrives by mail. */
    Accepted: {
      /**
       * @description Always the same.
       * @constant
       */
      status: 'accepted'
    }
    /** @description The token of a mail. Works once. */
    MailToken: string
    /** @description The token of a verification mail. */
    VerifyEmailRequest: {
      token: components['schemas']['MailToken']
    }
    /** @description The current and the new password. */
    ChangePasswordRequest: {
      /** @description As it was set; nothing is trimmed. */
      current_password: string
      new_password: components['schemas']['NewPassword']
    }
    /** @description Whose password is forgotten. */
    PasswordResetRequest: {
      email: components['schemas']['Email']
    }
    /** @description The token of a reset mail and the new password. */
    ResetPasswordRequest: {
      token: components['schemas']['MailToken']
      new_password: components['schemas']['NewPassword']
    }
    /** @description One place where somebody is signed in. */
    Session: {
      id: components['schemas']['UserId']
      /** @description The address from which the session was opened or last refreshed. */
      ip: string | null
      /** @description What the client called itself then. */
      user_agent: string | null
      /**
       * Format: date-time
       * @description When it was opened.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last used, to the minute.
       */
      last_seen_at: string
      /**
       * Format: date-time
       * @description The end that no refresh can postpone.
       */
      expires_at: string
      /** @description Whether the request was made in this very session. */
      is_current: boolean
    }
    /** @description Where this page lies in its list. */
    Page: {
      /** @description How many entries a page may have. */
      limit: number
      /** @description Send it as `cursor` for the next page; `null` on the last. */
      next_cursor: string | null
      /** @description Send it as `cursor` for the page before; `null` on the first. */
      previous_cursor: string | null
      /** @description How many entries the whole list has, where `include_total=true` asks for it; exact up to 10,000. */
      total?: number
      /** @description Whether `total` is an estimate, as it is beyond 10,000. Given along with it. */
      total_is_estimate?: boolean
    }
    /** @description The sessions of one user. */
    SessionPage: {
      data: components['schemas']['Session'][]
      page: components['schemas']['Page']
    }
    /** @description 1 to 100 characters, each of which stands for itself. */
    SearchTerm: string
    /**
     * Format: date-time
     * @description RFC 3339 with an offset of 14 hours at most; the years 1970 to 9999.
     */
    Moment: string
    /** @description One page of a list of users. */
    UserPage: {
      data: components['schemas']['User'][]
      page: components['schemas']['Page']
    }
    /** @description A new user. */
    CreateUserRequest: {
      username: components['schemas']['Username']
      email: components['schemas']['Email']
      password: components['schemas']['NewPassword']
      first_name?: components['schemas']['PersonName']
      last_name?: components['schemas']['PersonName']
      role?: components['schemas']['Role']
      /** @description Whether the account may be used. `true` where left out. */
      is_active?: boolean
    }
    /**
     * @description Every property the caller may write: those who may write `role` or `is_active` must give them too, all others must
     *     leave them out.
     */
    ReplaceUserRequest: {
      username: components['schemas']['Username']
      email: components['schemas']['Email']
      first_name: components['schemas']['PersonName']
      last_name: components['schemas']['PersonName']
      role?: components['schemas']['Role']
      /** @description Whether the account may be used. */
      is_active?: boolean
    }
    /** @description A merge patch (RFC 7396). What is left out stays; `null` clears a name. */
    UpdateUserRequest: {
      username?: components['schemas']['Username']
      email?: components['schemas']['Email']
      first_name?: components['schemas']['PersonName']
      last_name?: components['schemas']['PersonName']
      role?: components['schemas']['Role']
      /** @description Whether the account may be used. */
      is_active?: boolean
    }
    /** @description The new password. */
    SetPasswordRequest: {
      new_password: components['schemas']['NewPassword']
    }
    /** @description What was done; each operation names the actions it writes down. */
    Action: string
    /** @description The values of one field; `null` where there was none. */
    AuditChange: {
      /** @description The value before. */
      before: unknown
      /** @description The value after. */
      after: unknown
    }
    /** @description One thing that was done, by whom, to whom, from where. */
    AuditEvent: {
      id: components['schemas']['UserId']
      /**
       * Format: date-time
       * @description When it was written down, by the clock of the database.
       */
      occurred_at: string
      action: components['schemas']['Action']
      /**
       * @description Whether it was done or refused.
       * @enum {string}
       */
      outcome: 'success' | 'failure'
      /** @description Who did it; `null` where nobody was signed in. */
      actor_id: string | null
      /** @description The role of that user then; `null` where nobody was signed in. */
      actor_role: components['schemas']['Role'] | null
      /** @description The user it was done to. */
      subject_id: string | null
      /** @description The session it was done in or to. */
      session_id: string | null
      /** @description Each changed field with its values before and after. Passwords and other secrets are never among them. */
      changes: {
        [key: string]: components['schemas']['AuditChange']
      }
      /** @description The address it was done from. */
      ip: string | null
      /** @description What the client called itself. */
      user_agent: string | null
      /** @description The `X-Request-Id` of the request. */
      request_id: string
      /** @description The trace the request belongs to. */
      trace_id: string | null
      /** @description The seal that holds the event; `null` for some seconds. */
      sealed: number | null
      /** @description Whether values are `null` because the person they belonged to was erased. */
      erased: boolean
    }
    /** @description One page of audit events. */
    AuditEventPage: {
      data: components['schemas']['AuditEvent'][]
      page: components['schemas']['Page']
    }
    /** @description A SHA-256, in hexadecimal digits. */
    Hash: string
    /** @description A neighbour in the tree. */
    AuditPathStep: {
      /**
       * @description On which side of ours it stands.
       * @enum {string}
       */
      side: 'left' | 'right'
      hash: components['schemas']['Hash']
    }
    /** @description That an event is in a seal, which is signed. */
    AuditEventProof: {
      event_id: components['schemas']['UserId']
      /** @description The event as it is stored, its personal values encrypted, in the form in which it was hashed. */
      row: string
      leaf_hash: components['schemas']['Hash']
      /** @description The place of the event among those of the seal, from 0. */
      index: number
      /** @description How many events the seal holds. */
      count: number
      /** @description What the leaf hash has to be hashed with, in this order, to arrive at the root. */
      path: components['schemas']['AuditPathStep'][]
      root: components['schemas']['Hash']
      /** @description The number of the seal. */
      seal: number
      /** @description The text that was signed, in UTF-8. */
      statement: string
      hash: components['schemas']['Hash']
      /** @description The Ed25519 signature of the statement, in base64. */
      signature: string
      /** @description The key that verifies it (PEM). Compare it with one that you have from elsewhere. */
      public_key: string
    }
    /**
     * @description Proof that a person's data was destroyed. Nothing in it is personal: the id belongs to nobody any more. It is kept, so
     *     that what an old backup brings back can be erased again.
     */
    ErasureReceipt: {
      id: components['schemas']['UserId']
      user_id: components['schemas']['UserId']
      /**
       * @description `request`: somebody asked for it. `retention`: the user had been deleted for `DELETED_USER_RETENTION_DAYS`.
       * @enum {string}
       */
      reason: 'request' | 'retention'
      /**
       * Format: date-time
       * @description UTC with microseconds.
       */
      erased_at: string
      /**
       * Format: uuid
       * @description The administrator who did it; `null` where it was done because the time had come.
       */
      erased_by: string | null
      /**
       * @description How many records of each kind were destroyed: `users`, `sessions`, `refresh_tokens`, `mail_tokens`, `outbox` (mails to
       *     be sent), `mail_log`, `registrations`, `user_import_claims` (names that a dry run had noted), `user_import_results`
       *     (rows about the person: the line and what became of it stay), `user_imports` (begun by the person, who is not named any
       *     more; what had not ended is cancelled), `subject_keys` (of the audit trail). Later versions may name further kinds.
       */
      erased: {
        [key: string]: number
      }
      audit_event_id: components['schemas']['UserId']
    }
    /** @description The user's own record. */
    UserDataProfile: {
      id: components['schemas']['UserId']
      username: components['schemas']['Username']
      email: components['schemas']['Email']
      first_name: components['schemas']['PersonName']
      last_name: components['schemas']['PersonName']
      role: components['schemas']['Role']
      /** @description Whether the account may be used. */
      is_active: boolean
      /** @description Whether the person has shown that the address is theirs. */
      email_verified: boolean
      /**
       * Format: date-time
       * @description The last successful sign-in.
       */
      last_login_at: string | null
      /** @description Counts the changes of the record. */
      version: number
      /**
       * Format: date-time
       * @description UTC with microseconds.
       */
      created_at: string
      /**
       * Format: date-time
       * @description UTC with microseconds.
       */
      updated_at: string
      /**
       * Format: date-time
       * @description When the user was deleted; `null` where not.
       */
      deleted_at: string | null
    }
    /** @description One place where the person is or was signed in. */
    UserDataSession: {
      id: components['schemas']['UserId']
      /** @description The address from which the session was opened or last refreshed. */
      ip: string | null
      /** @description What the client called itself then. */
      user_agent: string | null
      /**
       * Format: date-time
       * @description When it was opened.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When it was last used, to the minute.
       */
      last_seen_at: string
      /**
       * Format: date-time
       * @description The end that no refresh can postpone.
       */
      expires_at: string
      /**
       * Format: date-time
       * @description When somebody ended it.
       */
      ended_at: string | null
      /** @description Why it was ended. */
      end_reason: string | null
    }
    /** @description The existence of a token; the token itself is known to the mail alone. */
    UserDataMailToken: {
      /**
       * @description What it is good for.
       * @enum {string}
       */
      purpose: 'email-verification' | 'email-change' | 'password-reset'
      email: components['schemas']['Email']
      /**
       * Format: date-time
       * @description When it was made.
       */
      created_at: string
      /**
       * Format: date-time
       * @description Until when it can be redeemed.
       */
      expires_at: string
    }
    /** @description A mail that has yet to go out. */
    UserDataPendingMail: {
      /** @description What the mail is about. */
      kind: string
      /** @description The address that was named with it, if one was. */
      email: string | null
      /**
       * Format: date-time
       * @description When it was asked for.
       */
      created_at: string
    }
    /** @description A mail that went out. */
    UserDataSentMail: {
      /** @description What the mail was about. */
      kind: string
      /**
       * Format: date-time
       * @description When it was last tried.
       */
      sent_at: string
    }
    /** @description An account that was asked for. */
    UserDataRegistration: {
      username: components['schemas']['Username']
      email: components['schemas']['Email']
      first_name: components['schemas']['PersonName']
      last_name: components['schemas']['PersonName']
      /**
       * Format: date-time
       * @description When it was asked for.
       */
      created_at: string
      /**
       * Format: date-time
       * @description Until when it can be completed.
       */
      expires_at: string
    }
    /**
     * @description `receiving` while the file arrives, `pending` until some instance takes it up, `running` row by row. Then `completed`,
     *     with rows that failed perhaps; `cancelled`; or `failed` as a whole, as `problem` says.
     * @enum {string}
     */
    UserImportStatus: 'receiving' | 'pending' | 'running' | 'completed' | 'cancelled' | 'failed'
    /**
     * @description What is done with a row whose username or e-mail address belongs to a user already: the row fails, the user is left
     *     alone, or the user gets what the row gives (never a password). A row that fits two different users fails.
     * @enum {string}
     */
    OnConflict: 'fail' | 'skip' | 'update'
    /** @description A file of users that the person sent. What is in it is about others. */
    UserDataImport: {
      id: components['schemas']['UserId']
      status: components['schemas']['UserImportStatus']
      /**
       * @description What the file was.
       * @enum {string}
       */
      format: 'ndjson' | 'csv'
      /** @description Whether rows were checked only. */
      dry_run: boolean
      on_conflict: components['schemas']['OnConflict']
      /** @description The key that the file was sent under, if one was. */
      idempotency_key: string | null
      /**
       * Format: uuid
       * @description The session in which it was sent.
       */
      session_id: string | null
      /**
       * Format: date-time
       * @description When it was sent.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When the first row was looked at.
       */
      started_at: string | null
      /**
       * Format: date-time
       * @description When it ended.
       */
      finished_at: string | null
    }
    /** @description One row about the person in a file of users. */
    UserDataImportResult: {
      import_id: components['schemas']['UserId']
      /** @description Where it stood in the file. */
      line: number
      /**
       * @description What became of it, or would have in a dry run.
       * @enum {string}
       */
      status: 'created' | 'updated' | 'skipped' | 'failed'
    }
    /** @description One field, before and after. What it had no value before, or has none now, is left out. */
    UserDataChange: {
      /** @description The old value. */
      before?: unknown
      /** @description The new value. */
      after?: unknown
    }
    /**
     * @description One event of the audit trail. Of other people only that there was one is told: their addresses, their devices and what
     *     was changed about them is theirs.
     */
    UserDataAuditEvent: {
      id: components['schemas']['UserId']
      /**
       * Format: date-time
       * @description UTC with microseconds.
       */
      occurred_at: string
      /** @description What was done. */
      action: string
      /**
       * @description Whether it succeeded.
       * @enum {string}
       */
      outcome: 'success' | 'failure'
      /**
       * @description Who did it: the person, somebody else, or nobody who had signed in.
       * @enum {string}
       */
      actor: 'self' | 'other' | 'nobody'
      /**
       * @description Whom it was done to: the person, somebody else, or nobody in particular.
       * @enum {string}
       */
      subject: 'self' | 'other' | 'nobody'
      /**
       * Format: uuid
       * @description The session of the person that it belongs to.
       */
      session_id: string | null
      /** @description Old and new value of each changed field, where the subject is the person. */
      changes: {
        [key: string]: components['schemas']['UserDataChange']
      }
      /** @description Where the request came from, where the actor is the person. */
      ip: string | null
      /** @description What the client called itself, where the actor is the person. */
      user_agent: string | null
    }
    /**
     * @description Everything that is held about a person, but for what is only of use to whoever wants to sign in as them: the hashes of
     *     the password and of tokens.
     */
    UserData: {
      /**
       * Format: date-time
       * @description UTC with microseconds.
       */
      exported_at: string
      profile: components['schemas']['UserDataProfile']
      /** @description Where the person is and was signed in, the oldest first. */
      sessions: components['schemas']['UserDataSession'][]
      /** @description Tokens that were sent by mail and may still be redeemed. */
      mail_tokens: components['schemas']['UserDataMailToken'][]
      /** @description Mails about the person that have yet to go out, a change of the e-mail address that was asked for among them. */
      pending_mails: components['schemas']['UserDataPendingMail'][]
      /** @description Mails that went to the person's address within the last day. */
      sent_mails: components['schemas']['UserDataSentMail'][]
      /** @description Accounts that somebody asked for with the person's e-mail address and has not completed. */
      registrations: components['schemas']['UserDataRegistration'][]
      /** @description Files of users that the person sent within the last 30 days, the oldest first. */
      imports: components['schemas']['UserDataImport'][]
      /** @description Rows about the person in such files, whoever sent them. */
      import_results: components['schemas']['UserDataImportResult'][]
      /** @description What was done to the person and by the person, the oldest first. */
      audit_events: components['schemas']['UserDataAuditEvent'][]
    }
    /** @description Rows so far. */
    UserImportCounts: {
      /** @description `null` until the file was read to its end. */
      total: number | null
      /** @description Rows with a result. */
      processed: number
      /** @description Users made, or that would be in a dry run. */
      created: number
      /** @description Users that got what their row gives. */
      updated: number
      /** @description Rows left out because their user exists. */
      skipped: number
      /** @description Rows with a problem. */
      failed: number
    }
    /** @description What is wrong, in the words that a single request would be answered with. */
    RowProblem: {
      /** @description Stable name of the kind of problem; also the address of a page that explains it. */
      type: string
      /** @description The kind of problem in a few words. */
      title: string
      /** @description What is wrong with this very row. */
      detail?: string
      /** @description Every fault of the row. */
      errors?: components['schemas']['Fault'][]
    }
    /** @description A file of users on its way into the service. */
    UserImport: {
      id: components['schemas']['UserId']
      status: components['schemas']['UserImportStatus']
      /**
       * @description What the file is.
       * @enum {string}
       */
      format: 'ndjson' | 'csv'
      /** @description Whether rows are checked only. */
      dry_run: boolean
      on_conflict: components['schemas']['OnConflict']
      /** @description What has arrived of the file. */
      size_bytes: number
      /** @description What of it is done. */
      processed_bytes: number
      counts: components['schemas']['UserImportCounts']
      /** @description Why the whole import failed; `null` where it did not. */
      problem: components['schemas']['RowProblem'] | null
      /**
       * Format: uuid
       * @description Who sent the file; `null` where it came from the command line of the server, or from somebody erased since.
       */
      created_by: string | null
      /**
       * Format: date-time
       * @description UTC with microseconds.
       */
      created_at: string
      /**
       * Format: date-time
       * @description When the first row was looked at.
       */
      started_at: string | null
      /**
       * Format: date-time
       * @description When it was completed, cancelled or failed.
       */
      finished_at: string | null
    }
    /** @description One page of the list of imports. */
    UserImportPage: {
      data: components['schemas']['UserImport'][]
      page: components['schemas']['Page']
    }
    /** @description The hash another system keeps, with its parameters and salt. */
    PasswordHash: string
    /**
     * @description One user of a file. `password` is hashed here; `password_hash` is taken as it stands, so that people keep their
     *     passwords: Argon2, bcrypt, scrypt, PBKDF2 (PHC strings and Django's), SHA-crypt, `{SSHA…}` and Firebase's scrypt, within
     *     bounds of cost. With neither of them nobody can sign in until the person has set a password by the mail of a reset.
     *     The read-only properties of an export (`id`, `last_login_at`, `created_at`, `updated_at`) are known and not used, so that
     *     an export can be edited and come back. One who was deleted does not come back by it: a row with a `deleted_at` fails.
     */
    UserImportRow: {
      username: components['schemas']['Username']
      email: components['schemas']['Email']
      password?: components['schemas']['NewPassword']
      password_hash?: components['schemas']['PasswordHash']
      first_name?: components['schemas']['PersonName']
      last_name?: components['schemas']['PersonName']
      role?: components['schemas']['Role']
      /** @description Whether the account may be used. `true` where left out. */
      is_active?: boolean
      /** @description Whether the address is known to be theirs. `false` where left out. */
      email_verified?: boolean
      /** @description Not used. */
      id?: string | null
      /** @description Not used. */
      last_login_at?: string | null
      /** @description Not used. */
      created_at?: string | null
      /** @description Not used. */
      updated_at?: string | null
      /** @description Empty or `null`, as an export has it of those who were not deleted. */
      deleted_at?: string | null
    }
    /**
     * @description What became of a row; in a dry run, what would.
     * @enum {string}
     */
    RowStatus: 'created' | 'updated' | 'skipped' | 'failed'
    /** @description What became of one row. */
    UserImportResult: {
      /** @description The line of the file. A header is line 1. */
      line: number
      status: components['schemas']['RowStatus']
      /**
       * Format: uuid
       * @description The user who was made, changed or found; `null` where there is none.
       */
      user_id: string | null
      /** @description Why the row failed; `null` where it did not. */
      problem: components['schemas']['RowProblem'] | null
    }
    /** @description One page of the results of an import. */
    UserImportResultPage: {
      data: components['schemas']['UserImportResult'][]
      page: components['schemas']['Page']
    }
    /** @description A public key. Which members it has beside the required ones depends on `kty`. */
    Jwk: {
      /**
       * @description The kind of key.
       * @enum {string}
       */
      kty: 'OKP' | 'EC' | 'RSA'
      /**
       * @description The curve of an `OKP` or `EC` key.
       * @enum {string}
       */
      crv?: 'Ed25519' | 'P-256'
      /** @description The point of an `OKP` or `EC` key. */
      x?: string
      /** @description The other coordinate of an `EC` key. */
      y?: string
      /** @description The modulus of an `RSA` key. */
      n?: string
      /** @description The exponent of an `RSA` key. */
      e?: string
      /** @description What the header of a token calls the key: its RFC 7638 thumbprint. */
      kid: string
      /**
       * @description For signatures.
       * @constant
       */
      use: 'sig'
      /**
       * @description The one algorithm the key is used with.
       * @enum {string}
       */
      alg: 'EdDSA' | 'ES256' | 'RS256'
    }
    /** @description A set of public keys (RFC 7517 section 5). */
    Jwks: {
      /** @description Every key whose tokens are accepted, those that will sign soon among them; empty where tokens are signed with a secret. */
      keys: components['schemas']['Jwk'][]
    }
    /** @description The process is alive. */
    Health: {
      /**
       * @description Always `ok`; a process that is not alive does not answer.
       * @constant
       */
      status: 'ok'
    }
    /**
     * @description `failing`: does not answer. `pending`: not there yet (migrations to apply). `stopping`: finishing what is under way. `unused`: not configured. Redis and keys failing do not make the service unready: it works without the one, and with the keys it has.
     * @enum {string}
     */
    CheckState: 'ok' | 'failing' | 'pending' | 'stopping' | 'unused'
    /** @description Whether the service can do its work, and which part keeps it from that. */
    Readiness: {
      /**
       * @description Whether requests should be sent here.
       * @enum {string}
       */
      status: 'ready' | 'unready'
      /** @description The state of each part. */
      checks: {
        database: components['schemas']['CheckState']
        migrations: components['schemas']['CheckState']
        redis: components['schemas']['CheckState']
        keys: components['schemas']['CheckState']
        server: components['schemas']['CheckState']
      }
    }
  }
  responses: {
    /** @description The body is not JSON or does not fit the contract; `errors` names every fault. */
    BadBody: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The name or the password is wrong. The answer is the same whatever the reason. */
    InvalidCredentials: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        'WWW-Authenticate': components['headers']['WwwAuthenticate']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The `Accept` field rules out every representation there is. */
    NotAcceptable: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The body has more than 100 kB. */
    PayloadTooLarge: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The body is not `application/json` in UTF-8, or is compressed. */
    UnsupportedMediaType: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        Accept: components['headers']['Accept']
        'Accept-Patch': components['headers']['AcceptPatch']
        'Accept-Encoding': components['headers']['AcceptEncoding']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The limit is used up. */
    RateLimited: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        'Retry-After': components['headers']['RetryAfter']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description Something went wrong on the side of the service; nothing was changed. */
    Internal: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description A dependency does not answer, or the service is starting, stopping or overloaded. */
    Unavailable: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        'Retry-After': components['headers']['RetryAfter']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The refresh token is not (or no longer) valid, or was used before. */
    InvalidRefreshToken: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        'WWW-Authenticate': components['headers']['WwwAuthenticate']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The request does not fit the contract; `errors` names every fault. */
    BadRequest: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description No access token, or one that is not (or no longer) valid. */
    Unauthenticated: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        'WWW-Authenticate': components['headers']['WwwAuthenticate']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description Self sign-up is off on this server. */
    SignupDisabled: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The username is reserved, or a request with the same `Idempotency-Key` is still running. */
    ReservedName: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The password breaks a rule beyond its length, or the `Idempotency-Key` came with another request before. */
    WeakPasswordOrReusedKey: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The token is not (or no longer) valid, or was used before. */
    InvalidMailToken: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        'WWW-Authenticate': components['headers']['WwwAuthenticate']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description Another account has got the username or the address since the mail was sent. The token stays as it is. */
    VerificationConflict: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description No valid access token, or the current password is wrong. */
    WrongPassword: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        'WWW-Authenticate': components['headers']['WwwAuthenticate']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The password breaks a rule beyond its length. */
    WeakPassword: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description There is no such user, or it was deleted. */
    NotFound: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description A query parameter does not fit the contract, or the cursor does not belong to this list. */
    BadListRequest: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The caller may not do this, whether or not the thing exists; or may not write a property, which `errors` names. */
    Forbidden: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        'WWW-Authenticate': components['headers']['WwwAuthenticate']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description A value is taken by another account, or a request with the same `Idempotency-Key` is still running. */
    CreationConflict: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description A value is taken by another account, or the last active administrator would be lost. */
    UpdateConflict: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The user has been changed since. `ETag` names the current state; read it, and repeat the change if it is still wanted. */
    PreconditionFailed: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        ETag: components['headers']['ETag']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The last active administrator would be lost. */
    LastAdmin: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        RateLimit: components['headers']['RateLimit']
        'RateLimit-Policy': components['headers']['RateLimitPolicy']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description There is no deleted user with this id; it is that of a living one, of one who was erased, or of nobody. */
    NoDeletedUser: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description Another account has got the username or the e-mail address since; `errors` points at each of them. Nothing was changed. */
    RestoreConflict: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description No user has this id, nor has a deleted one. */
    NeverThere: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description A parameter does not fit the contract, or the file broke off. */
    BadUpload: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description Another upload with the same key has taken the place of this one. */
    UploadConflict: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The file is neither NDJSON nor CSV in UTF-8 with a header, or is compressed. */
    UnsupportedUpload: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        Accept: components['headers']['Accept']
        'Accept-Encoding': components['headers']['AcceptEncoding']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The key belongs to an import of another file, or with other parameters. */
    ImportKeyReused: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The import has ended already. */
    ImportEnded: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
    /** @description The `Accept` field rules out every representation there is. */
    NotAcceptableExport: {
      headers: {
        'X-Request-Id': components['headers']['RequestId']
        [name: string]: unknown
      }
      content: {
        'application/problem+json': components['schemas']['Problem']
      }
    }
  }
  parameters: {
    /**
     * @description The user's id, in lower case.
     * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
     */
    UserId: components['schemas']['UserId']
    /**
     * @description The event's id, in lower case.
     * @example 0199d8b2-6a01-7c55-9e0f-1a2b3c4d5e6f
     */
    EventId: components['schemas']['UserId']
    /**
     * @description The session's id, in lower case.
     * @example 0199d8b2-7c11-7aa0-b3c4-5d6e7f809a1b
     */
    SessionId: components['schemas']['UserId']
    /**
     * @description The `ETag` that the caller has seen (RFC 9110 section 13.1.1). Where the user has been changed since, nothing happens and the
     *     answer is a 412 with the current `ETag`; a sign-in is no change. `*` is any. Without the field the change is made in any case.
     * @example "3-q83vASNFZ4mrze8B"
     */
    IfMatch: string
    /**
     * @description The `ETag` of the copy the client has; while it is current the answer is a 304.
     * @example "3-q83vASNFZ4mrze8B"
     */
    IfNoneMatch: string
    /**
     * @description Names this one request, so that it may be sent again: a UUID, say, bare or in double quotes. For 24 hours the same key with the
     *     same request answers what the first answered, with `Idempotent-Replayed: true`, and with another request a 422. Only successes
     *     are kept; what was refused may be sent again under its key, mended or not.
     * @example 3f0c0f2e-9d53-4c1e-8f0b-5f2a6c1d7e90
     */
    IdempotencyKey: string
    /**
     * @description The import's id, in lower case.
     * @example 0199d8b2-9a10-7c44-8e5f-3a4b5c6d7e8f
     */
    ImportId: components['schemas']['UserId']
    /**
     * @description Only users in whose username, e-mail address, first or last name this occurs, whatever the case and accents
     *     (`strasse` finds `Straße`). `%`, `_` and `*` are characters like any other.
     * @example doe
     */
    SearchTerm: components['schemas']['SearchTerm']
    /**
     * @description Only users with this role.
     * @example user
     */
    Role: components['schemas']['Role']
    /**
     * @description Only users who are, or are not, active.
     * @example true
     */
    IsActive: boolean
    /**
     * @description Only users whose address is, or is not, verified.
     * @example true
     */
    EmailVerified: boolean
    /**
     * @description Only users created at this moment or later.
     * @example 2025-10-01T00:00:00Z
     */
    CreatedFrom: components['schemas']['Moment']
    /**
     * @description Only users created before this moment.
     * @example 2026-01-01T00:00:00Z
     */
    CreatedTo: components['schemas']['Moment']
    /**
     * @description Whether deleted users are left out, listed among the others, or the only ones. Anything but `exclude` is for
     *     administrators, and adds `deleted_at` to each user.
     * @example exclude
     */
    Deleted: 'exclude' | 'include' | 'only'
  }
  requestBodies: never
  headers: {
    /**
     * @description The id of this request, as in the log and the audit trail. Taken from the request where well-formed (1–64 of letters, digits, `.`, `_`, `-`), else made.
     * @example 0199d8b2-6a00-7b1c-8f2d-3e4a5b6c7d8e
     */
    RequestId: string
    /**
     * @description What is left of the limit (`r`) and in how many seconds it is whole again, or, where nothing is left, one more request is allowed (`t`). Absent where there is no limit, or the answer came before it was looked at.
     * @example "read";r=997;t=3540
     */
    RateLimit: string
    /**
     * @description The limit (`q`) in any span of so many seconds (`w`). `account` is the brake on one account's failed sign-ins (`q` of them in a row are free).
     * @example "read";q=1000;w=3600
     */
    RateLimitPolicy: string
    /**
     * @description How to authenticate (RFC 6750 section 3).
     * @example Bearer realm="user-management-api", error="invalid_token"
     */
    WwwAuthenticate: string
    /**
     * @description The media types a body may have (RFC 9110 section 15.5.16). Absent where it was refused for its compression.
     * @example application/json
     */
    Accept: string
    /**
     * @description The same, of a `PATCH` (RFC 5789 section 2.2).
     * @example application/json, application/merge-patch+json
     */
    AcceptPatch: string
    /**
     * @description Where a body was refused for its compression, that it must have none.
     * @example identity
     */
    AcceptEncoding: 'identity'
    /**
     * @description Whole seconds after which a new attempt makes sense.
     * @example 30
     */
    RetryAfter: number
    /**
     * @description Names this state of the user, for `If-None-Match` and, by the version that it begins with, for `If-Match`.
     * @example "3-q83vASNFZ4mrze8B"
     */
    ETag: string
    /**
     * @description The answer is that of an earlier request with the same `Idempotency-Key`; this one has done nothing.
     * @example true
     */
    IdempotentReplayed: 'true'
    /**
     * @description The start of the list (`first`) and the neighbouring pages (`prev`, `next`), as far as there are any (RFC 8288).
     * @example </v1/users?limit=20&sort=-created_at>; rel="first", </v1/users?limit=20&sort=-created_at&cursor=WyJuZXh0Il0.3q2-7w>; rel="next"
     */
    Link: string
    /**
     * @description The address of what was created.
     * @example /v1/users/0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
     */
    Location: string
  }
  pathItems: never
}
export type $defs = Record<string, never>
export interface operations {
  login: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['LoginRequest']
      }
    }
    responses: {
      /** @description Signed in. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['LoginResult']
        }
      }
      400: components['responses']['BadBody']
      401: components['responses']['InvalidCredentials']
      406: components['responses']['NotAcceptable']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  refreshTokens: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['RefreshRequest']
      }
    }
    responses: {
      /** @description The next pair. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['TokenPair']
        }
      }
      400: components['responses']['BadBody']
      401: components['responses']['InvalidRefreshToken']
      406: components['responses']['NotAcceptable']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  logout: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Signed out. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      406: components['responses']['NotAcceptable']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  getCurrentUser: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description The `ETag` of the copy the client has; while it is current the answer is a 304.
         * @example "3-q83vASNFZ4mrze8B"
         */
        'If-None-Match'?: components['parameters']['IfNoneMatch']
      }
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The current user. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          ETag: components['headers']['ETag']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
      /** @description The client's copy is current. */
      304: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          ETag: components['headers']['ETag']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  registerUser: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Names this one request, so that it may be sent again: a UUID, say, bare or in double quotes. For 24 hours the same key with the
         *     same request answers what the first answered, with `Idempotent-Replayed: true`, and with another request a 422. Only successes
         *     are kept; what was refused may be sent again under its key, mended or not.
         * @example 3f0c0f2e-9d53-4c1e-8f0b-5f2a6c1d7e90
         */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey']
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['RegisterRequest']
      }
    }
    responses: {
      /** @description Accepted; see the mail. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          'Idempotent-Replayed': components['headers']['IdempotentReplayed']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Accepted']
        }
      }
      400: components['responses']['BadBody']
      404: components['responses']['SignupDisabled']
      406: components['responses']['NotAcceptable']
      409: components['responses']['ReservedName']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['WeakPasswordOrReusedKey']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  verifyEmail: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['VerifyEmailRequest']
      }
    }
    responses: {
      /** @description Verified. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadBody']
      401: components['responses']['InvalidMailToken']
      406: components['responses']['NotAcceptable']
      409: components['responses']['VerificationConflict']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  resendEmailVerification: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Accepted; see the mail. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Accepted']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  changePassword: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangePasswordRequest']
      }
    }
    responses: {
      /** @description The new password holds. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadBody']
      401: components['responses']['WrongPassword']
      406: components['responses']['NotAcceptable']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['WeakPassword']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  requestPasswordReset: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['PasswordResetRequest']
      }
    }
    responses: {
      /** @description Accepted; see the mail, if there is one. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Accepted']
        }
      }
      400: components['responses']['BadBody']
      406: components['responses']['NotAcceptable']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  resetPassword: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ResetPasswordRequest']
      }
    }
    responses: {
      /** @description The new password holds. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadBody']
      401: components['responses']['InvalidMailToken']
      406: components['responses']['NotAcceptable']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['WeakPassword']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  listMySessions: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The sessions. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SessionPage']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  endMyOtherSessions: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Signed out everywhere else. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  endMySession: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The session's id, in lower case.
         * @example 0199d8b2-7c11-7aa0-b3c4-5d6e7f809a1b
         */
        session_id: components['parameters']['SessionId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Signed out there. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  listUsers: {
    parameters: {
      query?: {
        /**
         * @description How many users a page has.
         * @example 20
         */
        limit?: number
        /** @description A `next_cursor` or `previous_cursor` of the same list. */
        cursor?: string
        /**
         * @description The order; `-` turns it round. Users of the same moment are ordered by id. Names and addresses are compared
         *     character by character without regard to case. Who never signed in counts as whoever did so longest ago: first by
         *     `last_login_at`, last by `-last_login_at`.
         * @example -created_at
         */
        sort?:
          | 'created_at'
          | '-created_at'
          | 'updated_at'
          | '-updated_at'
          | 'username'
          | '-username'
          | 'email'
          | '-email'
          | 'last_login_at'
          | '-last_login_at'
        /**
         * @description Only users in whose username, e-mail address, first or last name this occurs, whatever the case and accents
         *     (`strasse` finds `Straße`). `%`, `_` and `*` are characters like any other.
         * @example doe
         */
        q?: components['parameters']['SearchTerm']
        /**
         * @description Only users with this role.
         * @example user
         */
        role?: components['parameters']['Role']
        /**
         * @description Only users who are, or are not, active.
         * @example true
         */
        is_active?: components['parameters']['IsActive']
        /**
         * @description Only users whose address is, or is not, verified.
         * @example true
         */
        email_verified?: components['parameters']['EmailVerified']
        /**
         * @description Only users created at this moment or later.
         * @example 2025-10-01T00:00:00Z
         */
        created_from?: components['parameters']['CreatedFrom']
        /**
         * @description Only users created before this moment.
         * @example 2026-01-01T00:00:00Z
         */
        created_to?: components['parameters']['CreatedTo']
        /**
         * @description Whether deleted users are left out, listed among the others, or the only ones. Anything but `exclude` is for
         *     administrators, and adds `deleted_at` to each user.
         * @example exclude
         */
        deleted?: components['parameters']['Deleted']
        /**
         * @description Whether the answer says how many users the list has. They are counted up to 10,000; a larger number is
         *     estimated, and `total_is_estimate` says so.
         * @example false
         */
        include_total?: boolean
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          Link: components['headers']['Link']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['UserPage']
        }
      }
      400: components['responses']['BadListRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  createUser: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description Names this one request, so that it may be sent again: a UUID, say, bare or in double quotes. For 24 hours the same key with the
         *     same request answers what the first answered, with `Idempotent-Replayed: true`, and with another request a 422. Only successes
         *     are kept; what was refused may be sent again under its key, mended or not.
         * @example 3f0c0f2e-9d53-4c1e-8f0b-5f2a6c1d7e90
         */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey']
      }
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateUserRequest']
      }
    }
    responses: {
      /** @description The new user. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          Location: components['headers']['Location']
          ETag: components['headers']['ETag']
          'Idempotent-Replayed': components['headers']['IdempotentReplayed']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
      400: components['responses']['BadBody']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      406: components['responses']['NotAcceptable']
      409: components['responses']['CreationConflict']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['WeakPasswordOrReusedKey']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  getUser: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description The `ETag` of the copy the client has; while it is current the answer is a 304.
         * @example "3-q83vASNFZ4mrze8B"
         */
        'If-None-Match'?: components['parameters']['IfNoneMatch']
      }
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The user. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          ETag: components['headers']['ETag']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
      /** @description The client's copy is current. */
      304: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          ETag: components['headers']['ETag']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  replaceUser: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description The `ETag` that the caller has seen (RFC 9110 section 13.1.1). Where the user has been changed since, nothing happens and the
         *     answer is a 412 with the current `ETag`; a sign-in is no change. `*` is any. Without the field the change is made in any case.
         * @example "3-q83vASNFZ4mrze8B"
         */
        'If-Match'?: components['parameters']['IfMatch']
      }
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplaceUserRequest']
      }
    }
    responses: {
      /** @description The user as it is now. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          ETag: components['headers']['ETag']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
      400: components['responses']['BadBody']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      409: components['responses']['UpdateConflict']
      412: components['responses']['PreconditionFailed']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  deleteUser: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description The `ETag` that the caller has seen (RFC 9110 section 13.1.1). Where the user has been changed since, nothing happens and the
         *     answer is a 412 with the current `ETag`; a sign-in is no change. `*` is any. Without the field the change is made in any case.
         * @example "3-q83vASNFZ4mrze8B"
         */
        'If-Match'?: components['parameters']['IfMatch']
      }
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Deleted. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      409: components['responses']['LastAdmin']
      412: components['responses']['PreconditionFailed']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  updateUser: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description The `ETag` that the caller has seen (RFC 9110 section 13.1.1). Where the user has been changed since, nothing happens and the
         *     answer is a 412 with the current `ETag`; a sign-in is no change. `*` is any. Without the field the change is made in any case.
         * @example "3-q83vASNFZ4mrze8B"
         */
        'If-Match'?: components['parameters']['IfMatch']
      }
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateUserRequest']
        'application/merge-patch+json': components['schemas']['UpdateUserRequest']
      }
    }
    responses: {
      /** @description The user as it is now. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          ETag: components['headers']['ETag']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
      400: components['responses']['BadBody']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      409: components['responses']['UpdateConflict']
      412: components['responses']['PreconditionFailed']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  setUserPassword: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['SetPasswordRequest']
      }
    }
    responses: {
      /** @description The new password holds. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadBody']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      413: components['responses']['PayloadTooLarge']
      415: components['responses']['UnsupportedMediaType']
      422: components['responses']['WeakPassword']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  listUserSessions: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The sessions. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SessionPage']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  endUserSessions: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Signed out everywhere. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  listUserAuditEvents: {
    parameters: {
      query?: {
        /**
         * @description How many events a page has.
         * @example 20
         */
        limit?: number
        /** @description A `next_cursor` or `previous_cursor` of the same list. */
        cursor?: string
        /**
         * @description Oldest or (`-`) newest first. It is the order in which events were written; a clock that was set back changes nothing in it.
         * @example -occurred_at
         */
        sort?: 'occurred_at' | '-occurred_at'
        /**
         * @description Only events of this kind.
         * @example user.updated
         */
        action?: components['schemas']['Action']
        /**
         * @description Only events of this moment or later.
         * @example 2025-10-12T00:00:00Z
         */
        from?: components['schemas']['Moment']
        /**
         * @description Only events before this moment.
         * @example 2025-10-13T00:00:00Z
         */
        to?: components['schemas']['Moment']
      }
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          Link: components['headers']['Link']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AuditEventPage']
        }
      }
      400: components['responses']['BadListRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  listAuditEvents: {
    parameters: {
      query?: {
        /**
         * @description How many events a page has.
         * @example 20
         */
        limit?: number
        /** @description A `next_cursor` or `previous_cursor` of the same list. */
        cursor?: string
        /**
         * @description Oldest or (`-`) newest first. It is the order in which events were written; a clock that was set back changes nothing in it.
         * @example -occurred_at
         */
        sort?: 'occurred_at' | '-occurred_at'
        /**
         * @description Only what this user did.
         * @example 0199d8b2-0001-7000-8000-2b8f4a1c7e55
         */
        actor_id?: components['schemas']['UserId']
        /**
         * @description Only what was done to this user, who may be deleted or erased.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        subject_id?: components['schemas']['UserId']
        /**
         * @description Only the events of the request with this `X-Request-Id`.
         * @example 0199d8b2-6a00-7b1c-8f2d-3e4a5b6c7d8e
         */
        request_id?: string
        /**
         * @description Only events of this kind.
         * @example user.updated
         */
        action?: components['schemas']['Action']
        /**
         * @description Only events of this moment or later.
         * @example 2025-10-12T00:00:00Z
         */
        from?: components['schemas']['Moment']
        /**
         * @description Only events before this moment.
         * @example 2025-10-13T00:00:00Z
         */
        to?: components['schemas']['Moment']
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          Link: components['headers']['Link']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AuditEventPage']
        }
      }
      400: components['responses']['BadListRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  getAuditEvent: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The event's id, in lower case.
         * @example 0199d8b2-6a01-7c55-9e0f-1a2b3c4d5e6f
         */
        event_id: components['parameters']['EventId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The event. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AuditEvent']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      /** @description There is no such event. */
      404: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  getAuditEventProof: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The event's id, in lower case.
         * @example 0199d8b2-6a01-7c55-9e0f-1a2b3c4d5e6f
         */
        event_id: components['parameters']['EventId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The proof. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AuditEventProof']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      /** @description There is no such event, or it is not sealed yet. */
      404: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  restoreUser: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The user, back again. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          ETag: components['headers']['ETag']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NoDeletedUser']
      406: components['responses']['NotAcceptable']
      409: components['responses']['RestoreConflict']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  eraseUser: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Erased, now or before. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ErasureReceipt']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NeverThere']
      406: components['responses']['NotAcceptable']
      409: components['responses']['LastAdmin']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  exportUserData: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The user's id, in lower case.
         * @example 0199d8b2-5f1e-7c3a-9d6e-2b8f4a1c7e55
         */
        user_id: components['parameters']['UserId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Everything. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['UserData']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NeverThere']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  listUserImports: {
    parameters: {
      query?: {
        /**
         * @description How many entries a page has.
         * @example 20
         */
        limit?: number
        /** @description A `next_cursor` or `previous_cursor` of the same list. */
        cursor?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          Link: components['headers']['Link']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['UserImportPage']
        }
      }
      400: components['responses']['BadListRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  createUserImport: {
    parameters: {
      query?: {
        /**
         * @description Only check the rows; the results say what would become of them. Updates are tried one by one and undone: what one
         *     would take from or leave to a later row is not foreseen.
         * @example true
         */
        dry_run?: boolean
        /**
         * @description What is done with rows of users who exist.
         * @example skip
         */
        on_conflict?: 'fail' | 'skip' | 'update'
      }
      header?: {
        /**
         * @description Names this one request, so that it may be sent again: a UUID, say, bare or in double quotes. For 24 hours the same key with the
         *     same request answers what the first answered, with `Idempotent-Replayed: true`, and with another request a 422. Only successes
         *     are kept; what was refused may be sent again under its key, mended or not.
         * @example 3f0c0f2e-9d53-4c1e-8f0b-5f2a6c1d7e90
         */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey']
      }
      path?: never
      cookie?: never
    }
    /** @description The file. */
    requestBody: {
      content: {
        'application/x-ndjson': string
        'text/csv': string
      }
    }
    responses: {
      /** @description The file is complete; its rows are worked through from now on. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          Location: components['headers']['Location']
          /**
           * @description Whether the import had been there before, from a request with the same key and file.
           * @example true
           */
          'Idempotent-Replayed'?: 'true'
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['UserImport']
        }
      }
      400: components['responses']['BadUpload']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      406: components['responses']['NotAcceptable']
      409: components['responses']['UploadConflict']
      415: components['responses']['UnsupportedUpload']
      422: components['responses']['ImportKeyReused']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  getUserImport: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The import's id, in lower case.
         * @example 0199d8b2-9a10-7c44-8e5f-3a4b5c6d7e8f
         */
        import_id: components['parameters']['ImportId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The import. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['UserImport']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  listUserImportResults: {
    parameters: {
      query?: {
        /**
         * @description How many entries a page has.
         * @example 20
         */
        limit?: number
        /** @description A `next_cursor` or `previous_cursor` of the same list. */
        cursor?: string
        /**
         * @description Only rows with this result.
         * @example failed
         */
        status?: components['schemas']['RowStatus']
      }
      header?: never
      path: {
        /**
         * @description The import's id, in lower case.
         * @example 0199d8b2-9a10-7c44-8e5f-3a4b5c6d7e8f
         */
        import_id: components['parameters']['ImportId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description One page. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          Link: components['headers']['Link']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['UserImportResultPage']
        }
      }
      400: components['responses']['BadListRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  cancelUserImport: {
    parameters: {
      query?: never
      header?: never
      path: {
        /**
         * @description The import's id, in lower case.
         * @example 0199d8b2-9a10-7c44-8e5f-3a4b5c6d7e8f
         */
        import_id: components['parameters']['ImportId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The import, cancelled. `counts` says what was done before. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['UserImport']
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      404: components['responses']['NotFound']
      406: components['responses']['NotAcceptable']
      409: components['responses']['ImportEnded']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  exportUsers: {
    parameters: {
      query?: {
        /**
         * @description Only users in whose username, e-mail address, first or last name this occurs, whatever the case and accents
         *     (`strasse` finds `Straße`). `%`, `_` and `*` are characters like any other.
         * @example doe
         */
        q?: components['parameters']['SearchTerm']
        /**
         * @description Only users with this role.
         * @example user
         */
        role?: components['parameters']['Role']
        /**
         * @description Only users who are, or are not, active.
         * @example true
         */
        is_active?: components['parameters']['IsActive']
        /**
         * @description Only users whose address is, or is not, verified.
         * @example true
         */
        email_verified?: components['parameters']['EmailVerified']
        /**
         * @description Only users created at this moment or later.
         * @example 2025-10-01T00:00:00Z
         */
        created_from?: components['parameters']['CreatedFrom']
        /**
         * @description Only users created before this moment.
         * @example 2026-01-01T00:00:00Z
         */
        created_to?: components['parameters']['CreatedTo']
        /**
         * @description Whether deleted users are left out, listed among the others, or the only ones. Anything but `exclude` is for
         *     administrators, and adds `deleted_at` to each user.
         * @example exclude
         */
        deleted?: components['parameters']['Deleted']
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The users. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          RateLimit: components['headers']['RateLimit']
          'RateLimit-Policy': components['headers']['RateLimitPolicy']
          [name: string]: unknown
        }
        content: {
          'application/x-ndjson': string
          'text/csv': string
        }
      }
      400: components['responses']['BadRequest']
      401: components['responses']['Unauthenticated']
      403: components['responses']['Forbidden']
      406: components['responses']['NotAcceptableExport']
      429: components['responses']['RateLimited']
      500: components['responses']['Internal']
      503: components['responses']['Unavailable']
    }
  }
  getJwks: {
    parameters: {
      query?: never
      header?: {
        /**
         * @description The `ETag` of the copy the client has; while it is current the answer is a 304.
         * @example "3-q83vASNFZ4mrze8B"
         */
        'If-None-Match'?: components['parameters']['IfNoneMatch']
      }
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The keys. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          /**
           * @description How long a copy may be used.
           * @example public, max-age=300
           */
          'Cache-Control': string
          /**
           * @description Names this list of keys.
           * @example "q83vASNFZ4mrze8BI0VniQ"
           */
          ETag: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Jwks']
        }
      }
      /** @description The client's copy is current. */
      304: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          /**
           * @description How long a copy may be used.
           * @example public, max-age=300
           */
          'Cache-Control': string
          /**
           * @description Names this list of keys.
           * @example "q83vASNFZ4mrze8BI0VniQ"
           */
          ETag: string
          [name: string]: unknown
        }
        content?: never
      }
      400: components['responses']['BadRequest']
      406: components['responses']['NotAcceptable']
    }
  }
  getHealth: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Alive. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Health']
        }
      }
      400: components['responses']['BadRequest']
      406: components['responses']['NotAcceptable']
    }
  }
  getReadiness: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Ready. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Readiness']
        }
      }
      400: components['responses']['BadRequest']
      406: components['responses']['NotAcceptable']
      /** @description Not ready. */
      503: {
        headers: {
          'X-Request-Id': components['headers']['RequestId']
          'Retry-After': components['headers']['RetryAfter']
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Readiness']
        }
      }
    }
  }
}
