import { runService } from '@millrace/runtime';
import { ValidationModule } from './validation.module.js';

await runService(ValidationModule);
