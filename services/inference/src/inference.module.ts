import { MillraceError } from '@millrace/contracts';
import { KafkaConnection, Logger, Metrics, Readiness, RecordProducer, RuntimeModule, ServiceIdentity, Settings, Topics, Workers } from '@millrace/runtime';
import { openObjectStore } from '@millrace/storage';
import { Module } from '@nestjs/common';
import { LiveState } from './adapters/live-state.js';
import { ModelShelf } from './adapters/model-shelf.js';
import { OnlineTiles } from './adapters/online-tiles.js';
import { PredictionLog } from './adapters/prediction-log.js';
import { PredictionSpool } from './adapters/prediction-spool.js';
import { Predictor } from './adapters/predictor.js';
import { RouteTable } from './adapters/route-table.js';
import { StateDirectory } from './adapters/state-directory.js';
import { FreshnessController } from './http/freshness.controller.js';
import { OpenInferenceController } from './http/open-inference.controller.js';
import { PredictionsController } from './http/predictions.controller.js';

@Module({
  imports: [RuntimeModule.forService({ name: 'inference' })],
  controllers: [PredictionsController, OpenInferenceController, FreshnessController],
  providers: [
    { provide: StateDirectory, inject: [Settings], useFactory: ({ stateDir }: Settings<'inference'>) => new StateDirectory(stateDir) },
    { provide: ModelShelf, inject: [Settings, StateDirectory], useFactory: openShelf },
    { provide: RouteTable, inject: [ModelShelf, Logger], useFactory: (shelf: ModelShelf, logger: Logger) => new RouteTable(shelf, logger) },
    OnlineTiles,
    {
      provide: LiveState,
      inject: [KafkaConnection, Topics, StateDirectory, RouteTable, OnlineTiles, Workers, Readiness],
      useFactory: (kafka: KafkaConnection, topics: Topics, state: StateDirectory, routes: RouteTable, tiles: OnlineTiles, workers: Workers, readiness: Readiness) =>
        new LiveState({ kafka, topics, state }, routes, tiles, { workers, readiness }),
    },
    { provide: PredictionLog, inject: [RecordProducer, Logger, Metrics, ServiceIdentity, Settings], useFactory: openLog },
    { provide: Predictor, inject: [LiveState, PredictionLog], useFactory: (live: LiveState, log: PredictionLog) => new Predictor(live, log) },
  ],
})
export class InferenceModule {}

function openShelf({ objectStoreUrl, s3AccessKey, s3SecretKey, modelKeyFile }: Settings<'inference'>, state: StateDirectory): ModelShelf {
  if (objectStoreUrl === undefined) throw new MillraceError('invalid-settings', 'MILLRACE_OBJECT_STORE_URL is missing: inference fetches models from there');
  const access = { ...(s3AccessKey === undefined ? {} : { accessKey: s3AccessKey }), ...(s3SecretKey === undefined ? {} : { secretKey: s3SecretKey }) };
  return new ModelShelf(openObjectStore(objectStoreUrl, access), state, modelKeyFile);
}

function openLog(producer: RecordProducer, logger: Logger, metrics: Metrics, identity: ServiceIdentity, { stateDir }: Settings<'inference'>): PredictionLog {
  const name = `inference-${identity.instance}`;
  const log = new PredictionLog(producer, logger, name, new PredictionSpool(stateDir, name));
  metrics.gauge('predictions_logged', 'Records of the prediction log that the broker has', () => log.logged);
  metrics.gauge('predictions_waiting', 'Records of the prediction log that wait for the broker', () => log.waitingCount);
  metrics.gauge('predictions_spooled', 'Records of durable predictions that wait on disk for the broker', () => log.spooledCount);
  metrics.gauge('predictions_lost', 'Records of the prediction log that were dropped because too many waited', () => log.lost);
  return log;
}
