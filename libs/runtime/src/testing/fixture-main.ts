import { runService } from '../run-service.js';
import { FixtureModule } from './fixture.module.js';

const { url } = await runService(FixtureModule);
process.send?.(url);
