import type { OperationOutput } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import { Answers } from '../http/answers.js';
import { Topics } from './topics.js';

/** The topics that a service works with, as it declares them and as they are: contracts/http/chassis.yaml. */
@Controller()
export class TopicsController {
  constructor(private readonly topics: Topics) {}

  @Answers('listTopics')
  async list(): Promise<OperationOutput<'listTopics'>> {
    const differences = await this.topics.compare();
    return {
      topics: this.topics.declared.map(({ topic, partitions, config = {} }) => ({
        topic,
        partitions,
        config,
        differences: differences.filter((one) => one.topic === topic).map(({ setting, declared, found }) => ({ setting, declared, found })),
      })),
    };
  }
}
