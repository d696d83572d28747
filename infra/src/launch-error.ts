/**
 * Why the embedded platform cannot start or stop, in one sentence that says what to do. It never crosses HTTP or
 * Kafka, so it has no code in contracts/errors.yaml; whoever starts the platform prints its message without a stack.
 */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}
