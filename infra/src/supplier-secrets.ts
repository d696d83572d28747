import { platformSecrets } from './platform-secrets.js';
import { services } from './platform-settings.js';
import { secretOf } from './secret-of.js';

/** What the platform and its suppliers, Postgres and the object store, are told when their administrator has not chosen. */
export interface SupplierSecrets {
  postgresPassword: string;
  s3AccessKey: string;
  s3SecretKey: string;
}

/** Makes what is missing in `<home>/secrets`: all of the platform's, and first passwords for suppliers that are started beside it. */
export function supplierSecrets(home: string): SupplierSecrets {
  platformSecrets(home, services.map(({ name }) => name));
  return {
    postgresPassword: secretOf(home, 'postgres-password'),
    s3AccessKey: secretOf(home, 's3-access-key', () => 'millrace'),
    s3SecretKey: secretOf(home, 's3-secret-key'),
  };
}
