/** True for the everyday steps of the data plane, of which there are thousands for every decision: segments, versions, features; and for dead letters, which decide nothing. */
export function movesDataOnly(type: string): boolean {
  return /^millrace\.(ingestion|validation|feature-store)\.(segment|record|data-set|feature-view)\.|\.dead-letter\./.test(type);
}
