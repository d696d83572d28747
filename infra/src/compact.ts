import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { services } from './platform-settings.js';
import { projectRoot } from './toolchain.js';

// All ten services in one process: each main.js starts its service with the settings that bear its prefix.
await Promise.all(services.map(({ name }) => import(pathToFileURL(join(projectRoot, `services/${name}/dist/main.js`)).href)));
