import { runService } from '../run-service.js';
import { FixtureModule } from './fixture.module.js';

// The test that started it is gone.
process.once('disconnect', () => process.exit(1));
const { url } = await runService(FixtureModule);
process.send?.(url);
