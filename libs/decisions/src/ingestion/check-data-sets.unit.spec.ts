import type { ColumnDefinition, DataSetDefinition } from '@millrace/contracts';
import { checkDataSets, mergeColumns } from './check-data-sets.js';

const column = (name: string, type: ColumnDefinition['type'], optional = false): ColumnDefinition => ({ name, type, optional, from: null, to: null, matches: null, oneOf: null, failure: 'quarantine' });
const dataSet = (columns: ColumnDefinition[]): DataSetDefinition => ({ id: 'default/flights', name: 'flights', keyColumn: 'id', eventTimeColumn: 'at', knownAtColumn: 'at', partitions: null, columns, segmentChecks: [] });
const known = { dataSet: 'default/flights', pipeline: 'default/delays', columns: [column('id', 'string'), column('distance', 'double')] };

describe('the data sets of a pipeline', () => {
  it('are taken when they are new or its own', () => {
    expect(checkDataSets('default/delays', [dataSet([column('id', 'string')])], []).every((finding) => finding.passed)).toBe(true);
    expect(checkDataSets('default/delays', [dataSet([column('id', 'string'), column('gate', 'string', true)])], [known]).every((finding) => finding.passed)).toBe(true);
  });

  it('are refused when another pipeline declared them', () => {
    expect(checkDataSets('default/other', [dataSet([])], [known])).toMatchObject([{ check: 'data-set-owner', passed: false, detail: 'default/flights belongs to default/delays' }]);
  });

  it('are refused when a column changes its type or only its case', () => {
    const findings = checkDataSets('default/delays', [dataSet([column('distance', 'string'), column('ID', 'string')])], [known]);
    expect(findings.filter((finding) => !finding.passed).map((finding) => finding.check)).toEqual(['column-type', 'column-type']);
  });

  it('keep every column that the table ever had', () => {
    expect(mergeColumns(known.columns, [column('id', 'string'), column('gate', 'string')])).toEqual([column('id', 'string'), column('distance', 'double', true), column('gate', 'string')]);
  });
});
