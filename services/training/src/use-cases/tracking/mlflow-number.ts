/** A number in MLflow's JSON, which writes what JSON cannot say as text. */
export function mlflowNumber(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}
