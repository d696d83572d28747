import { FeatureStoreModule } from '@millrace/feature-store';
import { GatewayModule } from '@millrace/gateway';
import { GovernanceModule } from '@millrace/governance';
import { runService } from '@millrace/runtime';
import { TrainingModule } from '@millrace/training';

// Four services in a process of their own, so that they are traced as services are: the SDK must be there before anything else is loaded.
process.once('disconnect', () => process.exit(1));
const [training, featureStore, governance] = await Promise.all([TrainingModule, FeatureStoreModule, GovernanceModule].map((module) => runService(module)));
const urls = { training: training?.url, 'feature-store': featureStore?.url, governance: governance?.url };
const gateway = await runService(GatewayModule, { env: { ...process.env, MILLRACE_GATEWAY_SERVICE_URLS: JSON.stringify(urls) } });
process.send?.(gateway.url);
