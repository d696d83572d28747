/** Ingestion, and with `versions` validation too, in one process; prints ingestion's address and runs until it is ended. Settings come from the environment. */
import { IngestionModule } from '@millrace/ingestion';
import { runService } from '@millrace/runtime';
import { ValidationModule } from '@millrace/validation';

const ingestion = await runService(IngestionModule);
if (process.argv[2] === 'versions') await runService(ValidationModule);
console.log(ingestion.url);
