import { FindOperator } from 'typeorm';
import type { EntityMetadata, FindManyOptions, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** SQL with its parameters. */
export interface Statement {
  text: string;
  values: unknown[];
}

const made = new WeakMap<EntityMetadata, RowStatements | null>();

/** Statements over one row class for what most use cases ask: by equality or `In`, whole rows. TypeORM's builders take longer for these than Postgres does; all else is theirs. */
export class RowStatements<R extends ObjectLiteral = ObjectLiteral> {
  readonly #columns = new Map<string, ColumnMetadata>();
  readonly #table: string;
  readonly #select: string;
  readonly #insert: string;
  readonly #upsert: string;

  private constructor(private readonly metadata: EntityMetadata) {
    const { columns, primaryColumns } = metadata;
    for (const column of columns) this.#columns.set(column.propertyName, column);
    this.#table = metadata.tablePath.split('.').map(quoted).join('.');
    this.#select = `select ${columns.map((column) => `${nameOf(column)} as ${quoted(column.propertyName)}`).join(', ')} from ${this.#table}`;
    this.#insert = `insert into ${this.#table} (${columns.map(nameOf).join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`;
    const others = columns.filter(({ isPrimary }) => !isPrimary);
    const change = others.length === 0 ? 'nothing' : `update set ${others.map((column) => `${nameOf(column)} = excluded.${nameOf(column)}`).join(', ')}`;
    this.#upsert = `${this.#insert} on conflict (${primaryColumns.map(nameOf).join(', ')}) do ${change}`;
  }

  /** Null for a class with more than plain columns. */
  static of<R extends ObjectLiteral>(metadata: EntityMetadata): RowStatements<R> | null {
    const known = made.get(metadata);
    if (known !== undefined) return known as RowStatements<R> | null;
    const statements = isPlain(metadata) ? new RowStatements(metadata) : null;
    made.set(metadata, statements);
    return statements as RowStatements<R> | null;
  }

  /** Undefined when the conditions are more than that. */
  select({ where = {}, order = {}, take, ...others }: FindManyOptions<R>, lock = ''): Statement | undefined {
    const conditions = this.#conditions(where);
    const orders = Object.entries(order).map(([property, direction]) => this.#order(property, direction));
    if (!conditions || Object.keys(others).length > 0 || orders.includes(undefined)) return undefined;
    const tail = [orders.length > 0 ? ` order by ${orders.join(', ')}` : '', take === undefined ? '' : ` limit ${take}`, lock].join('');
    return { text: `${this.#select}${conditions.text}${tail}`, values: conditions.values };
  }

  /** Undefined without conditions, and when they are more than that. */
  remove(where: FindOptionsWhere<R>): Statement | undefined {
    const conditions = this.#conditions(where);
    return conditions && conditions.values.length > 0 ? { text: `delete from ${this.#table}${conditions.text}`, values: conditions.values } : undefined;
  }

  /** Undefined for a row in which something is left to its default. */
  write(row: R, verb: 'insert' | 'upsert'): Statement | undefined {
    const values = this.metadata.columns.map((column) => this.#stored(column, row[column.propertyName]));
    return values.includes(undefined) ? undefined : { text: verb === 'insert' ? this.#insert : this.#upsert, values };
  }

  /** A row as Postgres gave it. */
  toRow(raw: ObjectLiteral): R {
    const row: ObjectLiteral = new (this.metadata.target as new () => R)();
    for (const [property, column] of this.#columns) row[property] = this.metadata.connection.driver.prepareHydratedValue(raw[property], column);
    return row as R;
  }

  #stored(column: ColumnMetadata, value: unknown): unknown {
    return value === undefined ? undefined : (this.metadata.connection.driver.preparePersistentValue(value, column) as unknown);
  }

  #order(property: string, direction: unknown): string | undefined {
    const column = this.#columns.get(property);
    return column && (direction === 'ASC' || direction === 'DESC') ? `${nameOf(column)} ${direction}` : undefined;
  }

  #conditions(where: FindManyOptions<R>['where']): Statement | undefined {
    const values: unknown[] = [];
    const texts: string[] = [];
    for (const [property, wanted] of Object.entries(where ?? {})) {
      const column = this.#columns.get(property);
      const list = listOf(wanted);
      if (!column || !(list ?? [wanted]).every(isScalar)) return undefined;
      values.push(list ? list.map((one) => this.#stored(column, one)) : this.#stored(column, wanted));
      texts.push(list ? `${nameOf(column)} = any($${values.length})` : `${nameOf(column)} = $${values.length}`);
    }
    return Array.isArray(where) ? undefined : { text: texts.length > 0 ? ` where ${texts.join(' and ')}` : '', values };
  }
}

function isPlain({ columns, primaryColumns, relations, embeddeds, inheritanceTree }: EntityMetadata): boolean {
  const isSimple = (column: ColumnMetadata): boolean =>
    !column.isGenerated && !column.isVirtual && !column.isVirtualProperty && !column.isVersion && !column.isCreateDate && !column.isUpdateDate && !column.isDeleteDate && !column.isDiscriminator && !column.transformer && column.isSelect && column.isInsert && column.isUpdate;
  return primaryColumns.length > 0 && relations.length === 0 && embeddeds.length === 0 && inheritanceTree.length === 1 && columns.every(isSimple);
}

/** Of TypeORM's `In`. */
function listOf(wanted: unknown): readonly unknown[] | undefined {
  return wanted instanceof FindOperator && wanted.type === 'in' ? (wanted.value as readonly unknown[]) : undefined;
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) || value instanceof Date;
}

function nameOf({ databaseName }: ColumnMetadata): string {
  return quoted(databaseName);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
