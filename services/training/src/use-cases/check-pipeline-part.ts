import type { Finding, Pipeline, PipelinePartVerdict } from '@millrace/contracts';

/** Whether a program can be started, by name; the answer of the machine that would run it. */
export type ProgramLookup = (program: string) => boolean;

/** What training asks of a pipeline: a command that this machine has, and a loss that fits the task. Without effect. */
export function checkPipelinePart(definition: Pipeline, isProgram: ProgramLookup): PipelinePartVerdict {
  const [program = ''] = definition.training.command;
  const because: Finding[] = [
    {
      check: 'training-command-found',
      passed: isProgram(program),
      measured: program,
      detail: isProgram(program) ? 'The command can be started' : `There is no program ${program} where training runs`,
    },
    lossFitsTask(definition),
  ];
  return { accepted: because.every(({ passed }) => passed), because };
}

function lossFitsTask({ evaluation: { metric }, label: { task } }: Pipeline): Finding {
  const passed = metric !== 'log-loss' || task === 'binary-classification';
  return { check: 'loss-fits-task', passed, measured: metric, detail: passed ? `${metric} suits ${task}` : 'log-loss needs a label of 0 and 1' };
}
