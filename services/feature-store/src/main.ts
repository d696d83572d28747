import { runService } from '@millrace/runtime';
import { FeatureStoreModule } from './feature-store.module.js';

await runService(FeatureStoreModule);
