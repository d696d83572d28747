import { runService } from '@millrace/runtime';
import { RegistryModule } from './registry.module.js';

await runService(RegistryModule);
