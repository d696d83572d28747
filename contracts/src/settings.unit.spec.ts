import { settingsOf } from './settings.js';

const needed = { MILLRACE_JWKS_FILE: '/keys/jwks.json', MILLRACE_SIGNING_KEY_FILE: '/keys/ingestion.pem' };

describe('settings', () => {
  it('take their defaults from the contract', () => {
    expect(settingsOf('ingestion', needed)).toMatchObject({ port: 7401, segmentLagMs: 500, kafkaBrokers: ['127.0.0.1:7492'] });
  });

  it('read numbers, lists and objects from the environment', () => {
    const environment = { ...needed, MILLRACE_INGESTION_LANES: '4', MILLRACE_KAFKA_BROKERS: 'a:1,b:2', MILLRACE_SERVICE_URLS: '{"training":"http://t"}' };
    expect(settingsOf('ingestion', environment)).toMatchObject({ lanes: 4, kafkaBrokers: ['a:1', 'b:2'], serviceUrls: { training: 'http://t' } });
  });

  it('let one service have its own value of a common setting', () => {
    expect(settingsOf('ingestion', { ...needed, MILLRACE_LOG_LEVEL: 'warn', MILLRACE_INGESTION_LOG_LEVEL: 'debug' }).logLevel).toBe('debug');
  });

  it('name every wrong variable at once, also a misspelled one', () => {
    expect(() => settingsOf('ingestion', { ...needed, MILLRACE_INGESTION_LANES: 'many', MILLRACE_INGESTION_LANE: '2' })).toThrow(
      /MILLRACE_INGESTION_LANES must be integer; MILLRACE_INGESTION_LANE is not a setting of ingestion/,
    );
  });

  it('name a missing variable that has no default', () => {
    expect(() => settingsOf('ingestion', {})).toThrow(/MILLRACE_INGESTION_JWKS_FILE is required/);
  });
});
