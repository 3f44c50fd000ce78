// Loaded into a service, lets a test bring it into a state that nobody thought of.
process.on('SIGUSR2', () => {
  throw new Error('MARKER-crash-secret')
})
process.on('SIGWINCH', () => {
  void Promise.reject(new Error('MARKER-crash-secret'))
})
