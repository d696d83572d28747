import { runService } from '../run-service.js';
import { FixtureModule } from './fixture.module.js';
import { FixtureNextModule, FixtureNewestModule } from './next/fixture-next.module.js';

/** Releases of the fixture service, the oldest first. */
const releases = { first: FixtureModule, next: FixtureNextModule, newest: FixtureNewestModule };

// The test that started it is gone.
process.once('disconnect', () => process.exit(1));
const { url } = await runService(releases[(process.env['MILLRACE_FIXTURE_RELEASE'] ?? 'first') as keyof typeof releases]);
process.send?.(url);
