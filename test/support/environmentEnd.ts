/** Ends what `environment.ts` began. */
export default async function endEnvironment(): Promise<void> {
  await (globalThis as unknown as { stopTestEnvironment: () => Promise<void> }).stopTestEnvironment()
}
