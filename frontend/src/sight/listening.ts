import type { Layout } from "../layout/layout";
import { Finger, listenTouch } from "./finger";
import type { Pointing } from "./pointing";
import type { Position } from "./place";

/** The finger that points at the sheet of the network; a tap pins what it hits. */
export function fingerOf(
  sheet: () => Element | undefined,
  pointing: Pointing,
  layout: () => Layout | null,
): Finger {
  const within = (at: Position): Position => {
    const box = sheet()?.getBoundingClientRect();
    return { x: at.x - (box?.left ?? 0), y: at.y - (box?.top ?? 0) };
  };
  const point = (at: Position): void => {
    const placed = layout();
    if (placed) pointing.move(placed, within(at));
  };
  return new Finger({
    point,
    tap(at) {
      const placed = layout();
      point(at);
      if (placed) pointing.press(placed, within(at), false);
      pointing.release();
    },
    leave: () => pointing.leave(),
  });
}

/** Gives what a pointer does on the sheet of the network to the pointing, and touches to `finger`. */
export function listen(
  sheet: HTMLElement,
  pointing: Pointing,
  layout: () => Layout | null,
  finger: Finger,
): () => void {
  const position = (event: PointerEvent): Position => {
    const box = sheet.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const isTouch = (event: PointerEvent): boolean => event.pointerType === "touch";
  const move = (event: PointerEvent): void => {
    const placed = layout();
    if (placed && !isTouch(event)) pointing.move(placed, position(event));
  };
  const press = (event: PointerEvent): void => {
    const placed = layout();
    if (!placed || event.button !== 0 || isTouch(event)) return;
    pointing.move(placed, position(event));
    if (pointing.press(placed, position(event), event.altKey)) event.preventDefault();
  };
  const release = (event: PointerEvent): void => void (isTouch(event) || pointing.release());
  const leave = (event: PointerEvent): void => void (isTouch(event) || pointing.leave());
  const unlisten = listenTouch(sheet, finger);
  sheet.addEventListener("pointermove", move);
  sheet.addEventListener("pointerdown", press);
  sheet.addEventListener("pointerleave", leave);
  window.addEventListener("pointerup", release);
  return () => {
    unlisten();
    sheet.removeEventListener("pointermove", move);
    sheet.removeEventListener("pointerdown", press);
    sheet.removeEventListener("pointerleave", leave);
    window.removeEventListener("pointerup", release);
  };
}
