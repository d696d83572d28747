/** What a route demands of its caller. */
export interface RouteAccess {
  operationId: string;
  /** One of these is needed; `public` alone: nothing. */
  roles: readonly string[];
  /** The body is not parsed. */
  isRaw: boolean;
  /** Largest parsed body; null: the service's setting. */
  maxBodyBytes: number | null;
}

/** Key of the metadata that routes carry. */
export const operationMetadata = 'millrace:operation';
