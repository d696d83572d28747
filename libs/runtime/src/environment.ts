/** Environment variables of one service. In one process several services may run, each with its own. */
export type Environment = Readonly<Record<string, string | undefined>>;
/** Token of the environment that `runService` was given. */
export const Environment = Symbol('Environment');
