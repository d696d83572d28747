/** Deployment as it is, in a process of its own. With BENCH_TELLS it tells its parent when the effect of each event is committed. Runs until it is ended. */
import { DeploymentModule } from '@millrace/deployment';
import { runService, UnitOfWork } from '@millrace/runtime';
import type { Cause, Tx } from '@millrace/runtime';

const { app, url } = await runService(DeploymentModule);
if (process.env['BENCH_TELLS'] === '1') {
  const work = app.get(UnitOfWork);
  const run = work.run.bind(work);
  work.run = async <R>(cause: Cause, useCase: (tx: Tx) => Promise<R>): Promise<R> => {
    const result = await run(cause, useCase);
    process.send?.({ id: cause.id, atNs: process.hrtime.bigint().toString() });
    return result;
  };
}
process.once('disconnect', () => process.exit(0));
process.send?.({ url });
