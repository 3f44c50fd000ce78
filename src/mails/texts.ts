/** What a mail says. `link` is what the reader is asked to open, if anything; `token` the same for those who use the API. */
export interface MailText {
  subject: string
  paragraphs: string[]
  link?: { label: string; url: string }
  token?: string
}

interface Names {
  /** The service. */
  app: string
  /** Where people reach it. */
  url: string
}

/** Every word that is sent by mail. Tokens travel behind the `#`: they reach no log and no other server. */
export const texts = {
  verifyRegistration: ({ app, url }: Names, username: string, token: string): MailText => ({
    subject: `Confirm your e-mail address for ${app}`,
    paragraphs: [
      `Somebody, hopefully you, asked for an account at ${app} with the username ${username}.`,
      'Confirm that this address is yours, within 24 hours, and sign in with the password you chose. If it was not you, do nothing: no account will be made.',
    ],
    link: { label: 'Confirm the address', url: `${url}/account/verify-email#token=${token}` },
    token,
  }),

  addressKnown: ({ app, url }: Names): MailText => ({
    subject: `You have an account at ${app} already`,
    paragraphs: [
      `Somebody, hopefully you, asked for an account at ${app} with this address, which has one already. Nothing was changed.`,
      'Sign in with it; if you forgot the password, ask for a new one.',
    ],
    link: { label: 'Reset the password', url: `${url}/account/forgot-password` },
  }),

  addressInUse: ({ app }: Names): MailText => ({
    subject: `Your address was asked for at ${app}`,
    paragraphs: [
      `Somebody who has another account at ${app} asked to give it this address, which is that of your account. Nothing was changed.`,
      'If it was you, choose another address, or change that of your first account before. If not, there is nothing to do.',
    ],
  }),

  usernameTaken: ({ app }: Names, username: string): MailText => ({
    subject: `Choose another username for ${app}`,
    paragraphs: [
      `Somebody, hopefully you, asked for an account at ${app} with the username ${username}, which somebody else has. No account was made.`,
      'Register again with another username.',
    ],
  }),

  verifyEmail: ({ app, url }: Names, token: string): MailText => ({
    subject: `Confirm your e-mail address for ${app}`,
    paragraphs: [`Confirm, within 24 hours, that this is the address of your account at ${app}.`],
    link: { label: 'Confirm the address', url: `${url}/account/verify-email#token=${token}` },
    token,
  }),

  confirmNewEmail: ({ app, url }: Names, username: string, token: string): MailText => ({
    subject: `Confirm your new e-mail address for ${app}`,
    paragraphs: [
      `The account ${username} at ${app} is to get this address. Confirm it within 24 hours; until then the old one stays.`,
      'If this says nothing to you, do nothing.',
    ],
    link: { label: 'Confirm the new address', url: `${url}/account/verify-email#token=${token}` },
    token,
  }),

  emailChangeNotice: ({ app, url }: Names, username: string): MailText => ({
    subject: `The e-mail address of your account at ${app} is about to change`,
    paragraphs: [
      `Somebody who is signed in as ${username} asked to replace this address by another one.`,
      'If it was you, there is nothing to do. If not, set a new password at once: that ends every session.',
    ],
    link: { label: 'Reset the password', url: `${url}/account/forgot-password` },
  }),

  resetPassword: ({ app, url }: Names, username: string, token: string): MailText => ({
    subject: `Set a new password for ${app}`,
    paragraphs: [
      `Somebody, hopefully you, forgot the password of the account ${username} at ${app}.`,
      'Set a new one within 30 minutes. If it was not you, do nothing: the old password holds.',
    ],
    link: { label: 'Set a new password', url: `${url}/account/reset-password#token=${token}` },
    token,
  }),

  passwordChanged: ({ app, url }: Names, username: string): MailText => ({
    subject: `The password of your account at ${app} was changed`,
    paragraphs: [
      `The account ${username} has a new password, and its other sessions were ended.`,
      'If it was not you, set a new password at once.',
    ],
    link: { label: 'Reset the password', url: `${url}/account/forgot-password` },
  }),
}
