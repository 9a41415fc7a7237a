/** What the engine found out about a target, read from the free-form `target.report`. */
export interface TargetReport {
  /** Row by row, 0 (nothing survives print and camera) to 1; null when the report has none. */
  heat: HeatMap | null;
  advice: Advice[];
  /** Smallest share of the picture's height the print may fill and still be found. */
  distanceMin: number | null;
  /** Largest angle from which it is found, degrees. */
  tiltMax: number | null;
  /** Lowest light in which it is found, 1 = full. */
  lightMin: number | null;
  /** Share of the picture that holds features, 0 to 1. */
  coverage: number | null;
}

export interface HeatMap {
  columns: number;
  rows: number;
  cells: number[];
}

/** The engine's advice, by the names of `ARV_ADVICE_*`, each with words in every language. */
export const ADVICE = [
  "little_texture",
  "uneven",
  "repetitive",
  "low_contrast",
  "not_from_far",
  "not_tilted",
  "small_image",
  "blur",
] as const;

export type Advice = (typeof ADVICE)[number];

/** The report, with null and empty for whatever an older or newer engine did not write. */
export function readReport(report: unknown): TargetReport {
  const found = isRecord(report) ? report : {};
  return {
    heat: readHeat(found.heat ?? found.heatmap ?? found.heat_map ?? found.grid),
    advice: readAdvice(found.advice),
    distanceMin: numberOrNull(found.distance_min),
    tiltMax: numberOrNull(found.tilt_max),
    lightMin: numberOrNull(found.light_min),
    coverage: numberOrNull(found.coverage),
  };
}

function readAdvice(advice: unknown): Advice[] {
  if (!Array.isArray(advice)) return [];
  const codes = advice.map((entry) => (isRecord(entry) ? entry.code : entry));
  return ADVICE.filter((known) => codes.includes(known));
}

/** Accepts rows of cells, or one flat list of a square grid; bytes or shares. */
function readHeat(heat: unknown): HeatMap | null {
  if (isRecord(heat)) return readHeat(heat.cells ?? heat.values ?? heat.rows);
  if (!Array.isArray(heat) || heat.length === 0) return null;
  const nested = Array.isArray(heat[0]);
  const cells = heat.flat().map(Number);
  const rows = nested ? heat.length : Math.round(Math.sqrt(cells.length));
  const columns = cells.length / rows;
  if (!Number.isInteger(columns) || cells.some((cell) => !Number.isFinite(cell))) return null;
  const top = cells.some((cell) => cell > 1) ? 255 : 1;
  return { columns, rows, cells: cells.map((cell) => cell / top) };
}

/** How good a score is, as a word. */
export type Verdict = "excellent" | "good" | "fair" | "weak";

export function verdictOf(score: number): Verdict {
  if (score >= 80) return "excellent";
  if (score >= 60) return "good";
  return score >= 40 ? "fair" : "weak";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
