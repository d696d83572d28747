import { runService } from '@millrace/runtime';
import { TrainingModule } from './training.module.js';

await runService(TrainingModule);
