import type { RouteChanged, Target } from '@millrace/contracts';
import type { Model } from '@millrace/scoring';
import type { Logger } from 'pino';
import type { ModelShelf } from './model-shelf.js';

/** A target whose model is in memory. */
export interface LoadedTarget extends Target {
  loaded: Model;
}

/** A route as it is followed now. */
export interface ActiveRoute {
  pipeline: string;
  revision: number;
  pipelineVersion: number;
  targets: LoadedTarget[];
}

/** A route as it was announced. */
export interface AnnouncedRoute {
  data: RouteChanged;
  pipelineVersion: number;
}

/**
 * Routes by pipeline. A new route is followed once its champion is loaded; until then, and when its champion cannot be served, the one before answers. A challenger
 * or shadow that cannot be served is left out.
 */
export class RouteTable {
  private readonly active = new Map<string, ActiveRoute>();
  private readonly announced = new Map<string, AnnouncedRoute>();
  private readonly problems = new Map<string, string>();

  constructor(
    private readonly shelf: ModelShelf,
    private readonly logger: Logger,
  ) {}

  /** Takes a route; an older revision than the one known is left out. */
  async apply(route: AnnouncedRoute): Promise<void> {
    const { pipeline, revision } = route.data;
    const known = this.announced.get(pipeline);
    if (known && known.data.revision >= revision) return;
    for (const target of known?.data.targets ?? []) this.problems.delete(problemKey(pipeline, target));
    this.announced.set(pipeline, route);
    await this.activate(route);
  }

  get(pipeline: string): ActiveRoute | undefined {
    return this.active.get(pipeline);
  }

  /** What was announced, for the state directory. */
  announcements(): AnnouncedRoute[] {
    return [...this.announced.values()];
  }

  /** Tries again what could not be loaded. */
  async retry(): Promise<void> {
    for (const route of this.announced.values()) if (this.isIncomplete(route)) await this.activate(route);
  }

  /** Every target that was announced, with why it cannot answer. */
  state(): { pipeline: string; revision: number; target: Target; problem: string | null }[] {
    return [...this.announced.values()].flatMap(({ data: { pipeline, revision, targets } }) =>
      targets.map((target) => ({ pipeline, revision, target, problem: this.problems.get(problemKey(pipeline, target)) ?? null })),
    );
  }

  private isIncomplete({ data: { pipeline, targets } }: AnnouncedRoute): boolean {
    return targets.some((target) => this.problems.has(problemKey(pipeline, target)));
  }

  private async activate({ data: { pipeline, revision, targets }, pipelineVersion }: AnnouncedRoute): Promise<void> {
    const loaded = (await Promise.all(targets.map((target) => this.tryLoad(pipeline, target)))).filter((target) => target !== undefined);
    if (this.announced.get(pipeline)?.data.revision !== revision) return;
    if (targets.length === 0) this.active.delete(pipeline);
    else if (loaded.some((target) => target.role === 'champion')) this.active.set(pipeline, { pipeline, revision, pipelineVersion, targets: loaded });
    this.shelf.release([...this.active.values()].flatMap((route) => route.targets));
  }

  private async tryLoad(pipeline: string, target: Target): Promise<LoadedTarget | undefined> {
    const key = problemKey(pipeline, target);
    try {
      const loaded = await this.shelf.load(pipeline, target);
      this.problems.delete(key);
      return { ...target, loaded };
    } catch (error) {
      this.problems.set(key, error instanceof Error ? error.message : String(error));
      this.logger.warn({ err: error, pipeline, modelVersion: target.modelVersion }, 'a model cannot be served');
      return undefined;
    }
  }
}

function problemKey(pipeline: string, target: Target): string {
  return `${pipeline}@${target.modelVersion}/${target.role}`;
}
