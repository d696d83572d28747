import type { Broker, BrokerProducer } from '../broker/broker.js';
import type { ServiceStore, StoreTransaction } from '../store/service-store.js';
import type { Planted } from './platform.js';

/** Ways to be wrong that the simulation must find; each stands between the chassis and a port, the chassis itself is as in production. */
export const plantedBugs: Record<string, Planted> = {
  'a relay that marks before it sends': {
    store: (store) =>
      changed(store, {
        unsent: async (limit) => {
          const rows = await store.unsent(limit);
          await store.markSent(rows.map(({ position }) => position));
          return rows;
        },
        markSent: () => Promise.resolve(),
      }),
  },
  'a relay that sends the newest first': { store: (store) => changed(store, { unsent: async (limit) => (await store.unsent(limit)).reverse() }) },
  'a relay that goes on with a producer whose request failed': { broker: withOneProducer },
  'an inbox that is not in the transaction': { store: (store) => inTransactions(store, () => ({ admitEvent: (event, origin) => apart(store, (other) => other.admitEvent(event, origin)), admitEvents: (events) => apart(store, (other) => other.admitEvents(events)) })) },
  'no inbox': { store: (store) => inTransactions(store, (transaction) => ({ admitEvent: async (event, origin) => (await transaction.admitEvent(event, origin)) || true, admitEvents: everyId })) },
  'an inbox that is asked for single events only': { store: (store) => inTransactions(store, () => ({ admitEvents: everyId })) },
  'an outbox that is not in the transaction': { store: (store) => inTransactions(store, () => ({ addToOutbox: (rows, channel) => apart(store, (other) => other.addToOutbox(rows, channel)) })) },
  'an outbox whose positions are not in the order of the commits': { flaws: { writesOutboxUnlocked: true } },
  'offsets that are committed before the events are handled': { broker: committingFirst },
  'marks that stand behind an event that is not settled': { store: (store) => changed(store, { raiseMarks: (marks) => store.raiseMarks(marks.map((mark) => ({ ...mark, nextOffset: mark.nextOffset + 1n }))) }) },
  'later events that do not wait behind a parked one': { store: (store) => changed(store, { waitingKeys: () => Promise.resolve(new Set()) }) },
  'parked events that are tried out of turn': { flaws: { triesOutOfTurn: true } },
  'a dead letter that the inbox does not know': { flaws: { buriesPastInbox: true } },
  'a position that is not moved with the records': { store: (store) => inTransactions(store, () => ({ movePosition: () => Promise.resolve() })) },
};

/** The same object with other methods. */
function changed<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(name in methods ? methods : target, name, name in methods ? methods : target);
      return typeof value === 'function' && !(name in methods) ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

function inTransactions(store: ServiceStore, methods: (transaction: StoreTransaction) => Partial<StoreTransaction>): ServiceStore {
  return changed(store, {
    begin: async () => {
      const transaction = await store.begin();
      return changed(transaction, methods(transaction));
    },
  });
}

const everyId: StoreTransaction['admitEvents'] = (events) => Promise.resolve(new Set(events.map(({ event }) => event.id)));

/** In a transaction of its own, at once. */
async function apart<R>(store: ServiceStore, work: (transaction: StoreTransaction) => Promise<R>): Promise<R> {
  const transaction = await store.begin();
  try {
    const result = await work(transaction);
    await transaction.commit();
    return result;
  } finally {
    await transaction.end();
  }
}

function withOneProducer(broker: Broker): Broker {
  let producer: Promise<BrokerProducer> | undefined;
  return changed(broker, { producer: (options) => (producer ??= broker.producer(options)) });
}

function committingFirst(broker: Broker): Broker {
  return changed(broker, {
    consumer: (options) =>
      broker.consumer({
        ...options,
        eachBatch: async (batch) => {
          await batch.commit((batch.records.at(-1)?.offset ?? -1n) + 1n).catch(() => undefined);
          await options.eachBatch(batch);
        },
      }),
  });
}
