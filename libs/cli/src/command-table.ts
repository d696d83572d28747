import type { Command } from './command.js';
import { actions } from './commands/actions.js';
import { applyCommand } from './commands/apply.js';
import { auditCheckpointCommand, auditEntryCommand, auditProofCommand, auditVerifyCommand } from './commands/audit.js';
import { cascadesCommand } from './commands/cascades.js';
import { deadLetterCommands } from './commands/dead-letters.js';
import { detectCommand } from './commands/detect.js';
import { driftCommand } from './commands/drift.js';
import { listings } from './commands/listings.js';
import { platformCommands } from './commands/platform.js';
import { loopCommand, policyReplayCommand } from './commands/policy.js';
import { topicsCommand } from './commands/topics.js';

/** Every command, in the order in which help shows them. */
export const commandTable: readonly Command[] = [
  ...platformCommands, applyCommand, ...listings, cascadesCommand, loopCommand, policyReplayCommand, ...actions,
  auditVerifyCommand, auditCheckpointCommand, auditProofCommand, auditEntryCommand, ...deadLetterCommands, topicsCommand, driftCommand, detectCommand,
];
