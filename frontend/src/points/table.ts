import { EXTENT } from "../painting/probes";
import { type DrawnPoint, MOST_CLASSES, MOST_POINTS, rounded, type Task } from "./drawn";

/** What is wrong with a table, in which of its rows. */
export interface TableFault {
  words: "tableColumns" | "tableNumber" | "tableFar" | "tableMany" | "tableClasses" | "tableEmpty";
  params: Record<string, string | number>;
}

export type Table = { points: DrawnPoint[]; task: Task } | { fault: TableFault };

/** Whether a file is named as a table is. */
export function isTableName(name: string): boolean {
  return /\.(csv|tsv)$/i.test(name);
}

/**
 * Points of a table `x, y, class`, with or without a head. Classes are numbers from 0 or words,
 * counted as they first come; numbers that are no whole ones are targets of a regression.
 */
export function readTable(text: string): Table {
  const rows = text
    .split(/\r?\n/)
    .map((line, index) => ({ row: index + 1, cells: cellsOf(line) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""));
  const [head] = rows;
  if (head && [0, 1].every((at) => !isNumber(head.cells[at]))) rows.shift();
  if (!rows.length) return { fault: { words: "tableEmpty", params: {} } };
  if (rows.length > MOST_POINTS) {
    const params = { count: rows.length, most: MOST_POINTS };
    return { fault: { words: "tableMany", params } };
  }
  for (const each of rows) {
    const fault = faultOf(each);
    if (fault) return { fault };
  }
  return labelled(rows.map(({ cells }) => cells));
}

function cellsOf(line: string): string[] {
  const separator = ["\t", ";", ","].find((sign) => line.includes(sign)) ?? /\s+/;
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell !== "" && Number.isFinite(Number(cell));
}

function faultOf({ row, cells }: { row: number; cells: string[] }): TableFault | null {
  if (cells.length !== 3 || cells[2] === "") {
    return { words: "tableColumns", params: { row, count: cells.length } };
  }
  for (const cell of cells.slice(0, 2)) {
    if (!isNumber(cell)) return { words: "tableNumber", params: { row, cell: cell.slice(0, 40) } };
    if (Math.abs(Number(cell)) > EXTENT) {
      return { words: "tableFar", params: { row, cell, least: -EXTENT, most: EXTENT } };
    }
  }
  return null;
}

function labelled(rows: readonly string[][]): Table {
  const words = rows.map((cells) => cells[2] ?? "");
  const values = words.map(Number);
  if (values.every(Number.isFinite) && !values.every(isClass)) {
    return { points: rows.map((cells, at) => point(cells, values[at] ?? 0)), task: "regression" };
  }
  const names = [...new Set(words)];
  const counted = values.every(isClass);
  if (!counted && names.length > MOST_CLASSES) {
    const params = { count: names.length, most: MOST_CLASSES };
    return { fault: { words: "tableClasses", params } };
  }
  const label = (word: string): number => (counted ? Number(word) : names.indexOf(word));
  const points = rows.map((cells, at) => point(cells, label(words[at] ?? "")));
  return { points, task: "classification" };
}

function isClass(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < MOST_CLASSES;
}

function point([x, y]: readonly string[], label: number): DrawnPoint {
  return [rounded(Number(x)), rounded(Number(y)), label];
}
