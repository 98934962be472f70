import uPlot from "uplot";

import type { Tone } from "../curves/gauges";
import type { Line } from "../curves/lines";
import { formatLoss, formatShare, formatShortCount } from "../numbers/format";
import type { Mark } from "../run/run";
import { logarithmicTicks, lossRange, stepRange } from "./curves";
import type { Palette } from "./palette";
import { drawFork } from "./track";

/** What the chart shows and whom it tells. */
export interface ChartScene {
  lines: readonly Line[];
  logarithmic: boolean;
  palette: Palette;
  columns(width: number): uPlot.AlignedData;
  zoom(): { from: number; to: number } | null;
  /** How many steps a chart has room for at least: all that was guessed, or is expected. */
  horizon(): number;
  /** Whether only a guess can be on it, whose axes must stand still under the hand. */
  empty(): boolean;
  marks(): readonly Mark[];
  /** The step at which the loss was lost, and the column that it stands on. */
  broken(): number | null;
  /** The step that is read off by the keyboard. */
  reading(): number | null;
  onRead(step: number | null): void;
  onZoom(from: number, to: number): void;
}

const ARM = 5;
const NEAREST_DRAG = 8;
const MARK_SIGNS: Readonly<Record<Mark["kind"], string>> = {
  control: "◆",
  rewind: "⟲",
  fork: "",
  checkpoint: "",
  diverged: "",
  verdict: "△",
};
// Ticks on whole steps only: 1, 2, 5, 10, …
const STEPS = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power),
).flat();

/** The chart of the curves: uPlot with the page's axes, marks and colours. */
export class Chart {
  private readonly plot: uPlot;

  constructor(
    box: HTMLElement,
    private readonly scene: ChartScene,
    size: { width: number; height: number },
  ) {
    this.plot = new uPlot(options(scene, size), scene.columns(size.width), box);
  }

  draw(): void {
    this.plot.setData(this.scene.columns(this.plot.width));
  }

  destroy(): void {
    this.plot.destroy();
  }

  /** The step and the loss under a place of the page. */
  placeAt(clientX: number, clientY: number): { step: number; loss: number } {
    const box = this.plot.over.getBoundingClientRect();
    const x = Math.max(0, Math.min(box.width, clientX - box.left));
    const y = Math.max(0, Math.min(box.height, clientY - box.top));
    return { step: this.plot.posToVal(x, "x"), loss: this.plot.posToVal(y, "loss") };
  }

  /** The visible range of losses, lowest first. */
  get losses(): [number, number] {
    return [this.plot.scales["loss"]?.min ?? 0, this.plot.scales["loss"]?.max ?? 1];
  }
}

export function colourOf(tone: Tone, palette: Palette): string {
  return palette[tone];
}

function options(scene: ChartScene, size: { width: number; height: number }): uPlot.Options {
  const { logarithmic } = scene;
  const read = reader(scene);
  const accuracy = scene.lines.some((line) => line.gauge.share);
  return {
    ...size,
    legend: { show: false },
    padding: [8, accuracy ? 4 : 16, 0, 0],
    hooks: {
      draw: [(plot) => annotate(plot, scene)],
      setCursor: [read],
      setSelect: [(plot) => select(plot, scene)],
    },
    cursor: {
      drag: { x: true, y: false, setScale: false, dist: NEAREST_DRAG },
      points: { size: 6 },
      // The page resets the zoom itself, which uPlot would forget with the next point.
      bind: { dblclick: () => null },
    },
    scales: {
      x: { time: false, range: (_, low, high) => steps(scene, low, high) },
      loss: {
        distr: logarithmic ? 3 : 1,
        range: (_, low, high) => losses(scene, low, high),
      },
      accuracy: { range: [0, 1] },
    },
    axes: axesOf(scene, accuracy),
    series: [{}, ...scene.lines.map((line) => seriesOf(line, scene.palette))],
  };
}

function steps(scene: ChartScene, low: number | null, high: number | null): [number, number] {
  const zoom = scene.zoom();
  return zoom ? [zoom.from, zoom.to] : stepRange(low, high, scene.horizon());
}

function losses(scene: ChartScene, low: number | null, high: number | null): [number, number] {
  const [least, most] = scene.empty() ? [null, null] : [low, high];
  return lossRange(least, most, scene.logarithmic);
}

function seriesOf(line: Line, palette: Palette): uPlot.Series {
  const guess = line.owner === "guess";
  return {
    scale: line.gauge.share ? "accuracy" : "loss",
    stroke: guess ? palette.ink : colourOf(line.gauge.tone, palette),
    width: line.width,
    alpha: line.strength,
    dash: [...line.dash],
    cap: guess ? "round" : "butt",
    points: { show: false },
    spanGaps: true,
  };
}

function axesOf({ logarithmic, palette }: ChartScene, accuracy: boolean): uPlot.Axis[] {
  const grid = { stroke: palette.hairline, width: 1 };
  const axis = { stroke: palette.third, font: "12px system-ui", grid, ticks: { show: false } };
  const bottom: uPlot.Axis = {
    ...axis,
    size: 22,
    gap: 2,
    incrs: STEPS,
    values: (_, values) => values.map((value) => formatShortCount(value)),
  };
  const left: uPlot.Axis = {
    ...axis,
    scale: "loss",
    size: 52,
    gap: 4,
    space: 28,
    ...(logarithmic && {
      splits: (_, __, low, high) => logarithmicTicks(low, high),
      filter: (_, splits) => splits, // else all but powers of ten lose their figures
    }),
    values: (_, values) => values.map((value) => (value === null ? "" : formatLoss(value))),
  };
  const right: uPlot.Axis = {
    ...axis,
    scale: "accuracy",
    side: 1,
    size: 44,
    gap: 4,
    grid: { show: false },
    splits: () => [0, 0.5, 1],
    // Nought would stand in the last figure of the steps.
    values: (_, values) =>
      values.map((value) => (value ? formatShare(value).replace(".0", "") : "")),
  };
  return accuracy ? [bottom, left, right] : [bottom, left];
}

/** Tells what the pointer reads; without one it says so once, for the keyboard reads too. */
function reader(scene: ChartScene): (plot: uPlot) => void {
  let pointed = false;
  return (plot) => {
    const left = plot.cursor.left ?? -1;
    if (left >= 0) scene.onRead(plot.posToVal(left, "x"));
    else if (pointed) scene.onRead(null);
    pointed = left >= 0;
  };
}

function select(plot: uPlot, scene: ChartScene): void {
  const { left, width } = plot.select;
  if (width < NEAREST_DRAG) return;
  scene.onZoom(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** Marks along the upper edge, the step that is read, ✕ where the loss was lost. */
function annotate(plot: uPlot, scene: ChartScene): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = scene.palette.ink;
  ctx.font = `${10 * ratio}px system-ui`;
  ctx.textAlign = "center";
  for (const mark of scene.marks()) {
    if (!isVisible(plot, mark.step)) continue;
    const x = plot.valToPos(mark.step, "x", true);
    if (mark.kind === "fork") drawFork(ctx, { x, y: plot.bbox.top, ratio }, scene.palette);
    ctx.fillText(MARK_SIGNS[mark.kind], x, plot.bbox.top);
  }
  const reading = scene.reading();
  if (reading !== null && isVisible(plot, reading)) {
    ctx.fillRect(plot.valToPos(reading, "x", true), plot.bbox.top, ratio, plot.bbox.height);
  }
  const broken = scene.broken();
  if (broken !== null) drawBreak(plot, broken, scene);
  ctx.restore();
}

function isVisible(plot: uPlot, step: number): boolean {
  const { min = 0, max = 0 } = plot.scales["x"] ?? {};
  return step >= (min as number) && step <= (max as number);
}

/** ✕ where the loss was lost, at its last finite height. */
function drawBreak(plot: uPlot, step: number, { lines, palette }: ChartScene): void {
  const at = lines.findIndex((line) => line.owner === "own" && !line.gauge.share);
  const [first = 0, last = 0] = [plot.scales["x"]?.min, plot.scales["x"]?.max] as number[];
  const curve: (number | null | undefined)[] = [...(plot.data[at + 1] ?? [])];
  const height = curve.findLast((value) => value != null) ?? plot.scales["loss"]?.max ?? 1;
  const x = plot.valToPos(Math.max(first, Math.min(last, step)), "x", true);
  const y = plot.valToPos(height, "loss", true);
  const arm = ARM * devicePixelRatio;
  plot.ctx.strokeStyle = palette.bad;
  plot.ctx.lineWidth = 2 * devicePixelRatio;
  plot.ctx.beginPath();
  plot.ctx.moveTo(x - arm, y - arm);
  plot.ctx.lineTo(x + arm, y + arm);
  plot.ctx.moveTo(x + arm, y - arm);
  plot.ctx.lineTo(x - arm, y + arm);
  plot.ctx.stroke();
}
