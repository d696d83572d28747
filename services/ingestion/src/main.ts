import { runService } from '@millrace/runtime';
import { IngestionModule } from './ingestion.module.js';

await runService(IngestionModule);
