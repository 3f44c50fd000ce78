/**
 * Something the operator has to put right before the service can run. The message is one whole sentence for that
 * person; the program prints it alone, without a stack, and exits with a failure.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
}
