/** Loaded into a watched process by `--import`: collects garbage when its parent asks and says what is left, so that a leak is told from a heap that nobody has swept yet. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
process.on('message', (message) => {
  if (message !== 'collect') return;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ liveMegabytes: (heapUsed + external) / 2 ** 20 });
});
// The channel alone keeps nobody alive.
process.channel?.unref();
