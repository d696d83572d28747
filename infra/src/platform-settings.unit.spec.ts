import { platformSettings, portSetting } from './platform-settings.js';

describe('the platform settings', () => {
  it('put the gateway at 7400, the services after it and the parts apart', () => {
    expect(platformSettings({}).ports).toEqual({
      gateway: 7400, ingestion: 7401, validation: 7402, 'feature-store': 7403, training: 7404, registry: 7405, deployment: 7406,
      inference: 7407, monitoring: 7408, governance: 7409, kafka: 7492, controller: 7493, postgres: 7432,
    });
  });

  it('move all ports by an offset, except one that is set by itself', () => {
    const { ports } = platformSettings({ MILLRACE_PORT_OFFSET: '1000', [portSetting('feature-store')]: '9999' });
    expect(ports).toMatchObject({ gateway: 8400, 'feature-store': 9999, postgres: 8432 });
  });

  it('refuse what is not a port, and name the setting', () => {
    expect(() => platformSettings({ MILLRACE_KAFKA_PORT: '70000' })).toThrow('MILLRACE_KAFKA_PORT must be a whole number from 1 to 65535, not "70000".');
  });

  it('run all services in one process unless told otherwise', () => {
    expect(platformSettings({}).compact).toBe(true);
    expect(platformSettings({ MILLRACE_COMPACT: 'false' }).compact).toBe(false);
  });

  it('refuse a word that is not one of the choices', () => {
    expect(() => platformSettings({ MILLRACE_COMPACT: 'maybe' })).toThrow('MILLRACE_COMPACT must be one of true, false, not "maybe".');
  });
});
