import type { ServiceName } from '@millrace/contracts';
import type { EntityClass, MigrationClass } from './work/database.js';

/** What a service's module declares to the runtime. */
export interface ServiceDeclaration {
  name: ServiceName;
  /** TypeORM entities. Leave out in a service that owns nothing: then it has no database, no `UnitOfWork` and no `@On` handlers. */
  rows?: EntityClass[];
  /** Migrations in order; once released, a list only grows at its end. */
  migrations?: MigrationClass[];
}
