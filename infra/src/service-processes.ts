import { join } from 'node:path';
import { freePorts } from './free-ports.js';
import { portSetting, services } from './platform-settings.js';
import type { PlatformSettings, ServiceName } from './platform-settings.js';
import { serviceUrls } from './service-environment.js';
import { projectRoot } from './toolchain.js';

/** A process of the platform and the services in it. */
export interface ServiceProcess {
  /** `registry`, `registry-2` for a further process of the same service, `services` for all in one. */
  name: string;
  program: string;
  members: readonly ServiceName[];
  urls: readonly string[];
  env: Record<string, string>;
}

export interface ServiceProcessesInput extends Pick<PlatformSettings, 'compact' | 'ports'> {
  /** Processes of a service when it is to have more than one; not with `compact`. */
  replicas: Partial<Record<ServiceName, number>>;
  environmentOf(service: ServiceName): Record<string, string>;
}

/** The processes in which the ten services run. Clients know the first of each; a further one takes any free port. */
export async function serviceProcesses({ compact, ports, replicas, environmentOf }: ServiceProcessesInput): Promise<ServiceProcess[]> {
  const names = services.map(({ name }) => name);
  const urls = serviceUrls(ports);
  if (compact) {
    const env = Object.assign({}, ...names.map(environmentOf)) as Record<string, string>;
    return [{ name: 'services', program: join(projectRoot, 'infra/dist/compact.js'), members: names, urls: Object.values(urls), env }];
  }
  const further = names.flatMap((name) => Array.from({ length: (replicas[name] ?? 1) - 1 }, (_, index) => ({ name, number: index + 2 })));
  const furtherPorts = await freePorts(further.length);
  const program = (name: ServiceName): string => join(projectRoot, `services/${name}/dist/main.js`);
  return [
    ...names.map((name) => ({ name, program: program(name), members: [name], urls: [urls[name]], env: environmentOf(name) })),
    ...further.map(({ name, number }, index) => {
      const port = String(furtherPorts[index]);
      return { name: `${name}-${number}`, program: program(name), members: [name], urls: [`http://127.0.0.1:${port}`], env: { ...environmentOf(name), [portSetting(name)]: port } };
    }),
  ];
}
