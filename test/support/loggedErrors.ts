/** What services under test have logged as errors since the last test: the reasons of a 5xx, which its answer keeps to itself. */
export const loggedErrors: string[] = []
