import { runService } from '@millrace/runtime';
import { GatewayModule } from './gateway.module.js';

await runService(GatewayModule);
