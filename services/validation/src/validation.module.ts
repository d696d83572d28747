import { Module } from '@nestjs/common';
import { RuntimeModule } from '@millrace/runtime';
import { SegmentJudge } from './adapters/segment-judge.js';
import { ValidationController } from './http/validation.controller.js';
import { Verdicts0001 } from './store/migrations/0001-verdicts.js';
import { SuiteRow } from './store/suite.row.js';
import { VerdictRow } from './store/verdict.row.js';
import { ValidationEvents } from './validation.events.js';

@Module({
  imports: [RuntimeModule.forService({ name: 'validation', rows: [SuiteRow, VerdictRow], migrations: [Verdicts0001] })],
  controllers: [ValidationController, ValidationEvents],
  providers: [SegmentJudge],
})
export class ValidationModule {}
