import type { DeadLetter, DeadLetterDetail, OperationInput, OperationOutput } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import { Answers } from '../http/answers.js';
import type { RequestCause } from '../work/cause.js';
import { DeadLetters } from './dead-letters.js';

/** Dead letters and parked events of a service: contracts/http/chassis.yaml. */
@Controller()
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Answers('listDeadLetters')
  list(input: OperationInput<'listDeadLetters'>, cause: RequestCause): Promise<OperationOutput<'listDeadLetters'>> {
    return this.deadLetters.list(input, cause);
  }

  @Answers('getDeadLetter')
  get({ id }: OperationInput<'getDeadLetter'>, cause: RequestCause): Promise<DeadLetterDetail> {
    return this.deadLetters.get(id, cause);
  }

  @Answers('replayDeadLetter')
  replay(input: OperationInput<'replayDeadLetter'>, cause: RequestCause): Promise<DeadLetter> {
    return this.deadLetters.replay(input, cause);
  }

  @Answers('dropDeadLetter')
  drop(input: OperationInput<'dropDeadLetter'>, cause: RequestCause): Promise<DeadLetter> {
    return this.deadLetters.drop(input, cause);
  }

  @Answers('replayDeadLetters')
  replayMatching(input: OperationInput<'replayDeadLetters'>, cause: RequestCause): Promise<OperationOutput<'replayDeadLetters'>> {
    return this.deadLetters.replayMatching(input, cause);
  }

  @Answers('dropDeadLetters')
  dropMatching(input: OperationInput<'dropDeadLetters'>, cause: RequestCause): Promise<OperationOutput<'dropDeadLetters'>> {
    return this.deadLetters.dropMatching(input, cause);
  }

  @Answers('listParkedEvents')
  listParked(input: OperationInput<'listParkedEvents'>, cause: RequestCause): Promise<OperationOutput<'listParkedEvents'>> {
    return this.deadLetters.listParked(input, cause);
  }
}
