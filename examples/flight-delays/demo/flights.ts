import { fileURLToPath } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** One departure, as the airline's operations system would publish it. */
export interface Departure { flight_id: string; departed_at: string; origin: string; destination: string; distance_miles: number }
/** One outcome; it exists from `known_at` on, which is when the flight has landed and was reported. */
export interface Outcome { flight_id: string; origin: string; departed_at: string; known_at: string; delay_minutes: number }

/** The package exports code only, so its data file is found beside the code. */
const flightsFile = fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')));
const airports = ['ORD', 'ATL'];
const dayMs = 86_400_000;
const firstDayMs = Date.parse('2001-01-01T00:00:00Z');

/** ISO date of replay day `day` (0 = 1 January 2001). */
export function dateOf(day: number): string {
  return new Date(firstDayMs + day * dayMs).toISOString().slice(0, 10);
}

/**
 * The real flights that left two large airports, from the npm package vega-datasets (US Bureau of Transportation Statistics, 2001).
 * The file has no landing time: an outcome is taken to be known at departure + 35 min + distance / 7.5 miles per minute + delay.
 */
export class Flights {
  private readonly connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  static async open(): Promise<Flights> {
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
    await connection.run(`
      create table flights as
      select printf('F%07d', row_number() over (order by date, origin, destination, delay, distance)) as flight_id,
             date as departed_at, origin, destination, distance::double as distance_miles, delay::double as delay_minutes,
             date + to_microseconds(((35 + distance / 7.5 + delay) * 60000000)::bigint) as known_at
      from read_parquet('${flightsFile}')
      where origin in (${airports.map((airport) => `'${airport}'`).join(', ')}) and date < timestamp '2001-04-01'`);
    return new Flights(connection);
  }

  /** Departures of days [from, to), by time of departure. */
  departures(from: number, to: number): Promise<Departure[]> {
    return this.rows<Departure>(`${departureColumns} where departed_at >= timestamp '${dateOf(from)}' and departed_at < timestamp '${dateOf(to)}' order by departed_at, flight_id`);
  }

  /** Outcomes that became known on days [from, to), by the time they became known. */
  outcomes(from: number, to: number): Promise<Outcome[]> {
    return this.rows<Outcome>(`${outcomeColumns} where known_at >= timestamp '${dateOf(from)}' and known_at < timestamp '${dateOf(to)}' order by known_at, flight_id`);
  }

  /** Writes what was known before day `to` as two Parquet files, for loading in one go. */
  async writeFiles(to: number, departuresFile: string, outcomesFile: string): Promise<void> {
    await this.connection.run(`copy (select flight_id, departed_at, origin, destination, distance_miles from flights where departed_at < timestamp '${dateOf(to)}' order by departed_at, flight_id) to '${departuresFile}' (format parquet)`);
    await this.connection.run(`copy (select flight_id, origin, departed_at, known_at, delay_minutes from flights where known_at < timestamp '${dateOf(to)}' order by known_at, flight_id) to '${outcomesFile}' (format parquet)`);
  }

  private async rows<Row>(sql: string): Promise<Row[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];
  }
}

const iso = (column: string): string => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ') as ${column}`;
const departureColumns = `select flight_id, ${iso('departed_at')}, origin, destination, distance_miles from flights`;
const outcomeColumns = `select flight_id, origin, ${iso('departed_at')}, ${iso('known_at')}, delay_minutes from flights`;
