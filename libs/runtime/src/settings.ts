import type { ServiceName, ServiceSettings } from '@millrace/contracts';

/**
 * The settings of a service, checked at start (contracts/config). Injected by `@Inject(Settings) settings: Settings<'registry'>`.
 */
export type Settings<S extends ServiceName = ServiceName> = ServiceSettings[S];
export const Settings = Symbol('Settings');
