import { requireKnownVariables, requireUsableSettings } from './check-settings.js';
import { platformSettings } from './platform-settings.js';

const { ports } = platformSettings({});

describe('the settings of a start', () => {
  it('are refused when one is misspelled, by its name', () => {
    expect(() => requireKnownVariables({ MILLRACE_KAFKA_PROT: '1', MILLRACE_REGISTRY_RELAI: '2', HOME: '/' }, ports)).toThrow(/^MILLRACE_KAFKA_PROT, MILLRACE_REGISTRY_RELAI: no such setting/);
  });

  it('may set ports, the home, what every service has and what one service has', () => {
    const environment = { MILLRACE_KAFKA_PORT: '1', MILLRACE_HOME: 'x', MILLRACE_LOG_LEVEL: 'info', MILLRACE_INGESTION_SEGMENT_LAG_MS: '200', MILLRACE_TEST_CONTAINERS: '1' };
    expect(() => requireKnownVariables(environment, ports)).not.toThrow();
  });

  it('are refused in one sentence when a service cannot use them', () => {
    expect(() => requireUsableSettings('registry', { MILLRACE_REGISTRY_PORT: 'late', MILLRACE_JWKS_FILE: 'a', MILLRACE_SIGNING_KEY_FILE: 'b' })).toThrow(/^registry cannot be started with these settings: .*MILLRACE_REGISTRY_PORT must be integer/);
  });
});
