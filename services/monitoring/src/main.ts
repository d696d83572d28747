import { runService } from '@millrace/runtime';
import { MonitoringModule } from './monitoring.module.js';

await runService(MonitoringModule);
