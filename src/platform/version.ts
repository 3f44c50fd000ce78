import manifest from '../../package.json' with { type: 'json' }

/** Of this service, as `package.json` has it. */
export const { version } = manifest
