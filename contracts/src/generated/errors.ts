// Written by `npm run contracts`. Do not edit: change the files under contracts/ instead.

import type { ErrorDescription } from '../millrace-error.js';

export type ErrorCode =
  | 'unreadable-body'
  | 'unreadable-address'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'invalid-request'
  | 'unstorable-value'
  | 'invalid-schema'
  | 'invalid-event'
  | 'invalid-settings'
  | 'invalid-pipeline'
  | 'invalid-record'
  | 'invalid-proof'
  | 'invalid-model'
  | 'idempotency-key-reused'
  | 'unauthenticated'
  | 'role-required'
  | 'project-forbidden'
  | 'second-person-required'
  | 'untrusted-model'
  | 'run-code-required'
  | 'route-not-found'
  | 'project-not-found'
  | 'pipeline-not-found'
  | 'pipeline-version-not-found'
  | 'data-set-not-found'
  | 'data-set-version-not-found'
  | 'file-not-found'
  | 'segment-not-found'
  | 'quarantined-record-not-found'
  | 'feature-view-not-found'
  | 'training-set-not-found'
  | 'hold-out-not-found'
  | 'run-not-found'
  | 'invalid-tracking-call'
  | 'alert-is-over'
  | 'experiment-already-exists'
  | 'training-output-invalid'
  | 'experiment-not-found'
  | 'artifact-not-found'
  | 'object-not-found'
  | 'row-not-found'
  | 'model-version-not-found'
  | 'model-not-served'
  | 'approval-not-found'
  | 'rollout-not-found'
  | 'incident-not-found'
  | 'alert-not-found'
  | 'reference-not-found'
  | 'hold-not-found'
  | 'cascade-not-found'
  | 'audit-entry-not-found'
  | 'checkpoint-not-found'
  | 'prediction-not-found'
  | 'token-not-found'
  | 'dead-letter-not-found'
  | 'dead-letter-dropped'
  | 'stale-version'
  | 'precondition-failed'
  | 'object-exists'
  | 'data-set-owned-elsewhere'
  | 'pipeline-not-active'
  | 'not-awaiting-approval'
  | 'rollout-in-progress'
  | 'rollout-not-paused'
  | 'no-rollout-in-progress'
  | 'run-in-progress'
  | 'training-held'
  | 'offset-conflict'
  | 'port-taken'
  | 'database-unavailable'
  | 'kafka-access-refused'
  | 'database-access-refused'
  | 'kafka-unavailable'
  | 'object-store-unavailable'
  | 'service-unavailable'
  | 'not-ready'
  | 'quota-exceeded'
  | 'disk-full'
  | 'features-stale'
  | 'training-failed'
  | 'part-missing'
  | 'internal-error'
  | 'invalid-object-store-url'
  | 'invalid-object-key'
  | 'invalid-column-value'
  | 'no-score'
  | 'invalid-features'
  | 'delta-unsupported'
  | 'delta-table-not-found'
  | 'delta-version-not-found'
  | 'delta-file-not-found'
  | 'delta-conflict'
  | 'digest-mismatch'
  | 'query-failed'
  | 'invalid-file'
  | 'invalid-revert';

export const errorTable: { readonly [C in ErrorCode]: ErrorDescription } = {
  'unreadable-body': { kind: 'invalid', title: 'The body cannot be read', todo: 'Send well-formed JSON with Content-Type application/json.', status: 400 },
  'unreadable-address': { kind: 'invalid', title: 'The address cannot be read', todo: 'Percent-encode the path as UTF-8.', status: 400 },
  'payload-too-large': { kind: 'invalid', title: 'The body is too large', todo: 'Send less at a time.', status: 413 },
  'unsupported-media-type': { kind: 'invalid', title: 'The media type is not accepted', todo: 'Send the media type that the API description names.', status: 415 },
  'invalid-request': { kind: 'invalid', title: 'The request does not match its contract', todo: 'Mend the fields listed in errors.', status: 422 },
  'unstorable-value': { kind: 'invalid', title: 'A value cannot be stored', todo: 'Send texts without U+0000 and numbers of usual size.', status: 422 },
  'invalid-schema': { kind: 'invalid', title: 'The data do not match their schema', todo: 'Mend the fields listed in errors.', status: 422 },
  'invalid-event': { kind: 'invalid', title: 'The event does not match its contract', todo: 'Compare its data with the schema in contracts/events and mend the producer.', status: 422 },
  'invalid-settings': { kind: 'invalid', title: 'The settings are wrong', todo: 'Mend the named environment variables and start again.', status: 422 },
  'invalid-pipeline': { kind: 'invalid', title: 'The pipeline file is wrong', todo: 'Mend the lines listed in errors and apply again.', status: 422 },
  'invalid-record': { kind: 'invalid', title: 'The record does not match its data set', todo: 'Mend the record and send it again.', status: 422 },
  'invalid-proof': { kind: 'invalid', title: 'The proof is not in its format', todo: 'Fetch the proof or the checkpoint again and pass it on unchanged.', status: 422 },
  'invalid-model': { kind: 'invalid', title: 'The model file cannot be used', todo: 'Export the model as the training contract says.', status: 422 },
  'idempotency-key-reused': { kind: 'invalid', title: 'The Idempotency-Key was used for another request', todo: 'Send a new key for a new request.', status: 422 },
  unauthenticated: { kind: 'forbidden', title: 'No valid token was sent', todo: 'Send a token as Authorization Bearer.', status: 401 },
  'role-required': { kind: 'forbidden', title: 'The caller lacks the role', todo: 'Ask an administrator for the role that the problem names.', status: 403 },
  'project-forbidden': { kind: 'forbidden', title: 'The token is for another project', todo: 'Use a token of the project.', status: 403 },
  'second-person-required': { kind: 'forbidden', title: 'Another person must approve', todo: 'Let someone approve who did not ask for the version.', status: 403 },
  'untrusted-model': { kind: 'forbidden', title: 'The signature of the model does not verify', todo: 'Approve the version again through the registry.', status: 403 },
  'run-code-required': { kind: 'forbidden', title: 'Applying a training command needs the role run-code', todo: 'Ask an administrator for the role run-code.', status: 403 },
  'route-not-found': { kind: 'not-found', title: 'There is no such path', todo: 'Look up the path in contracts/http.', status: 404 },
  'project-not-found': { kind: 'not-found', title: 'There is no such project', todo: 'List the pipelines.', status: 404 },
  'pipeline-not-found': { kind: 'not-found', title: 'There is no such pipeline', todo: 'List the pipelines.', status: 404 },
  'pipeline-version-not-found': { kind: 'not-found', title: 'There is no such version of the pipeline', todo: 'List the versions of the pipeline.', status: 404 },
  'data-set-not-found': { kind: 'not-found', title: 'There is no such data set', todo: 'List the data sets.', status: 404 },
  'data-set-version-not-found': { kind: 'not-found', title: 'There is no such version of the data set', todo: 'List the versions of the data set.', status: 404 },
  'file-not-found': { kind: 'not-found', title: 'There is no such file', todo: 'List the files of the data set.', status: 404 },
  'segment-not-found': { kind: 'not-found', title: 'There is no such segment', todo: 'Wait until the segment was staged', status: 404 },
  'quarantined-record-not-found': { kind: 'not-found', title: 'There is no such quarantined record', todo: 'List the quarantine.', status: 404 },
  'feature-view-not-found': { kind: 'not-found', title: 'There is no such feature view', todo: 'Apply the pipeline that defines it.', status: 404 },
  'training-set-not-found': { kind: 'not-found', title: 'There is no such training set', todo: 'List the runs of the pipeline.', status: 404 },
  'hold-out-not-found': { kind: 'not-found', title: 'There is no such hold-out', todo: 'List the runs of the pipeline.', status: 404 },
  'run-not-found': { kind: 'not-found', title: 'There is no such run', todo: 'List the runs.', status: 404 },
  'invalid-tracking-call': { kind: 'invalid', title: 'The call of the tracking API is wrong', todo: 'Compare its arguments with MLflow\'s REST API.', status: 400 },
  'alert-is-over': { kind: 'conflict', title: 'What the alert was about is over', todo: 'Nothing; list the incidents to see how it ended.', status: 409 },
  'experiment-already-exists': { kind: 'conflict', title: 'There is an experiment of that name', todo: 'Use it or choose another name.', status: 409 },
  'training-output-invalid': { kind: 'invalid', title: 'The training command did not leave what the contract asks for', todo: 'Read the detail and services/training/README.md.', status: 422 },
  'experiment-not-found': { kind: 'not-found', title: 'There is no such experiment', todo: 'List the experiments.', status: 404 },
  'artifact-not-found': { kind: 'not-found', title: 'There is no such artifact', todo: 'List the artifacts of the run.', status: 404 },
  'object-not-found': { kind: 'not-found', title: 'There is no such object in the store', todo: 'Check the address; the object may have been removed by hand.', status: 404 },
  'row-not-found': { kind: 'not-found', title: 'There is no such entry', todo: 'Check the id.', status: 404 },
  'model-version-not-found': { kind: 'not-found', title: 'There is no such model version', todo: 'List the versions of the model.', status: 404 },
  'model-not-served': { kind: 'not-found', title: 'No version of this model is served', todo: 'Roll out an approved version first.', status: 404 },
  'approval-not-found': { kind: 'not-found', title: 'There is no open approval', todo: 'List the versions that wait for approval.', status: 404 },
  'rollout-not-found': { kind: 'not-found', title: 'There is no such rollout', todo: 'List the rollouts of the pipeline.', status: 404 },
  'incident-not-found': { kind: 'not-found', title: 'There is no such incident', todo: 'List the incidents of the pipeline.', status: 404 },
  'alert-not-found': { kind: 'not-found', title: 'There is no such alert', todo: 'List the incidents.', status: 404 },
  'reference-not-found': { kind: 'not-found', title: 'The version has no reference yet', todo: 'Wait until its training set was read.', status: 404 },
  'hold-not-found': { kind: 'not-found', title: 'There is no such hold', todo: 'List the holds of the pipeline.', status: 404 },
  'cascade-not-found': { kind: 'not-found', title: 'There is no such cascade', todo: 'List the cascades.', status: 404 },
  'audit-entry-not-found': { kind: 'not-found', title: 'There is no such entry in the audit log', todo: 'Ask for the size of the log first.', status: 404 },
  'checkpoint-not-found': { kind: 'not-found', title: 'There is no such checkpoint', todo: 'Ask for the latest checkpoint first.', status: 404 },
  'prediction-not-found': { kind: 'not-found', title: 'There is no such prediction in the log', todo: 'Wait until the prediction was published', status: 404 },
  'token-not-found': { kind: 'not-found', title: 'There is no such token', todo: 'List the tokens.', status: 404 },
  'dead-letter-not-found': { kind: 'not-found', title: 'There is no such dead letter', todo: 'List the dead letters.', status: 404 },
  'dead-letter-dropped': { kind: 'conflict', title: 'The dead letter was dropped', todo: 'Have its producer send the event again; what was dropped is erased.', status: 409 },
  'stale-version': { kind: 'conflict', title: 'Someone changed it meanwhile', todo: 'Read it again and repeat.', status: 409 },
  'precondition-failed': { kind: 'conflict', title: 'The precondition does not hold', todo: 'Read it again and repeat.', status: 412 },
  'object-exists': { kind: 'conflict', title: 'The object exists already', todo: 'Read it; objects are never overwritten.', status: 409 },
  'data-set-owned-elsewhere': { kind: 'conflict', title: 'Another pipeline declares the data set', todo: 'Use the data set instead of declaring it.', status: 409 },
  'pipeline-not-active': { kind: 'conflict', title: 'No version of the pipeline is active', todo: 'Apply the pipeline and wait until it is active.', status: 409 },
  'not-awaiting-approval': { kind: 'conflict', title: 'The version does not wait for approval', todo: 'Look at the stage of the version.', status: 409 },
  'rollout-in-progress': { kind: 'conflict', title: 'A rollout is in progress', todo: 'Wait until it ends or roll it back.', status: 409 },
  'rollout-not-paused': { kind: 'conflict', title: 'The rollout is not paused', todo: 'Look at the rollouts of the pipeline.', status: 409 },
  'no-rollout-in-progress': { kind: 'conflict', title: 'No rollout is in progress', todo: 'Look at the rollouts of the pipeline.', status: 409 },
  'run-in-progress': { kind: 'conflict', title: 'A run is in progress', todo: 'Wait until it ends.', status: 409 },
  'training-held': { kind: 'conflict', title: 'Training is held by an incident', todo: 'Mend the data; the hold is lifted when they are normal again.', status: 409 },
  'offset-conflict': { kind: 'conflict', title: 'The position was moved by another process', todo: 'Nothing; the reader starts again from the stored position.', status: 409 },
  'port-taken': { kind: 'conflict', title: 'The port is taken', todo: 'Stop the named process or choose another port.', status: 409 },
  'database-unavailable': { kind: 'unavailable', title: 'The database is away', todo: 'Wait; work goes on when it is back.', status: 503 },
  'kafka-access-refused': { kind: 'unavailable', title: 'Kafka keeps the service out', todo: 'Mend the user', status: 503 },
  'database-access-refused': { kind: 'unavailable', title: 'Postgres keeps the service out', todo: 'Mend the role', status: 503 },
  'kafka-unavailable': { kind: 'unavailable', title: 'Kafka is away', todo: 'Wait; work goes on when it is back.', status: 503 },
  'object-store-unavailable': { kind: 'unavailable', title: 'The object store is away', todo: 'Wait; work goes on when it is back.', status: 503 },
  'service-unavailable': { kind: 'unavailable', title: 'Another service is away', todo: 'Wait; the call is repeated.', status: 503 },
  'not-ready': { kind: 'unavailable', title: 'The service is still starting', todo: 'Try again shortly.', status: 503 },
  'quota-exceeded': { kind: 'unavailable', title: 'The quota is used up', todo: 'Wait', status: 429 },
  'disk-full': { kind: 'unavailable', title: 'The disk is full', todo: 'Free space and try again.', status: 503 },
  'features-stale': { kind: 'unavailable', title: 'The online features are not there yet', todo: 'Wait until the feature view has caught up.', status: 503 },
  'training-failed': { kind: 'internal', title: 'The training command failed', todo: 'Read the log of the run.', status: 500 },
  'part-missing': { kind: 'internal', title: 'A prerequisite of the platform is missing', todo: 'Install what the detail names.', status: 500 },
  'internal-error': { kind: 'internal', title: 'Something broke inside Millrace', todo: 'Try again; if it stays', status: 500 },
  'invalid-object-store-url': { kind: 'invalid', title: 'The address of the object store cannot be used', todo: 'Give file:///directory or s3://bucket/prefix?endpoint=http://host:port.', status: 422 },
  'invalid-object-key': { kind: 'invalid', title: 'The name of an object is not allowed', todo: 'Use the address that the event or the API gave.', status: 422 },
  'invalid-column-value': { kind: 'invalid', title: 'A value does not fit its column', todo: 'Send the type that the data set declares.', status: 422 },
  'no-score': { kind: 'invalid', title: 'The model answers no number for the record', todo: 'Check the values of the record; if they are usual ones roll the model version back.', status: 422 },
  'invalid-features': { kind: 'invalid', title: 'The features do not match the signature of the model', todo: 'Send every input by its name and type.', status: 422 },
  'delta-unsupported': { kind: 'invalid', title: 'The table uses a feature of Delta Lake that Millrace does not know', todo: 'Keep tables of Millrace at reader 1 and writer 2 with the five column types.', status: 422 },
  'delta-table-not-found': { kind: 'not-found', title: 'There is no such table', todo: 'Wait for the first version of the data set.', status: 404 },
  'delta-version-not-found': { kind: 'not-found', title: 'The table has no such version', todo: 'List the versions of the data set.', status: 404 },
  'delta-file-not-found': { kind: 'conflict', title: 'The file is not part of the table', todo: 'Load the newest version of the table and decide again.', status: 409 },
  'delta-conflict': { kind: 'conflict', title: 'The table was changed at the same time', todo: 'Try again on the newest version.', status: 409 },
  'digest-mismatch': { kind: 'internal', title: 'An object is not the one that was announced', todo: 'Restore the object from a backup and do not use what is there.', status: 500 },
  'query-failed': { kind: 'internal', title: 'A query over data files failed', todo: 'Read the detail; if memory ran out raise the memory limit of the service.', status: 500 },
  'invalid-file': { kind: 'invalid', title: 'The file cannot be loaded into the data set', todo: 'Send Parquet', status: 422 },
  'invalid-revert': { kind: 'invalid', title: 'The data set cannot be reverted to that version', todo: 'Name an older version of the list of versions.', status: 422 },
};
