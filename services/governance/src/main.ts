import { runService } from '@millrace/runtime';
import { GovernanceModule } from './governance.module.js';

await runService(GovernanceModule);
