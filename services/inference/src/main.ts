import { runService } from '@millrace/runtime';
import { InferenceModule } from './inference.module.js';

await runService(InferenceModule);
