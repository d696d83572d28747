import type { GivenEvent } from '@millrace/testing';

type HoldPlacedEvent = GivenEvent<'millrace.training.hold.placed.v1'>;

/** An event for the fixture service; `incident` decides how it fares (see apply-hold). */
export function hold(pipeline: string, name: string, incident = 'asked'): HoldPlacedEvent {
  return { type: 'millrace.training.hold.placed.v1', data: { pipeline, hold: `${pipeline}-${name}`, incident: `default/${incident}`, because: [] } };
}
