import pg from 'pg';

/** Commits of one inserted row each second over so many connections at once, and the median and 99th of one of them; nothing of Millrace. */
export async function commitsAlone(databaseUrl: string, connections: number, seconds: number): Promise<{ perSecond: number; ms: number[] }> {
  const clients = await Promise.all(Array.from({ length: connections }, async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    return client;
  }));
  await clients[0]?.query('create table if not exists bench_commits (id integer)');
  const endMs = performance.now() + 1000 * seconds;
  const ms = (await Promise.all(clients.map((client) => commitsOf(client, endMs)))).flat();
  await Promise.all(clients.map((client) => client.end()));
  return { perSecond: ms.length / seconds, ms };
}

async function commitsOf(client: pg.Client, endMs: number): Promise<number[]> {
  const ms: number[] = [];
  while (performance.now() < endMs) {
    const startMs = performance.now();
    await client.query('insert into bench_commits values ($1)', [ms.length]);
    ms.push(performance.now() - startMs);
  }
  return ms;
}
