import type { ObjectStore } from '@millrace/storage';

/** The object store of the settings. Injected by `@Inject(Objects) objects: Objects`. */
export const Objects = Symbol('Objects');
export type Objects = ObjectStore;
