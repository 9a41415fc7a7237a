/** Which of a list are chosen. `anchor` is where a range begins that is stretched with Shift. */
export interface Selection {
  ids: ReadonlySet<string>;
  anchor: string | null;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null };

/**
 * The selection with `id` the other way round. With `stretch`, all from the anchor to it, in the
 * list's order, become what it becomes; without an anchor in the list it is one like any other.
 */
export function toggled(
  selection: Selection,
  id: string,
  order: readonly string[],
  stretch = false,
): Selection {
  const chosen = !selection.ids.has(id);
  const ids = new Set(selection.ids);
  for (const each of stretch ? range(selection.anchor, id, order) : [id]) {
    if (chosen) ids.add(each);
    else ids.delete(each);
  }
  return { ids, anchor: id };
}

/** All of the list, or nothing when all of it was chosen. */
export function allToggled(selection: Selection, order: readonly string[]): Selection {
  return coverage(selection, order) === "all" ? NOTHING : { ids: new Set(order), anchor: null };
}

/** How much of the list is chosen. */
export function coverage(selection: Selection, order: readonly string[]): "none" | "some" | "all" {
  const count = chosenIn(selection, order).length;
  if (count === 0) return "none";
  return count === order.length ? "all" : "some";
}

/** The chosen ones that are still in the list, in its order. */
export function chosenIn(selection: Selection, order: readonly string[]): string[] {
  return order.filter((id) => selection.ids.has(id));
}

function range(anchor: string | null, id: string, order: readonly string[]): readonly string[] {
  const ends = [anchor ?? id, id].map((each) => order.indexOf(each)).sort((a, b) => a - b);
  const [from = -1, to = -1] = ends;
  return from < 0 ? [id] : order.slice(from, to + 1);
}
