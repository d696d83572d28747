import { runService } from '@millrace/runtime';
import { DeploymentModule } from './deployment.module.js';

await runService(DeploymentModule);
