#!/usr/bin/env node
// `npx millrace`: starts the built command under the project's own Node 24. Committed as it is, because npm links no
// program whose file is missing at install.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const node24 = resolve(root, 'node_modules/node/bin/node');
const main = resolve(root, 'libs/cli/dist/main.js');

if (!existsSync(node24) || !existsSync(main)) {
  console.error(`Millrace is not built yet; run \`npm run setup\` in ${root} first.`);
  process.exit(1);
}
const child = spawn(node24, ['--disable-warning=TimeoutNegativeWarning', main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
