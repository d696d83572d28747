// Written by `npm run contracts`. Do not edit: change the files under contracts/ instead.

import type { ServiceName } from './settings.js';

/** What a user may do with topics or groups. Kafka lets who may do any of it also describe them. */
export interface KafkaGrant {
  resource: 'topic' | 'group';
  /** `prefixed`: the beginning of names. */
  pattern: 'literal' | 'prefixed';
  /** Without the topic prefix. */
  name: string;
  operations: readonly ('Create' | 'DescribeConfigs' | 'Read' | 'Write' | 'Delete')[];
  /** What for. */
  because: readonly string[];
}

/** Least privilege, by service, and what users outside may be given (braces stand for a part of a name). */
export const kafkaAccess: {
  services: Readonly<Record<ServiceName, { user: string; grants: readonly KafkaGrant[] }>>;
  openTopics: { write: readonly string[]; read: readonly string[] };
} = {
 "services": {
  "deployment": {
   "user": "millrace-deployment",
   "grants": [
    { "resource": "group", "pattern": "literal", "name": "millrace.deployment", "operations": [ "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.dead-letter", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.rollout", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.route", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.alert", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.analysis", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.drift", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.performance", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.model-version", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] }
   ]
  },
  "feature-store": {
   "user": "millrace-feature-store",
   "grants": [
    { "resource": "group", "pattern": "literal", "name": "millrace.feature-store", "operations": [ "Read" ], "because": [ "consumes" ] },
    { "resource": "group", "pattern": "prefixed", "name": "millrace.feature-store.data.", "operations": [ "Read" ], "because": [ "lanes" ] },
    { "resource": "topic", "pattern": "prefixed", "name": "millrace.data.", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "creates", "tiles of aggregate features" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.dead-letter", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.feature-value", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "tiles that changed", "creates" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.feature-view", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.training-set", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.data-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.segment", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.run", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.segment", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] }
   ]
  },
  "gateway": {
   "user": "millrace-gateway",
   "grants": [
    { "resource": "group", "pattern": "prefixed", "name": "millrace.gateway.events.", "operations": [ "Read", "Delete" ], "because": [ "events as they happen" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.rollout", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.route", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.feature-view", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.training-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.cascade", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.checkpoint", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.data-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.record", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.segment", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.alert", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.analysis", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.drift", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.performance", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.model-version", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.evaluation", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.hold", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.run", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.trigger", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.segment", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "events as they happen, for those who listen over HTTP" ] }
   ]
  },
  "governance": {
   "user": "millrace-governance",
   "grants": [
    { "resource": "group", "pattern": "literal", "name": "millrace.governance", "operations": [ "Read" ], "because": [ "consumes" ] },
    { "resource": "group", "pattern": "prefixed", "name": "millrace.governance.data.", "operations": [ "Read" ], "because": [ "the audit log" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.rollout", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.route", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.feature-view", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.training-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.cascade", "operations": [ "Create", "DescribeConfigs", "Read", "Write" ], "because": [ "emits", "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.checkpoint", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read", "Write" ], "because": [ "emits", "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read", "Write" ], "because": [ "emits", "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.data-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.record", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.segment", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.alert", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.analysis", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.drift", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.performance", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.model-version", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.evaluation", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.hold", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.run", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.trigger", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.dead-letter", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.segment", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] }
   ]
  },
  "inference": {
   "user": "millrace-inference",
   "grants": [
    { "resource": "group", "pattern": "prefixed", "name": "millrace.inference.", "operations": [ "Read", "Delete" ], "because": [ "routes and online values" ] },
    { "resource": "topic", "pattern": "prefixed", "name": "millrace.data.", "operations": [ "Write" ], "because": [ "the prediction log" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.route", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.feature-value", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "online values", "creates" ] }
   ]
  },
  "ingestion": {
   "user": "millrace-ingestion",
   "grants": [
    { "resource": "group", "pattern": "literal", "name": "millrace.ingestion", "operations": [ "Read" ], "because": [ "consumes" ] },
    { "resource": "group", "pattern": "prefixed", "name": "millrace.ingestion.data.", "operations": [ "Read" ], "because": [ "lanes" ] },
    { "resource": "topic", "pattern": "prefixed", "name": "millrace.data.", "operations": [ "Create", "DescribeConfigs", "Read", "Write" ], "because": [ "records that came over HTTP or in files, and those sent again from quarantine", "record checks and segments", "creates", "records that passed" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.data-set", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.dead-letter", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.record", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.segment", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.segment", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] }
   ]
  },
  "monitoring": {
   "user": "millrace-monitoring",
   "grants": [
    { "resource": "group", "pattern": "literal", "name": "millrace.monitoring", "operations": [ "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.rollout", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.route", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.training-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.data-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.record", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.alert", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.analysis", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.dead-letter", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.drift", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.performance", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.model-version", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.evaluation", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.run", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] }
   ]
  },
  "registry": {
   "user": "millrace-registry",
   "grants": [
    { "resource": "group", "pattern": "literal", "name": "millrace.registry", "operations": [ "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.rollout", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.governance.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.dead-letter", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.model-version", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.evaluation", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.run", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] }
   ]
  },
  "training": {
   "user": "millrace-training",
   "grants": [
    { "resource": "group", "pattern": "literal", "name": "millrace.training", "operations": [ "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.deployment.rollout", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.feature-store.training-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.data-set", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.alert", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.drift", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.monitoring.performance", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.model-version", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.dead-letter", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.evaluation", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.hold", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.run", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.training.trigger", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] }
   ]
  },
  "validation": {
   "user": "millrace-validation",
   "grants": [
    { "resource": "group", "pattern": "literal", "name": "millrace.validation", "operations": [ "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.ingestion.segment", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.registry.pipeline", "operations": [ "Create", "DescribeConfigs", "Read" ], "because": [ "consumes" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.dead-letter", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.pipeline-part", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] },
    { "resource": "topic", "pattern": "literal", "name": "millrace.validation.segment", "operations": [ "Create", "DescribeConfigs", "Write" ], "because": [ "emits" ] }
   ]
  }
 },
 "openTopics": {
  "write": [
   "millrace.data.{project}.{dataSet}"
  ],
  "read": [
   "millrace.data.{project}.{dataSet}.accepted",
   "millrace.deployment.dead-letter",
   "millrace.deployment.pipeline-part",
   "millrace.deployment.rollout",
   "millrace.deployment.route",
   "millrace.feature-store.dead-letter",
   "millrace.feature-store.feature-view",
   "millrace.feature-store.pipeline-part",
   "millrace.feature-store.training-set",
   "millrace.governance.cascade",
   "millrace.governance.checkpoint",
   "millrace.governance.dead-letter",
   "millrace.governance.pipeline-part",
   "millrace.ingestion.data-set",
   "millrace.ingestion.dead-letter",
   "millrace.ingestion.pipeline-part",
   "millrace.ingestion.record",
   "millrace.ingestion.segment",
   "millrace.monitoring.alert",
   "millrace.monitoring.analysis",
   "millrace.monitoring.dead-letter",
   "millrace.monitoring.drift",
   "millrace.monitoring.performance",
   "millrace.monitoring.pipeline-part",
   "millrace.registry.dead-letter",
   "millrace.registry.model-version",
   "millrace.registry.pipeline",
   "millrace.training.dead-letter",
   "millrace.training.evaluation",
   "millrace.training.hold",
   "millrace.training.pipeline-part",
   "millrace.training.run",
   "millrace.training.trigger",
   "millrace.validation.dead-letter",
   "millrace.validation.pipeline-part",
   "millrace.validation.segment"
  ]
 }
};
