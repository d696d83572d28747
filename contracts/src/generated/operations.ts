// Written by `npm run contracts`. Do not edit: change the files under contracts/ instead.

import type { Operation } from '../operation.js';
import type {
  AcknowledgeAlertInput,
  ApiToken,
  ApplyPipelineInput,
  ApproveModelVersionInput,
  AuditRecordDetail,
  Cascade,
  CheckDeploymentPartInput,
  CheckFeatureStorePartInput,
  CheckGovernancePartInput,
  CheckIngestionPartInput,
  CheckMonitoringPartInput,
  CheckTrainingPartInput,
  CheckValidationPartInput,
  ContinueRolloutInput,
  CreateTokenInput,
  CreateTokenOutput,
  DataSet,
  DeadLetter,
  DeadLetterDetail,
  DownloadTrackedArtifactInput,
  DropDeadLetterInput,
  DropDeadLettersInput,
  DropDeadLettersOutput,
  ExchangeTokenInput,
  ExchangeTokenOutput,
  FeatureView,
  FileLoad,
  FollowEventsInput,
  Freshness,
  GetAuditCheckpointInput,
  GetAuditConsistencyInput,
  GetAuditConsistencyOutput,
  GetAuditEntryBundleInput,
  GetAuditEntryInput,
  GetAuditKeyInput,
  GetAuditKeyOutput,
  GetAuditProofInput,
  GetAuditTileInput,
  GetCascadeInput,
  GetConsoleInput,
  GetDataSetInput,
  GetDeadLetterInput,
  GetFeatureViewInput,
  GetFileInput,
  GetFreshnessInput,
  GetIncidentInput,
  GetIncidentLineageInput,
  GetJwksInput,
  GetJwksOutput,
  GetLoopKpisInput,
  GetModelMetadataInput,
  GetModelReadyInput,
  GetModelReadyOutput,
  GetModelVersionInput,
  GetModelVersionLineageInput,
  GetPipelineInput,
  GetPipelineVersionInput,
  GetPredictionLineageInput,
  GetRolloutInput,
  GetRouteInput,
  GetRunInput,
  GetRunLineageInput,
  GetServerLiveInput,
  GetServerLiveOutput,
  GetServerMetadataInput,
  GetServerMetadataOutput,
  GetServerReadyInput,
  GetServerReadyOutput,
  GetTrackingServerInfoInput,
  Hold,
  Incident,
  InferInput,
  InferResponse,
  IngestRecordsInput,
  IngestRecordsOutput,
  Lineage,
  ListAuditEntriesInput,
  ListAuditEntriesOutput,
  ListCascadesInput,
  ListCascadesOutput,
  ListComparisonsInput,
  ListComparisonsOutput,
  ListDataSetVersionsInput,
  ListDataSetVersionsOutput,
  ListDataSetsInput,
  ListDataSetsOutput,
  ListDeadLettersInput,
  ListDeadLettersOutput,
  ListFilesInput,
  ListFilesOutput,
  ListHoldsInput,
  ListHoldsOutput,
  ListIncidentsInput,
  ListIncidentsOutput,
  ListModelVersionsInput,
  ListModelVersionsOutput,
  ListParkedEventsInput,
  ListParkedEventsOutput,
  ListPerformanceInput,
  ListPerformanceOutput,
  ListPipelinesInput,
  ListPipelinesOutput,
  ListQuarantineInput,
  ListQuarantineOutput,
  ListQueuedRunsInput,
  ListQueuedRunsOutput,
  ListRolloutsInput,
  ListRolloutsOutput,
  ListRoutesInput,
  ListRoutesOutput,
  ListRunsInput,
  ListRunsOutput,
  ListSegmentVerdictsInput,
  ListSegmentVerdictsOutput,
  ListSegmentsInput,
  ListSegmentsOutput,
  ListTokensInput,
  ListTokensOutput,
  ListTopicsInput,
  ListTopicsOutput,
  ListTrackedArtifactsInput,
  ListTrainingSetsInput,
  ListTrainingSetsOutput,
  ListTriggersInput,
  ListTriggersOutput,
  ListWindowsInput,
  ListWindowsOutput,
  LoopKpis,
  ModelMetadata,
  ModelVersionDetail,
  OpenHoldOutInput,
  PipelineApplication,
  PipelineDetail,
  PipelinePartVerdict,
  PipelineVersionDetail,
  PolicyReplay,
  PredictInput,
  PredictOutput,
  ReadOnlineFeaturesInput,
  ReadOnlineFeaturesOutput,
  ReadTrackingInput,
  RejectModelVersionInput,
  ReleaseHoldInput,
  ReplayDeadLetterInput,
  ReplayDeadLettersInput,
  ReplayDeadLettersOutput,
  ReplayPolicyInput,
  ReplayQuarantineInput,
  ReplayQuarantineOutput,
  ReproduceFeaturesInput,
  ReproduceFeaturesOutput,
  RequestRunInput,
  RevertDataSetInput,
  RevertDataSetOutput,
  RevokeTokenInput,
  RollBackRouteInput,
  Rollout,
  Route,
  SnoozeAlertInput,
  TrainingRun,
  Trigger,
  UploadFileInput,
  UploadTrackedArtifactInput,
  WithdrawModelVersionInput,
  WriteTrackingInput,
} from './types.js';

/** What an operation is given: its path, query and body fields in one object, defaults filled. */
export interface OperationInputs {
  listTopics: ListTopicsInput;
  listDeadLetters: ListDeadLettersInput;
  getDeadLetter: GetDeadLetterInput;
  replayDeadLetter: ReplayDeadLetterInput;
  dropDeadLetter: DropDeadLetterInput;
  replayDeadLetters: ReplayDeadLettersInput;
  dropDeadLetters: DropDeadLettersInput;
  listParkedEvents: ListParkedEventsInput;
  checkDeploymentPart: CheckDeploymentPartInput;
  listRollouts: ListRolloutsInput;
  getRollout: GetRolloutInput;
  continueRollout: ContinueRolloutInput;
  listRoutes: ListRoutesInput;
  getRoute: GetRouteInput;
  rollBackRoute: RollBackRouteInput;
  checkFeatureStorePart: CheckFeatureStorePartInput;
  getFeatureView: GetFeatureViewInput;
  readOnlineFeatures: ReadOnlineFeaturesInput;
  listTrainingSets: ListTrainingSetsInput;
  openHoldOut: OpenHoldOutInput;
  reproduceFeatures: ReproduceFeaturesInput;
  getConsole: GetConsoleInput;
  followEvents: FollowEventsInput;
  listAuditEntries: ListAuditEntriesInput;
  getAuditEntry: GetAuditEntryInput;
  getAuditCheckpoint: GetAuditCheckpointInput;
  getAuditKey: GetAuditKeyInput;
  getAuditProof: GetAuditProofInput;
  getAuditConsistency: GetAuditConsistencyInput;
  getAuditTile: GetAuditTileInput;
  getAuditEntryBundle: GetAuditEntryBundleInput;
  listCascades: ListCascadesInput;
  getCascade: GetCascadeInput;
  getModelVersionLineage: GetModelVersionLineageInput;
  getIncidentLineage: GetIncidentLineageInput;
  getRunLineage: GetRunLineageInput;
  getPredictionLineage: GetPredictionLineageInput;
  listTokens: ListTokensInput;
  createToken: CreateTokenInput;
  revokeToken: RevokeTokenInput;
  exchangeToken: ExchangeTokenInput;
  getJwks: GetJwksInput;
  checkGovernancePart: CheckGovernancePartInput;
  predict: PredictInput;
  getFreshness: GetFreshnessInput;
  getServerMetadata: GetServerMetadataInput;
  getServerLive: GetServerLiveInput;
  getServerReady: GetServerReadyInput;
  getModelMetadata: GetModelMetadataInput;
  getModelReady: GetModelReadyInput;
  infer: InferInput;
  checkIngestionPart: CheckIngestionPartInput;
  listDataSets: ListDataSetsInput;
  getDataSet: GetDataSetInput;
  listDataSetVersions: ListDataSetVersionsInput;
  listSegments: ListSegmentsInput;
  ingestRecords: IngestRecordsInput;
  listFiles: ListFilesInput;
  uploadFile: UploadFileInput;
  getFile: GetFileInput;
  listQuarantine: ListQuarantineInput;
  replayQuarantine: ReplayQuarantineInput;
  revertDataSet: RevertDataSetInput;
  checkMonitoringPart: CheckMonitoringPartInput;
  listWindows: ListWindowsInput;
  listComparisons: ListComparisonsInput;
  listPerformance: ListPerformanceInput;
  getLoopKpis: GetLoopKpisInput;
  replayPolicy: ReplayPolicyInput;
  listIncidents: ListIncidentsInput;
  getIncident: GetIncidentInput;
  acknowledgeAlert: AcknowledgeAlertInput;
  snoozeAlert: SnoozeAlertInput;
  listPipelines: ListPipelinesInput;
  applyPipeline: ApplyPipelineInput;
  getPipeline: GetPipelineInput;
  getPipelineVersion: GetPipelineVersionInput;
  listModelVersions: ListModelVersionsInput;
  getModelVersion: GetModelVersionInput;
  approveModelVersion: ApproveModelVersionInput;
  rejectModelVersion: RejectModelVersionInput;
  withdrawModelVersion: WithdrawModelVersionInput;
  checkTrainingPart: CheckTrainingPartInput;
  listRuns: ListRunsInput;
  requestRun: RequestRunInput;
  listTriggers: ListTriggersInput;
  listHolds: ListHoldsInput;
  releaseHold: ReleaseHoldInput;
  listQueuedRuns: ListQueuedRunsInput;
  getRun: GetRunInput;
  readTracking: ReadTrackingInput;
  writeTracking: WriteTrackingInput;
  listTrackedArtifacts: ListTrackedArtifactsInput;
  downloadTrackedArtifact: DownloadTrackedArtifactInput;
  uploadTrackedArtifact: UploadTrackedArtifactInput;
  getTrackingServerInfo: GetTrackingServerInfoInput;
  checkValidationPart: CheckValidationPartInput;
  listSegmentVerdicts: ListSegmentVerdictsInput;
}

/** What an operation answers with. */
export interface OperationOutputs {
  listTopics: ListTopicsOutput;
  listDeadLetters: ListDeadLettersOutput;
  getDeadLetter: DeadLetterDetail;
  replayDeadLetter: DeadLetter;
  dropDeadLetter: DeadLetter;
  replayDeadLetters: ReplayDeadLettersOutput;
  dropDeadLetters: DropDeadLettersOutput;
  listParkedEvents: ListParkedEventsOutput;
  checkDeploymentPart: PipelinePartVerdict;
  listRollouts: ListRolloutsOutput;
  getRollout: Rollout;
  continueRollout: Rollout;
  listRoutes: ListRoutesOutput;
  getRoute: Route;
  rollBackRoute: Route;
  checkFeatureStorePart: PipelinePartVerdict;
  getFeatureView: FeatureView;
  readOnlineFeatures: ReadOnlineFeaturesOutput;
  listTrainingSets: ListTrainingSetsOutput;
  openHoldOut: unknown;
  reproduceFeatures: ReproduceFeaturesOutput;
  getConsole: unknown;
  followEvents: unknown;
  listAuditEntries: ListAuditEntriesOutput;
  getAuditEntry: AuditRecordDetail;
  getAuditCheckpoint: unknown;
  getAuditKey: GetAuditKeyOutput;
  getAuditProof: unknown;
  getAuditConsistency: GetAuditConsistencyOutput;
  getAuditTile: unknown;
  getAuditEntryBundle: unknown;
  listCascades: ListCascadesOutput;
  getCascade: Cascade;
  getModelVersionLineage: Lineage;
  getIncidentLineage: Lineage;
  getRunLineage: Lineage;
  getPredictionLineage: Lineage;
  listTokens: ListTokensOutput;
  createToken: CreateTokenOutput;
  revokeToken: ApiToken;
  exchangeToken: ExchangeTokenOutput;
  getJwks: GetJwksOutput;
  checkGovernancePart: PipelinePartVerdict;
  predict: PredictOutput;
  getFreshness: Freshness;
  getServerMetadata: GetServerMetadataOutput;
  getServerLive: GetServerLiveOutput;
  getServerReady: GetServerReadyOutput;
  getModelMetadata: ModelMetadata;
  getModelReady: GetModelReadyOutput;
  infer: InferResponse;
  checkIngestionPart: PipelinePartVerdict;
  listDataSets: ListDataSetsOutput;
  getDataSet: DataSet;
  listDataSetVersions: ListDataSetVersionsOutput;
  listSegments: ListSegmentsOutput;
  ingestRecords: IngestRecordsOutput;
  listFiles: ListFilesOutput;
  uploadFile: FileLoad;
  getFile: FileLoad;
  listQuarantine: ListQuarantineOutput;
  replayQuarantine: ReplayQuarantineOutput;
  revertDataSet: RevertDataSetOutput;
  checkMonitoringPart: PipelinePartVerdict;
  listWindows: ListWindowsOutput;
  listComparisons: ListComparisonsOutput;
  listPerformance: ListPerformanceOutput;
  getLoopKpis: LoopKpis;
  replayPolicy: PolicyReplay;
  listIncidents: ListIncidentsOutput;
  getIncident: Incident;
  acknowledgeAlert: Incident;
  snoozeAlert: Incident;
  listPipelines: ListPipelinesOutput;
  applyPipeline: PipelineApplication;
  getPipeline: PipelineDetail;
  getPipelineVersion: PipelineVersionDetail;
  listModelVersions: ListModelVersionsOutput;
  getModelVersion: ModelVersionDetail;
  approveModelVersion: ModelVersionDetail;
  rejectModelVersion: ModelVersionDetail;
  withdrawModelVersion: ModelVersionDetail;
  checkTrainingPart: PipelinePartVerdict;
  listRuns: ListRunsOutput;
  requestRun: Trigger;
  listTriggers: ListTriggersOutput;
  listHolds: ListHoldsOutput;
  releaseHold: Hold;
  listQueuedRuns: ListQueuedRunsOutput;
  getRun: TrainingRun;
  readTracking: unknown;
  writeTracking: unknown;
  listTrackedArtifacts: unknown;
  downloadTrackedArtifact: unknown;
  uploadTrackedArtifact: unknown;
  getTrackingServerInfo: unknown;
  checkValidationPart: PipelinePartVerdict;
  listSegmentVerdicts: ListSegmentVerdictsOutput;
}

export type OperationId = keyof OperationInputs;

export const operations: { readonly [Id in OperationId]: Operation } = {
  listTopics: { service: 'chassis', operationId: 'listTopics', method: 'GET', path: '/topics', roles: ['viewer', 'operator', 'service'], status: 200, summary: 'Topics that this process of the service works with, as declared, and where the broker has them otherwise; nothing is altered', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  listDeadLetters: { service: 'chassis', operationId: 'listDeadLetters', method: 'GET', path: '/dead-letters', roles: ['viewer', 'operator', 'service'], status: 200, summary: 'Events that the service gave up and that match every given filter, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { type: 'string', key: 'string', code: 'string', eventId: 'string', correlation: 'string', state: 'string', before: 'string', limit: 'integer' } },
  getDeadLetter: { service: 'chassis', operationId: 'getDeadLetter', method: 'GET', path: '/dead-letters/{id}', roles: ['viewer', 'operator', 'service'], status: 200, summary: 'One dead letter with the record as it was read', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { id: 'string' }, queryTypes: {} },
  replayDeadLetter: { service: 'chassis', operationId: 'replayDeadLetter', method: 'POST', path: '/dead-letters/{id}/replays', roles: ['operator'], status: 202, summary: 'Tries the event again through the inbox, so what had an effect has none twice; behind the events of its key that are parked', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { id: 'string' }, queryTypes: {} },
  dropDeadLetter: { service: 'chassis', operationId: 'dropDeadLetter', method: 'POST', path: '/dead-letters/{id}/drops', roles: ['operator'], status: 200, summary: 'Says that nobody needs the event any more; its content is erased, who and why stand in the audit log', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { id: 'string' }, queryTypes: {} },
  replayDeadLetters: { service: 'chassis', operationId: 'replayDeadLetters', method: 'POST', path: '/dead-letter-replays', roles: ['operator'], status: 202, summary: 'Tries all open dead letters again that match every given filter, in the order in which they stood on their topics', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  dropDeadLetters: { service: 'chassis', operationId: 'dropDeadLetters', method: 'POST', path: '/dead-letter-drops', roles: ['operator'], status: 200, summary: 'Drops all open dead letters that match every given filter', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  listParkedEvents: { service: 'chassis', operationId: 'listParkedEvents', method: 'GET', path: '/parked-events', roles: ['viewer', 'operator', 'service'], status: 200, summary: 'Events that the service will try again by itself, in the order in which they came', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { type: 'string', key: 'string', code: 'string', eventId: 'string', correlation: 'string', limit: 'integer' } },
  checkDeploymentPart: { service: 'deployment', operationId: 'checkDeploymentPart', method: 'POST', path: '/pipeline-part-checks', roles: ['service'], status: 200, summary: 'Checks the part of deployment in a pipeline, without effect', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  listRollouts: { service: 'deployment', operationId: 'listRollouts', method: 'GET', path: '/rollouts', roles: ['viewer'], status: 200, summary: 'Rollouts, latest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { pipeline: 'string', limit: 'integer' } },
  getRollout: { service: 'deployment', operationId: 'getRollout', method: 'GET', path: '/rollouts/{project}/{rollout}', roles: ['viewer'], status: 200, summary: 'A rollout with its steps', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', rollout: 'string' }, queryTypes: {} },
  continueRollout: { service: 'deployment', operationId: 'continueRollout', method: 'POST', path: '/rollouts/{project}/{rollout}/continuations', roles: ['operator'], status: 200, summary: 'A person lets a paused rollout go on', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', rollout: 'string' }, queryTypes: {} },
  listRoutes: { service: 'deployment', operationId: 'listRoutes', method: 'GET', path: '/routes', roles: ['viewer'], status: 200, summary: 'The present route of every pipeline', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getRoute: { service: 'deployment', operationId: 'getRoute', method: 'GET', path: '/routes/{project}/{name}', roles: ['viewer'], status: 200, summary: 'The present route of a pipeline', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  rollBackRoute: { service: 'deployment', operationId: 'rollBackRoute', method: 'POST', path: '/routes/{project}/{name}/rollbacks', roles: ['operator'], status: 201, summary: 'Ends the open rollout, or puts the version before the champion back', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  checkFeatureStorePart: { service: 'feature-store', operationId: 'checkFeatureStorePart', method: 'POST', path: '/pipeline-part-checks', roles: ['service'], status: 200, summary: 'Checks the part of feature-store in a pipeline, without effect', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getFeatureView: { service: 'feature-store', operationId: 'getFeatureView', method: 'GET', path: '/feature-views/{project}/{name}', roles: ['viewer'], status: 200, summary: 'The feature view of a pipeline and how far its online values are', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  readOnlineFeatures: { service: 'feature-store', operationId: 'readOnlineFeatures', method: 'POST', path: '/online-features/{project}/{name}', roles: ['viewer', 'predictor'], status: 200, summary: 'Features of records as they stood at a time, from the online tiles', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  listTrainingSets: { service: 'feature-store', operationId: 'listTrainingSets', method: 'GET', path: '/training-sets/{project}/{name}', roles: ['viewer'], status: 200, summary: 'Training sets of a pipeline, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer' } },
  openHoldOut: { service: 'feature-store', operationId: 'openHoldOut', method: 'GET', path: '/hold-outs/{project}/{holdOut}', roles: ['service'], status: 200, summary: 'The rows of a sealed hold-out (columns _key, _event_time, the features, _label) for the evaluator', accepts: null, produces: 'application/vnd.apache.parquet', maxBodyBytes: null, pathTypes: { project: 'string', holdOut: 'string' }, queryTypes: {} },
  reproduceFeatures: { service: 'feature-store', operationId: 'reproduceFeatures', method: 'POST', path: '/feature-reproductions', roles: ['viewer'], status: 200, summary: 'Compares the features that were served with those that the offline join gives for the same times', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getConsole: { service: 'gateway', operationId: 'getConsole', method: 'GET', path: '/', roles: ['public'], status: 200, summary: 'The web console, one page without anything from elsewhere; it asks for a token', accepts: null, produces: 'text/html', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  followEvents: { service: 'gateway', operationId: 'followEvents', method: 'GET', path: '/events', roles: ['viewer'], status: 200, summary: 'Lifecycle events as they happen (server-sent events; the data is the CloudEvent in JSON), of the caller\'s project', accepts: null, produces: 'text/event-stream', maxBodyBytes: null, pathTypes: {}, queryTypes: { types: 'string', pipeline: 'string' } },
  listAuditEntries: { service: 'governance', operationId: 'listAuditEntries', method: 'GET', path: '/audit/entries', roles: ['viewer', 'auditor'], status: 200, summary: 'Entries of the audit log that match every given filter, oldest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { pipeline: 'string', modelVersion: 'integer', dataSet: 'string', run: 'string', actor: 'string', correlation: 'string', type: 'string', project: 'string', from: 'string', to: 'string', after: 'integer', limit: 'integer' } },
  getAuditEntry: { service: 'governance', operationId: 'getAuditEntry', method: 'GET', path: '/audit/entries/{index}', roles: ['viewer', 'auditor'], status: 200, summary: 'One entry with the exact bytes that are proved', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { index: 'integer' }, queryTypes: {} },
  getAuditCheckpoint: { service: 'governance', operationId: 'getAuditCheckpoint', method: 'GET', path: '/audit/checkpoint', roles: ['viewer', 'auditor'], status: 200, summary: 'The signed checkpoint (c2sp.org/tlog-checkpoint), of the whole log or of an earlier size that was published', accepts: null, produces: 'text/plain', maxBodyBytes: null, pathTypes: {}, queryTypes: { size: 'integer', fresh: 'boolean' } },
  getAuditKey: { service: 'governance', operationId: 'getAuditKey', method: 'GET', path: '/audit/key', roles: ['viewer', 'auditor'], status: 200, summary: 'The key that signs checkpoints, as a C2SP verifier key, and the log\'s origin line', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getAuditProof: { service: 'governance', operationId: 'getAuditProof', method: 'GET', path: '/audit/proofs/{index}', roles: ['viewer', 'auditor'], status: 200, summary: 'A proof file (c2sp.org/tlog-proof@v1) that the entry is in the log, to be checked offline', accepts: null, produces: 'text/plain', maxBodyBytes: null, pathTypes: { index: 'integer' }, queryTypes: { size: 'integer' } },
  getAuditConsistency: { service: 'governance', operationId: 'getAuditConsistency', method: 'GET', path: '/audit/consistency', roles: ['viewer', 'auditor'], status: 200, summary: 'The hashes that prove that between two sizes entries were only added', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { from: 'integer', to: 'integer' } },
  getAuditTile: { service: 'governance', operationId: 'getAuditTile', method: 'GET', path: '/audit/tiles/{level}/{tile}', roles: ['viewer', 'auditor'], status: 200, summary: 'A tile of up to 256 hashes (c2sp.org/tlog-tiles), so that a monitor can compute any proof itself', accepts: null, produces: 'application/octet-stream', maxBodyBytes: null, pathTypes: { level: 'integer', tile: 'integer' }, queryTypes: { width: 'integer' } },
  getAuditEntryBundle: { service: 'governance', operationId: 'getAuditEntryBundle', method: 'GET', path: '/audit/bundles/{bundle}', roles: ['viewer', 'auditor'], status: 200, summary: 'Up to 256 entries, each with its length before it (c2sp.org/tlog-tiles), to check the whole log offline', accepts: null, produces: 'application/octet-stream', maxBodyBytes: null, pathTypes: { bundle: 'integer' }, queryTypes: { width: 'integer' } },
  listCascades: { service: 'governance', operationId: 'listCascades', method: 'GET', path: '/cascades', roles: ['viewer', 'auditor'], status: 200, summary: 'Cascades, the latest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { pipeline: 'string', state: 'string', kind: 'string', contains: 'string', before: 'string', limit: 'integer' } },
  getCascade: { service: 'governance', operationId: 'getCascade', method: 'GET', path: '/cascades/{correlation}', roles: ['viewer', 'auditor'], status: 200, summary: 'One cascade as a graph with the time of each hop', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { correlation: 'string' }, queryTypes: {} },
  getModelVersionLineage: { service: 'governance', operationId: 'getModelVersionLineage', method: 'GET', path: '/lineage/model-versions/{project}/{name}/{version}', roles: ['viewer', 'auditor'], status: 200, summary: 'What a model version was made of, down to the segments of data', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string', version: 'integer' }, queryTypes: {} },
  getIncidentLineage: { service: 'governance', operationId: 'getIncidentLineage', method: 'GET', path: '/lineage/incidents/{project}/{incident}', roles: ['viewer', 'auditor'], status: 200, summary: 'What an incident led to, holds, runs, model versions and rollouts of every pipeline that it touches', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', incident: 'string' }, queryTypes: {} },
  getRunLineage: { service: 'governance', operationId: 'getRunLineage', method: 'GET', path: '/lineage/runs/{project}/{run}', roles: ['viewer', 'auditor'], status: 200, summary: 'The incident that asked for a run, and the model version and rollout that it led to', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', run: 'string' }, queryTypes: {} },
  getPredictionLineage: { service: 'governance', operationId: 'getPredictionLineage', method: 'GET', path: '/lineage/predictions/{project}/{name}/{predictionId}', roles: ['viewer', 'auditor'], status: 200, summary: 'The logged prediction, the segment it lies in, and what its model version was made of', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string', predictionId: 'string' }, queryTypes: {} },
  listTokens: { service: 'governance', operationId: 'listTokens', method: 'GET', path: '/tokens', roles: ['admin'], status: 200, summary: 'All API tokens, without their secrets', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  createToken: { service: 'governance', operationId: 'createToken', method: 'POST', path: '/tokens', roles: ['admin'], status: 201, summary: 'Makes an API token; the secret is shown this once', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  revokeToken: { service: 'governance', operationId: 'revokeToken', method: 'POST', path: '/tokens/{id}/revocations', roles: ['admin'], status: 200, summary: 'Ends a token; JWTs made from it end within five minutes', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { id: 'string' }, queryTypes: {} },
  exchangeToken: { service: 'governance', operationId: 'exchangeToken', method: 'POST', path: '/token-exchanges', roles: ['public'], status: 200, summary: 'Exchanges the API token of the Authorization header for a signed JWT of five minutes', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getJwks: { service: 'governance', operationId: 'getJwks', method: 'GET', path: '/jwks', roles: ['viewer', 'service'], status: 200, summary: 'The public keys (RFC 7517) with which every service\'s JWTs are verified', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  checkGovernancePart: { service: 'governance', operationId: 'checkGovernancePart', method: 'POST', path: '/pipeline-part-checks', roles: ['service'], status: 200, summary: 'Checks the part of governance in a pipeline, without effect', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  predict: { service: 'inference', operationId: 'predict', method: 'POST', path: '/predictions/{project}/{name}', roles: ['predictor'], status: 200, summary: 'Predictions for records of the predicted data set, each as of its event time (now where it has none)', accepts: 'application/json', produces: 'application/json', maxBodyBytes: 16777216, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  getFreshness: { service: 'inference', operationId: 'getFreshness', method: 'GET', path: '/freshness', roles: ['viewer', 'predictor', 'operator'], status: 200, summary: 'What this process serves, and how old its routes and online features are', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getServerMetadata: { service: 'inference', operationId: 'getServerMetadata', method: 'GET', path: '/v2', roles: ['public'], status: 200, summary: 'Open Inference Protocol, server metadata', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getServerLive: { service: 'inference', operationId: 'getServerLive', method: 'GET', path: '/v2/health/live', roles: ['public'], status: 200, summary: 'Open Inference Protocol, whether the server lives', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getServerReady: { service: 'inference', operationId: 'getServerReady', method: 'GET', path: '/v2/health/ready', roles: ['public'], status: 200, summary: 'Open Inference Protocol, whether every model of the routes is loaded', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getModelMetadata: { service: 'inference', operationId: 'getModelMetadata', method: 'GET', path: '/v2/models/{model}', roles: ['predictor', 'viewer'], status: 200, summary: 'Open Inference Protocol, inputs and outputs of a model', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { model: 'string' }, queryTypes: {} },
  getModelReady: { service: 'inference', operationId: 'getModelReady', method: 'GET', path: '/v2/models/{model}/ready', roles: ['predictor', 'viewer'], status: 200, summary: 'Open Inference Protocol, whether a model can answer', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { model: 'string' }, queryTypes: {} },
  infer: { service: 'inference', operationId: 'infer', method: 'POST', path: '/v2/models/{model}/infer', roles: ['predictor'], status: 200, summary: 'Open Inference Protocol, predictions; inputs are columns of the predicted data set, shape [n] or [n, 1]', accepts: 'application/json', produces: 'application/json', maxBodyBytes: 16777216, pathTypes: { model: 'string' }, queryTypes: {} },
  checkIngestionPart: { service: 'ingestion', operationId: 'checkIngestionPart', method: 'POST', path: '/pipeline-part-checks', roles: ['service'], status: 200, summary: 'Checks the part of ingestion in a pipeline, without effect', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  listDataSets: { service: 'ingestion', operationId: 'listDataSets', method: 'GET', path: '/data-sets', roles: ['viewer'], status: 200, summary: 'All data sets, by id', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getDataSet: { service: 'ingestion', operationId: 'getDataSet', method: 'GET', path: '/data-sets/{project}/{name}', roles: ['viewer'], status: 200, summary: 'One data set', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  listDataSetVersions: { service: 'ingestion', operationId: 'listDataSetVersions', method: 'GET', path: '/data-sets/{project}/{name}/versions', roles: ['viewer'], status: 200, summary: 'Published versions of a data set, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer' } },
  listSegments: { service: 'ingestion', operationId: 'listSegments', method: 'GET', path: '/data-sets/{project}/{name}/segments', roles: ['viewer'], status: 200, summary: 'Segments of a data set, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer' } },
  ingestRecords: { service: 'ingestion', operationId: 'ingestRecords', method: 'POST', path: '/data-sets/{project}/{name}/records', roles: ['producer'], status: 202, summary: 'Sends records to the topic of a data set; they are checked behind it, and bad ones go to quarantine', accepts: 'application/json', produces: 'application/json', maxBodyBytes: 16777216, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  listFiles: { service: 'ingestion', operationId: 'listFiles', method: 'GET', path: '/data-sets/{project}/{name}/files', roles: ['viewer'], status: 200, summary: 'Files received for a data set, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer' } },
  uploadFile: { service: 'ingestion', operationId: 'uploadFile', method: 'POST', path: '/data-sets/{project}/{name}/files', roles: ['producer'], status: 202, summary: 'Receives a file whose rows are sent to the topic of a data set (Parquet, CSV with a header as text/csv, or application/x-ndjson)', accepts: 'application/vnd.apache.parquet', produces: 'application/json', maxBodyBytes: 1073741824, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  getFile: { service: 'ingestion', operationId: 'getFile', method: 'GET', path: '/data-sets/{project}/{name}/files/{file}', roles: ['viewer'], status: 200, summary: 'How far the load of a file is', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string', file: 'string' }, queryTypes: {} },
  listQuarantine: { service: 'ingestion', operationId: 'listQuarantine', method: 'GET', path: '/data-sets/{project}/{name}/quarantine', roles: ['viewer'], status: 200, summary: 'Records in quarantine, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer', code: 'string', before: 'integer', replayed: 'boolean' } },
  replayQuarantine: { service: 'ingestion', operationId: 'replayQuarantine', method: 'POST', path: '/data-sets/{project}/{name}/quarantine-replays', roles: ['operator', 'producer'], status: 200, summary: 'Sends quarantined records to the topic again, all or those named, up to 1,000 at a time', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  revertDataSet: { service: 'ingestion', operationId: 'revertDataSet', method: 'POST', path: '/data-sets/{project}/{name}/reverts', roles: ['operator'], status: 202, summary: 'Takes out everything that was published after a version; a new version says so', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  checkMonitoringPart: { service: 'monitoring', operationId: 'checkMonitoringPart', method: 'POST', path: '/pipeline-part-checks', roles: ['service'], status: 200, summary: 'Checks the part of monitoring in a pipeline, without effect', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  listWindows: { service: 'monitoring', operationId: 'listWindows', method: 'GET', path: '/pipelines/{project}/{name}/windows', roles: ['viewer'], status: 200, summary: 'Judged windows of a pipeline\'s predictions, latest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer' } },
  listComparisons: { service: 'monitoring', operationId: 'listComparisons', method: 'GET', path: '/pipelines/{project}/{name}/comparisons', roles: ['viewer'], status: 200, summary: 'Losses of the versions that answered the same requests, by pairs, latest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  listPerformance: { service: 'monitoring', operationId: 'listPerformance', method: 'GET', path: '/pipelines/{project}/{name}/performance', roles: ['viewer'], status: 200, summary: 'Quality of each model version by window, with slices, groups, estimates and what is watched besides, latest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { modelVersion: 'integer', limit: 'integer' } },
  getLoopKpis: { service: 'monitoring', operationId: 'getLoopKpis', method: 'GET', path: '/pipelines/{project}/{name}/loop-kpis', roles: ['viewer'], status: 200, summary: 'What the loop was worth, times to detect, resolve and deploy, promised against realised gain, yield and cost of retraining', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  replayPolicy: { service: 'monitoring', operationId: 'replayPolicy', method: 'POST', path: '/pipelines/{project}/{name}/policy-replays', roles: ['viewer'], status: 200, summary: 'Says what a policy does and when it would have acted on recorded windows, without effect', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  listIncidents: { service: 'monitoring', operationId: 'listIncidents', method: 'GET', path: '/incidents', roles: ['viewer'], status: 200, summary: 'Incidents, latest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { pipeline: 'string', state: 'string', limit: 'integer' } },
  getIncident: { service: 'monitoring', operationId: 'getIncident', method: 'GET', path: '/incidents/{project}/{incident}', roles: ['viewer'], status: 200, summary: 'An incident', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', incident: 'string' }, queryTypes: {} },
  acknowledgeAlert: { service: 'monitoring', operationId: 'acknowledgeAlert', method: 'POST', path: '/alerts/{project}/{alert}/acknowledgements', roles: ['operator'], status: 201, summary: 'Says that a person looks after what an alert is about', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', alert: 'string' }, queryTypes: {} },
  snoozeAlert: { service: 'monitoring', operationId: 'snoozeAlert', method: 'POST', path: '/alerts/{project}/{alert}/snoozes', roles: ['operator'], status: 201, summary: 'Wants to hear nothing of an alert for some time; it is raised again if what it is about lasts', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', alert: 'string' }, queryTypes: {} },
  listPipelines: { service: 'registry', operationId: 'listPipelines', method: 'GET', path: '/pipelines', roles: ['viewer'], status: 200, summary: 'All pipelines', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  applyPipeline: { service: 'registry', operationId: 'applyPipeline', method: 'POST', path: '/pipelines', roles: ['scientist'], status: 200, summary: 'Checks a pipeline file in every service and files it as a new version', accepts: 'application/json', produces: 'application/json', maxBodyBytes: 33554432, pathTypes: {}, queryTypes: {} },
  getPipeline: { service: 'registry', operationId: 'getPipeline', method: 'GET', path: '/pipelines/{project}/{name}', roles: ['viewer'], status: 200, summary: 'A pipeline with its versions and their states', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  getPipelineVersion: { service: 'registry', operationId: 'getPipelineVersion', method: 'GET', path: '/pipelines/{project}/{name}/versions/{version}', roles: ['viewer'], status: 200, summary: 'A version of a pipeline with its definition and its file', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string', version: 'integer' }, queryTypes: {} },
  listModelVersions: { service: 'registry', operationId: 'listModelVersions', method: 'GET', path: '/model-versions', roles: ['viewer'], status: 200, summary: 'Model versions, latest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { pipeline: 'string', stage: 'string', limit: 'integer' } },
  getModelVersion: { service: 'registry', operationId: 'getModelVersion', method: 'GET', path: '/model-versions/{project}/{name}/{version}', roles: ['viewer'], status: 200, summary: 'A model version with its evaluation and the reasons for its stage', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string', version: 'integer' }, queryTypes: {} },
  approveModelVersion: { service: 'registry', operationId: 'approveModelVersion', method: 'POST', path: '/model-versions/{project}/{name}/{version}/approvals', roles: ['approver'], status: 201, summary: 'Approves a version that waits for a person', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string', version: 'integer' }, queryTypes: {} },
  rejectModelVersion: { service: 'registry', operationId: 'rejectModelVersion', method: 'POST', path: '/model-versions/{project}/{name}/{version}/rejections', roles: ['approver'], status: 201, summary: 'Rejects a version that waits for a person', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string', version: 'integer' }, queryTypes: {} },
  withdrawModelVersion: { service: 'registry', operationId: 'withdrawModelVersion', method: 'POST', path: '/model-versions/{project}/{name}/{version}/withdrawals', roles: ['operator'], status: 201, summary: 'Takes a version out of use for good; deployment restores the one before if it serves', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string', version: 'integer' }, queryTypes: {} },
  checkTrainingPart: { service: 'training', operationId: 'checkTrainingPart', method: 'POST', path: '/pipeline-part-checks', roles: ['service'], status: 200, summary: 'Checks the part of training in a pipeline, without effect', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  listRuns: { service: 'training', operationId: 'listRuns', method: 'GET', path: '/pipelines/{project}/{name}/runs', roles: ['viewer'], status: 200, summary: 'Runs of a pipeline, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer' } },
  requestRun: { service: 'training', operationId: 'requestRun', method: 'POST', path: '/pipelines/{project}/{name}/runs', roles: ['scientist'], status: 202, summary: 'A person asks for a run; it does not wait for labels but obeys holds', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  listTriggers: { service: 'training', operationId: 'listTriggers', method: 'GET', path: '/pipelines/{project}/{name}/triggers', roles: ['viewer'], status: 200, summary: 'Triggers of a pipeline, newest first; those that wait for labels say how many rows they have and need', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer' } },
  listHolds: { service: 'training', operationId: 'listHolds', method: 'GET', path: '/pipelines/{project}/{name}/holds', roles: ['viewer'], status: 200, summary: 'Holds of a pipeline, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: {} },
  releaseHold: { service: 'training', operationId: 'releaseHold', method: 'POST', path: '/holds/{project}/{hold}/releases', roles: ['operator'], status: 200, summary: 'A person lifts a hold; the event time given is left out of later training sets', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', hold: 'string' }, queryTypes: {} },
  listQueuedRuns: { service: 'training', operationId: 'listQueuedRuns', method: 'GET', path: '/run-queue', roles: ['viewer'], status: 200, summary: 'Runs that wait for their turn, the next one first, and what they wait for', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  getRun: { service: 'training', operationId: 'getRun', method: 'GET', path: '/runs/{project}/{run}', roles: ['viewer'], status: 200, summary: 'One run', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', run: 'string' }, queryTypes: {} },
  readTracking: { service: 'training', operationId: 'readTracking', method: 'GET', path: '/api/2.0/mlflow/{entity}/{call}', roles: ['tracking', 'scientist', 'viewer'], status: 200, summary: 'Reading calls of the MLflow tracking API, arguments in the query string, errors in MLflow\'s form', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { entity: 'string', call: 'string' }, queryTypes: {} },
  writeTracking: { service: 'training', operationId: 'writeTracking', method: 'POST', path: '/api/2.0/mlflow/{entity}/{call}', roles: ['tracking', 'scientist'], status: 200, summary: 'Writing and searching calls of the MLflow tracking API', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { entity: 'string', call: 'string' }, queryTypes: {} },
  listTrackedArtifacts: { service: 'training', operationId: 'listTrackedArtifacts', method: 'GET', path: '/api/2.0/mlflow-artifacts/artifacts', roles: ['tracking', 'scientist', 'viewer'], status: 200, summary: 'Files and folders below a path of a run\'s artifacts', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: { path: 'string' } },
  downloadTrackedArtifact: { service: 'training', operationId: 'downloadTrackedArtifact', method: 'GET', path: '/api/2.0/mlflow-artifacts/artifacts/{path}', roles: ['tracking', 'scientist', 'viewer'], status: 200, summary: 'The bytes of an artifact', accepts: null, produces: 'application/octet-stream', maxBodyBytes: null, pathTypes: { path: 'string' }, queryTypes: {} },
  uploadTrackedArtifact: { service: 'training', operationId: 'uploadTrackedArtifact', method: 'PUT', path: '/api/2.0/mlflow-artifacts/artifacts/{path}', roles: ['tracking', 'scientist'], status: 200, summary: 'Stores an artifact of a run', accepts: 'application/octet-stream', produces: 'application/json', maxBodyBytes: 1073741824, pathTypes: { path: 'string' }, queryTypes: {} },
  getTrackingServerInfo: { service: 'training', operationId: 'getTrackingServerInfo', method: 'GET', path: '/api/3.0/mlflow/server-info', roles: ['tracking', 'scientist', 'viewer'], status: 200, summary: 'What MLflow 3 clients ask before they download artifacts', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  checkValidationPart: { service: 'validation', operationId: 'checkValidationPart', method: 'POST', path: '/pipeline-part-checks', roles: ['service'], status: 200, summary: 'Checks the part of validation in a pipeline, without effect', accepts: 'application/json', produces: 'application/json', maxBodyBytes: null, pathTypes: {}, queryTypes: {} },
  listSegmentVerdicts: { service: 'validation', operationId: 'listSegmentVerdicts', method: 'GET', path: '/data-sets/{project}/{name}/segment-verdicts', roles: ['viewer'], status: 200, summary: 'Verdicts over segments with their profiles, newest first', accepts: null, produces: 'application/json', maxBodyBytes: null, pathTypes: { project: 'string', name: 'string' }, queryTypes: { limit: 'integer' } },
};
